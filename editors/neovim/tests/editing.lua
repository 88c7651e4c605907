-- What the server does for editing, in the real editor.
local h = require('harness')

local project = vim.env.TULE_PROJECT

---@return Editor
local function open(file)
  local editor = h.start({ args = { file } })
  editor:wait_server()
  return editor
end

local function on(file, act)
  return function()
    local editor = open(file)
    local ok, why = xpcall(act, debug.traceback, editor)
    editor:stop()
    if not ok then
      error(why, 0)
    end
  end
end

return {
  {
    'a file has its type, its comments and its server',
    on('queries/calls.tule', function(editor)
      h.equal(editor:lua('return vim.bo.filetype'), 'tule')
      h.equal(editor:lua('return vim.bo.commentstring'), '-- %s')
      h.equal(
        editor:lua("return vim.lsp.get_clients({ name = 'tule' })[1].config.root_dir"),
        vim.uv.fs_realpath(project)
      )
      h.equal(editor:lua('return vim.lsp.commands["tule.run"] == nil'), true)
      editor:keys('gcc')
      editor:wait("vim.fn.getline(1) == 'The latest calls of one beat, since a day.'", 'gcc')
    end),
  },
  {
    'a wrong column is shown where it stands',
    on('queries/bad.tule', function(editor)
      local found = editor:wait('(vim.diagnostic.get(0))[1]', 'a diagnostic')
      h.equal({ found.code, found.lnum, found.col, found.severity }, { 'unknown-column', 1, 7, 1 })
      h.has(found.message, 'no column `call_type_fina_d`')
      h.equal(editor:lua('return #vim.diagnostic.get(0)'), 1)
    end),
  },
  {
    'a fix is applied',
    on('queries/bad.tule', function(editor)
      editor:wait('(vim.diagnostic.get(0))[1]', 'a diagnostic')
      editor:at('call_type_fina_d,')
      editor:keys(':lua vim.lsp.buf.code_action()<CR>')
      editor:wait_prompt('code actions')
      editor:keys('1<CR>')
      editor:wait("vim.fn.getline(2):find('call_type_final_d,', 1, true)", 'the fix')
    end),
  },
  {
    'a column is completed while it is typed',
    on('queries/calls.tule', function(editor)
      -- The only column that begins so is put in at once; where there are more, a menu is shown.
      editor:keys('Gofrom police_calls select first_cr<C-x><C-o>')
      editor:wait(
        "vim.fn.getline('.') == 'from police_calls select first_cross_street'",
        'the column'
      )
      editor:keys(', call_ty<C-x><C-o>')
      editor:wait('vim.fn.pumvisible() == 1', 'the menu')
      local words = editor:lua([[return vim.tbl_map(function(item)
        return item.word
      end, vim.fn.complete_info().items)]])
      table.sort(words)
      h.equal(words, { 'call_type_final', 'call_type_final_d', 'call_type_orig' })
    end),
  },
  {
    'a column is explained',
    on('queries/calls.tule', function(editor)
      editor:at('call_type_final_d')
      editor:keys('K')
      local text = editor:float('a hover')
      h.has(text, 'The final type in words')
    end),
  },
  {
    'a query is laid out',
    on('queries/calls.tule', function(editor)
      editor:keys('Gofrom   police_calls select   beat limit   5;<Esc>')
      editor:wait("vim.fn.getline('$'):find('limit   5', 1, true)")
      editor:wait("vim.api.nvim_get_mode().mode == 'n'", 'normal mode')
      editor:lua('vim.lsp.buf.format()')
      h.equal(editor:lines()[#editor:lines()], 'from police_calls select beat limit 5;')
    end),
  },
  {
    'an alias is renamed everywhere',
    on('queries/calls.tule', function(editor)
      h.equal(editor:lua([[return vim.fn.search('as \\zsn$')]]) > 0, true)
      editor:lua("vim.lsp.buf.rename('calls')")
      editor:wait("vim.fn.search('count(\\\\*) as calls', 'nw') > 0", 'the alias')
      editor:wait("vim.fn.search('order by calls desc', 'nw') > 0", 'its use')
    end),
  },
  {
    'hints stand in the line once they are asked for',
    on('queries/bad.tule', function(editor)
      editor:lua(
        'vim.api.nvim_buf_set_lines(0, 0, -1, false, { "from police_calls select count(*);" })'
      )
      editor:lua('vim.lsp.inlay_hint.enable(true)')
      editor:wait('#vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0', 'hints')
    end),
  },
}
