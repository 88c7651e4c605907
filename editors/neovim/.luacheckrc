std = 'luajit'
read_globals = { 'vim' }
globals = { 'vim.g', 'vim.b', 'vim.bo', 'vim.wo', 'vim.opt_local', 'vim.ui.input' }
max_line_length = 100
