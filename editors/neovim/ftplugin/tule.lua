-- What holds in every buffer with Tule queries; the language server is started here.
if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = 1

vim.bo.commentstring = '-- %s'
vim.bo.comments = 's1:/*,mb:*,ex:*/,:--'
vim.bo.expandtab = true
vim.bo.shiftwidth = 2
vim.bo.softtabstop = 2
vim.opt_local.formatoptions:remove('t')
vim.opt_local.formatoptions:append('croql')
-- A name may begin with `:` (system columns), `@` (tables) or `$` (parameters).
vim.opt_local.iskeyword:append({ '$', '@-@' })
vim.bo.suffixesadd = '.tule'
vim.b.undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop<'
  .. ' formatoptions< iskeyword< suffixesadd<'
  .. [[ | lua require('tule.lsp').detach(0)]]

require('tule.lsp').attach(vim.api.nvim_get_current_buf())
