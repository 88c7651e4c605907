-- How the plugin comes to an editor, and what it says of itself.
local h = require('harness')

local project = vim.env.TULE_PROJECT
local program = vim.env.TULE_BIN

---@param options table
---@param act fun(editor: Editor)
local function with(options, act)
  return function()
    local editor = h.start(options)
    local ok, why = xpcall(act, debug.traceback, editor)
    editor:stop()
    if not ok then
      error(why, 0)
    end
  end
end

---A package path with the plugin as a package of Neovim's own.
---@param kind 'start'|'opt'
local function site(kind)
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder .. '/pack/tule/' .. kind, 'p')
  vim.uv.fs_symlink(h.plugin, ('%s/pack/tule/%s/tule'):format(folder, kind))
  return { '--cmd', 'set rtp-=' .. h.plugin .. ' packpath^=' .. folder }
end

local loaded = [[vim.tbl_filter(function(name)
  return vim.startswith(name, 'tule')
end, vim.tbl_keys(package.loaded))]]

---The report of `:checkhealth tule`.
local function health(editor)
  editor:cmd('checkhealth tule')
  editor:wait("vim.bo.filetype == 'checkhealth'", 'the report')
  return editor:text()
end

return {
  {
    'nothing is loaded, and no mapping made, before it is needed',
    with({}, function(editor)
      h.equal(editor:lua('return ' .. loaded), {})
      h.equal(editor:lua("return vim.fn.exists(':Tule')"), 2)
      h.equal(editor:lua("return vim.fn.maparg('<Plug>(tule-run)', 'n')"), '<Cmd>Tule run<CR>')
      editor:cmd('edit queries/calls.tule')
      editor:wait_server()
      local maps = editor:lua([[return vim.tbl_map(function(map)
        return map.rhs or ''
      end, vim.api.nvim_buf_get_keymap(0, 'n'))]])
      for _, map in ipairs(maps) do
        assert(not map:find('Tule'), map)
      end
    end),
  },
  {
    'it works as a package that is there at the start',
    with({ args = vim.list_extend(site('start'), { 'queries/bad.tule' }) }, function(editor)
      editor:wait_server()
      editor:wait('(vim.diagnostic.get(0))[1]', 'a diagnostic')
    end),
  },
  {
    'it works as a package that is added later',
    with({ args = site('opt') }, function(editor)
      h.equal(editor:lua("return vim.fn.exists(':Tule')"), 0)
      editor:cmd('packadd tule')
      editor:cmd('edit queries/bad.tule')
      editor:wait_server()
      editor:wait('(vim.diagnostic.get(0))[1]', 'a diagnostic')
    end),
  },
  {
    'a second file has the same server; the type of a file can be undone',
    with({ args = { 'queries/bad.tule' } }, function(editor)
      editor:wait_server()
      editor:cmd('edit queries/calls.tule')
      editor:wait_server()
      h.equal(editor:lua("return #vim.lsp.get_clients({ name = 'tule' })"), 1)
      h.equal(
        editor:lua(
          "return vim.api.nvim_get_autocmds({ group = 'tule.buffer.' .. vim.fn.bufnr() }) ~= nil"
        ),
        true
      )
      editor:cmd('setfiletype text')
      editor:cmd('set filetype=text')
      h.equal(editor:lua('return vim.bo.commentstring') ~= '-- %s', true)
    end),
  },
  {
    'the server can be left to others',
    with({ args = { 'queries/bad.tule' }, settings = '{ lsp = false }' }, function(editor)
      vim.wait(300)
      h.equal(editor:lua("return #vim.lsp.get_clients({ name = 'tule' })"), 0)
      editor:keys(':Tule run<CR>')
      editor:wait_message('no language server here')
    end),
  },
  {
    'unknown words are named',
    with({ args = { 'queries/bad.tule' } }, function(editor)
      editor:wait_server()
      editor:keys(':Tule rum<CR>')
      editor:wait_message('no `:Tule rum`; there are cancel, card')
      editor:keys(':Tule<CR>')
      editor:wait_message('write what to do: cancel')
      editor:keys(':Tule plan now<CR>')
      editor:wait_message('`:Tule plan` takes no `now`')
      local words = editor:lua("return vim.fn.getcompletion('Tule ', 'cmdline')")
      assert(#words >= 15 and vim.tbl_contains(words, 'login'), vim.inspect(words))
    end),
  },
  {
    'the report finds the program, the project, its lock and the server',
    with({ args = { 'queries/bad.tule' } }, function(editor)
      editor:wait_server()
      local report = health(editor)
      h.has(report, '(' .. vim.fn.exepath(program) .. ')')
      h.has(report, 'OK tule ')
      h.has(report, 'project: ' .. vim.uv.fs_realpath(project) .. '/tule.toml')
      h.has(report, 'lock file: written today')
      h.has(report, 'language server tule')
      assert(not report:find('ERROR') and not report:find('WARNING'), report)
    end),
  },
  {
    'the report says what is missing',
    with({
      cwd = '/',
      settings = '{ cmd = { "no-such-program" }, page = 3 }',
    }, function(editor)
      local report = health(editor)
      h.has(report, 'ERROR `no-such-program` is not on the path')
      h.has(report, 'ERROR `page` is no setting')
      h.has(report, 'WARNING no `tule.toml` in /')
    end),
  },
  {
    'every tag of the help leads to its place',
    function()
      local folder = vim.fn.tempname()
      vim.fn.mkdir(folder .. '/doc', 'p')
      vim.uv.fs_copyfile(h.plugin .. '/doc/tule.txt', folder .. '/doc/tule.txt')
      vim.cmd.helptags(folder .. '/doc')
      local tags = vim.fn.readfile(folder .. '/doc/tags')
      assert(#tags > 40, #tags)
      local text = table.concat(vim.fn.readfile(folder .. '/doc/tule.txt'), '\n')
      local known = {}
      for _, line in ipairs(tags) do
        known[line:match('^[^\t]+')] = true
      end
      for link in text:gmatch('|(tule[%w-]+)|') do
        assert(known[link], link .. ' leads nowhere')
      end
      vim.opt.runtimepath:prepend(folder)
      for _, tag in ipairs({ 'tule', ':Tule', ':TuleExport', 'tule-rows', 'g:tule' }) do
        vim.cmd.help(tag)
        assert(vim.api.nvim_get_current_line():find('*' .. tag .. '*', 1, true), tag)
      end
      -- Every subcommand is explained.
      local command = require('tule.command')
      for _, word in ipairs(command.complete('', 'Tule ', 5)) do
        h.has(text, '\n    ' .. word)
      end
    end,
  },
  {
    'a token is asked for by the program, in a terminal',
    with({ args = { 'queries/bad.tule' } }, function(editor)
      editor:wait_server()
      editor:keys(':Tule login 127.0.0.1<CR>')
      editor:wait("vim.bo.buftype == 'terminal'", 'a terminal')
      editor:wait(
        "vim.fn.join(vim.fn.getline(1, '$')):find('app token for 127.0.0.1', 1, true)",
        'the question'
      )
    end),
  },
  {
    'the log is opened, and schemas are read again',
    with({ args = { 'queries/bad.tule' } }, function(editor)
      editor:wait_server()
      editor:keys(':Tule reload<CR>')
      editor:wait_message('read `tule.toml` and `tule.lock` again')
      editor:keys(':Tule log<CR>')
      editor:wait("vim.fn.expand('%:t') == 'lsp.log'", 'the log')
    end),
  },
  {
    'schemas are fetched anew',
    with({ args = { 'queries/bad.tule' } }, function(editor)
      editor:wait_server()
      editor:keys(':Tule refresh<CR>')
      editor:wait_message('schemas fetched; nothing changed')
    end),
  },
}
