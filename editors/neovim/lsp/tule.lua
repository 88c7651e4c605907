-- The configuration `tule` of `vim.lsp.config` (Neovim 0.11 and later). What is set by
-- `vim.lsp.config('tule', { … })` is merged over it.
return require('tule.lsp').configuration()
