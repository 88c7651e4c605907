-- Running queries against a portal, and everything that is done with their rows.
local h = require('harness')

local project = vim.env.TULE_PROJECT

---@param act fun(editor: Editor)
local function on(file, act, settings)
  return function()
    local editor = h.start({ args = { file }, settings = settings })
    local ok, why = xpcall(function()
      editor:wait_server()
      act(editor)
    end, debug.traceback)
    editor:stop()
    if not ok then
      error(why, 0)
    end
  end
end

---The window with the rows becomes the current one.
local function enter(editor, buf)
  editor:lua('vim.api.nvim_set_current_win(vim.fn.bufwinid(...))', buf)
end

local function line_with(editor, buf, wanted)
  for number, line in ipairs(editor:lines(buf)) do
    if line:find(wanted, 1, true) then
      return line, number
    end
  end
  error('no line with `' .. wanted .. '` in:\n' .. editor:text(buf), 2)
end

local small = ('{ cmd = { %q }, results = { page = 400 } }'):format(vim.env.TULE_BIN)

return {
  {
    'a parameter without a value is asked for, and its rows are shown',
    on('queries/calls.tule', function(editor)
      editor:at('select call_entry_date')
      editor:keys(':Tule run<CR>')
      editor:wait_prompt('beat (text)')
      editor:keys('C1<CR>')
      local rows = editor:rows('calls_since (beat=C1): 100 rows')
      h.has(line_with(editor, rows, 'call_entry_date'), '│ call_type_final_d')
      assert(line_with(editor, rows, 'rows 1–100 of 100'):find('%d m?s · '))
      assert(not editor:text(rows):find('CUT'), 'LIMIT was written')
      h.equal(editor:lua('return vim.bo.filetype'), 'tule')
      h.equal(#editor:lua('return vim.api.nvim_list_wins()'), 2)
    end),
  },
  {
    'values are given with the command, completed, and kept for the next time',
    on('queries/calls.tule', function(editor)
      editor:at('select call_entry_date')
      h.equal(editor:lua("return vim.fn.getcompletion('Tule ru', 'cmdline')"), { 'run' })
      h.equal(
        editor:lua("return vim.fn.getcompletion('Tule run ', 'cmdline')"),
        { 'beat=', 'since=' }
      )
      editor:keys(':Tule run beat=C2 since=2025-06-01<CR>')
      editor:rows('calls_since (beat=C2, since=2025-06-01): 100 rows')
      editor:keys(':Tule run<CR>')
      editor:wait_prompt('beat')
      editor:keys('<CR>')
      editor:rows('calls_since (beat=C2): 100 rows')
    end),
  },
  {
    'every value is asked for with `!`, and an empty one keeps the default',
    on('queries/calls.tule', function(editor)
      editor:at('select call_entry_date')
      editor:keys(':Tule! run<CR>')
      editor:wait_prompt('since')
      editor:keys('<CR>')
      editor:wait_prompt('beat')
      editor:keys('C3<CR>')
      editor:rows('calls_since (beat=C3): 100 rows')
    end),
  },
  {
    'without an answer nothing runs; a name that is no parameter is named',
    on('queries/calls.tule', function(editor)
      editor:at('select call_entry_date')
      editor:keys(':Tule run<CR>')
      editor:wait_prompt('beat')
      editor:keys('<Esc>')
      editor:wait_message('not run: no value for `beat`')
      editor:keys(':Tule run beet=C1<CR>')
      editor:wait_message('no parameter `beet`')
      editor:keys(':Tule run C1<CR>')
      editor:wait_message('write name=value')
      h.equal(#editor:lua('return vim.api.nvim_list_wins()'), 1)
    end),
  },
  {
    'a result that the portal cut says so, and is turned page by page',
    on('queries/calls.tule', function(editor)
      editor:at('call_no, priority')
      editor:keys(':Tule run<CR>')
      local rows = editor:rows('1,000 rows')
      h.has(editor:lines(rows)[2], 'CUT at 1,000 rows: no LIMIT was written')
      line_with(editor, rows, 'rows 1–400 of 1,000, page 1 of 3')
      enter(editor, rows)
      editor:keys(']]')
      editor:rows('rows 401–800 of 1,000, page 2 of 3')
      editor:keys('5]]')
      editor:rows('rows 801–1,000 of 1,000, page 3 of 3')
      editor:keys('[[')
      editor:rows('page 2 of 3')
      h.has(editor:lua('return vim.wo.statusline'), 'CUT')
      editor:keys('<C-f>')
      h.has(editor:wait("vim.wo.winbar ~= '' and vim.wo.winbar", 'the heading above'), 'call_no')
      editor:keys('gg')
      editor:wait("vim.wo.winbar == ''", 'no heading above')
    end, small),
  },
  {
    'a column sorts the rows, and the footer says that it was done here',
    on('queries/calls.tule', function(editor)
      editor:at('count(*) as n')
      editor:keys(':Tule run<CR>')
      local rows = editor:rows('beat')
      local _, first = line_with(editor, rows, '───')
      local function column(place)
        local found = {}
        for number, line in ipairs(editor:lines(rows)) do
          if number > first then
            local cells = vim.split(line, '│')
            found[#found + 1] = cells[2] and vim.trim(cells[place]) or nil
          end
        end
        return found
      end
      local numbers = vim.tbl_map(tonumber, column(2))
      enter(editor, rows)
      editor:keys('<Tab>s')
      editor:rows('sorted here by n, ascending')
      table.sort(numbers)
      h.equal(vim.tbl_map(tonumber, column(2)), numbers)
      h.has(line_with(editor, rows, 'beat'), 'n ▲')
      editor:keys('s')
      editor:rows('sorted here by n, descending')
      h.equal(tonumber(column(2)[1]), numbers[#numbers])
      editor:keys('<S-Tab>s')
      editor:rows('sorted here by beat, ascending')
      editor:keys('ss')
      editor:wait(
        "not vim.fn.join(vim.fn.getline(1, '$')):find('sorted')",
        'the order of the portal'
      )
    end),
  },
  {
    'hostile values are shown and not obeyed',
    on('queries/calls.tule', function(editor)
      editor:at('from hostile')
      editor:keys(':Tule run<CR>')
      local rows = editor:rows('11 rows')
      h.has(editor:text(rows), '␛[31mred␛[0m␇')
      h.has(editor:text(rows), 'two␊lines␉and a tab')
      h.has(editor:text(rows), '�gnirts�')
      for _, line in ipairs(editor:lines(rows)) do
        assert(not line:find('[%z\1-\31\127]'), line)
      end
      enter(editor, rows)
      local _, evil = line_with(editor, rows, '%{system(')
      editor:cmd(tostring(evil))
      editor:keys('<Tab>K')
      editor:wait(
        "(vim.api.nvim_win_get_config(vim.fn.win_getid(vim.fn.winnr('$'))).relative ~= '')",
        'the row'
      )
      editor:keys('gy')
      editor:wait([[vim.fn.getreg('"') == "%{system('touch pwned')}%#Error#"]], 'the copy')
      -- The heading goes into 'winbar', where `%{…}` would be evaluated.
      editor:lua(
        [[local results = require('tule.results')
        local view = results.of(...)
        local result = results.current(view)
        result.columns[1].name = "%{execute('let g:pwned = 1')}%#Error#"
        for row = 1, 60 do
          result.rows[#result.rows + 1] = { tostring(row), 'x', vim.NIL }
          result.order[#result.order + 1] = #result.rows
        end
        results.render(view)
        vim.cmd('normal! G')
        vim.cmd.redraw()]],
        rows
      )
      h.has(editor:wait("vim.wo.winbar ~= '' and vim.wo.winbar", 'the heading above'), '%%{execute')
      h.equal(editor:lua('return vim.g.pwned == nil'), true)
      h.equal(vim.uv.fs_stat(project .. '/pwned'), nil)
      -- Exact where doubles are not.
      editor:cmd('3')
      editor:keys('gg3j0s')
      editor:rows('ascending')
      local one, two = editor:text(rows):find('0000001'), editor:text(rows):find('0000002')
      assert(one < two, 'sorted as numbers')
    end),
  },
  {
    'rows are written into a file, whole, and never over one that is there',
    on('queries/calls.tule', function(editor)
      local path = vim.fn.tempname() .. '.csv'
      editor:at('select call_entry_date')
      editor:keys((':TuleExport %s beat=C1<CR>'):format(path))
      editor:wait_message('100 rows, ')
      local lines = vim.fn.readfile(path)
      h.equal(#lines, 101)
      h.equal(vim.trim(lines[1]), 'call_entry_date,call_type_final_d,first_cross_street')
      editor:keys((':TuleExport %s beat=C1<CR>'):format(path))
      editor:wait_message('exists; add `!` to replace it')
      editor:keys(':Tule export rows.docx beat=C1<CR>')
      editor:wait_message('the form of the rows is the ending of the file')
      -- From the rows: the statement and the values that they came from.
      editor:keys(':Tule run beat=C2<CR>')
      local rows = editor:rows('beat=C2')
      enter(editor, rows)
      local json = vim.fn.tempname() .. '.json'
      editor:keys('x')
      editor:wait_prompt('File')
      editor:keys(json .. '<CR>')
      vim.wait(10000, function()
        return vim.uv.fs_stat(json) ~= nil
      end, 20)
      h.equal(#vim.json.decode(table.concat(vim.fn.readfile(json), '\n')), 100)
    end),
  },
  {
    'results are kept, closed, opened again, and run again from their place',
    on('queries/calls.tule', function(editor)
      editor:at('select call_entry_date')
      editor:keys(':Tule run beat=C1<CR>')
      editor:rows('beat=C1')
      editor:keys(':Tule run beat=C2<CR>')
      local rows = editor:rows('beat=C2')
      enter(editor, rows)
      editor:keys('<lt>')
      editor:rows('beat=C1')
      editor:keys('>')
      editor:rows('beat=C2')
      editor:keys('q')
      editor:wait('#vim.api.nvim_list_wins() == 1', 'one window')
      -- The text above moves the statement; it is found all the same.
      editor:lua("vim.api.nvim_buf_set_lines(0, 0, 0, false, { '-- one', '-- two', '' })")
      editor:keys(':Tule results<CR>')
      editor:wait("vim.bo.filetype == 'tuleresult'", 'the rows')
      editor:keys('r')
      editor:wait("#require('tule.results').of(vim.fn.bufnr()).history == 3", 'a third result')
      editor:rows('beat=C2')
    end),
  },
  {
    'a range runs the statements in it',
    on('queries/calls.tule', function(editor)
      editor:at('from hostile')
      local from = editor:lua('return vim.fn.line(".")')
      editor:keys((':%d,$Tule run<CR>'):format(from))
      local rows = editor:rows('query of line 16: 20 rows')
      editor:wait(("#require('tule.results').of(%d).history == 2"):format(rows), 'two results')
    end),
  },
  {
    'a run is ended when it is told to',
    on('queries/all.tule', function(editor)
      editor:keys(':Tule run<CR>')
      editor:rows('(<C-c> or `:Tule cancel` ends it)')
      editor:keys(':Tule cancel<CR>')
      editor:rows(' cancelled')
      editor:keys(':Tule cancel<CR>')
      editor:wait_message('nothing runs')
      editor:keys(':Tule run<CR>')
      local rows = editor:rows('(<C-c> or `:Tule cancel` ends it)')
      enter(editor, rows)
      -- Whether the key is mapped here is looked up when the editor has handled another one.
      editor:keys(':let g:went = 1<CR>')
      editor:wait('vim.g.went == 1', 'the window')
      editor:keys('<C-c>')
      editor:rows(' cancelled')
    end),
  },
  {
    'a value that does not fit is refused in the place of the rows',
    on('queries/calls.tule', function(editor)
      editor:at('select call_entry_date')
      editor:keys(':Tule run beat=C1 since=yesterday<CR>')
      editor:rows('yesterday')
      editor:wait_message('yesterday')
    end),
  },
  {
    'a lens is shown and runs its statement',
    on('queries/calls.tule', function(editor)
      editor:at('from hostile')
      local lenses = editor:wait(
        [[#vim.lsp.codelens.get(0) > 0 and vim.tbl_map(function(lens)
          return lens.command.command
        end, vim.lsp.codelens.get(0))]],
        'lenses'
      )
      assert(vim.tbl_contains(lenses, 'tule.run'), vim.inspect(lenses))
      editor:keys(':lua vim.lsp.codelens.run()<CR>')
      editor:wait_prompt('which lens')
      editor:keys('1<CR>')
      editor:rows('11 rows')
    end),
  },
  {
    'the request is copied, as an address and for curl',
    on('queries/calls.tule', function(editor)
      editor:at('select call_entry_date')
      editor:keys(':Tule url beat=C1<CR>')
      local url =
        editor:wait([[vim.fn.getreg('"'):find('^http') and vim.fn.getreg('"')]], 'an address')
      h.has(url, '/resource/esc4-8x43.json')
      h.has(url, 'C1')
      editor:keys(':Tule curl beat=C1<CR>')
      editor:wait([[vim.fn.getreg('"'):find('^curl')]], 'a command')
    end),
  },
  {
    'the plan is shown in words',
    on('queries/calls.tule', function(editor)
      editor:at('count(*) as n')
      editor:keys(':Tule plan<CR>')
      local text = editor:float('the plan')
      h.has(text, '127.0.0.1')
    end),
  },
  {
    'an address becomes a query',
    on('queries/calls.tule', function(editor)
      local portal = editor:lua("return io.open('tule.toml'):read('*a'):match('url = \"(.-)\"')")
      editor:keys('G')
      editor:keys((':Tule import %s/resource/esc4-8x43.json?beat=C1<CR>'):format(portal))
      editor:wait("vim.fn.search([[where.*beat = 'C1']], 'nw') > 0", 'the query')
      -- Quotes, bars and runs of blanks reach the server as they were typed.
      local call = ('curl -G "%s/resource/esc4-8x43.json"'):format(portal)
      call = call .. [[ --data-urlencode '$where=beat = "a  |b"']]
      editor:keys('G:Tule import ' .. call .. '<CR>')
      editor:wait("vim.fn.search([[a  |b]], 'nw') > 0", 'the query of the command')
      editor:keys(':Tule import nonsense<CR>')
      editor:wait(
        "vim.api.nvim_exec2('messages', { output = true }).output:find('tule: ')",
        'a refusal'
      )
    end),
  },
  {
    'datasets are listed; one shows its card, and its name is inserted',
    on('queries/calls.tule', function(editor)
      editor:keys('Go<Esc>')
      editor:keys(':Tule datasets<CR>')
      editor:wait("vim.bo.filetype == 'tuledatasets'", 'the list')
      editor:at('police_calls')
      editor:keys('<CR>')
      editor:wait("vim.bo.filetype == 'markdown'", 'the card')
      h.has(editor:text(), 'Calls for Service')
      editor:keys('q')
      editor:wait("vim.bo.filetype ~= 'markdown'", 'the list again')
      editor:lua("vim.fn.win_gotoid(vim.fn.bufwinid('tule://datasets'))")
      editor:at('police_calls')
      editor:keys('i')
      editor:wait("vim.fn.getline('.') == 'police_calls'", 'the name')
    end),
  },
  {
    'what the compiler refuses is not asked',
    on('queries/bad.tule', function(editor)
      editor:wait('(vim.diagnostic.get(0))[1]', 'a diagnostic')
      editor:keys(':Tule run<CR>')
      editor:wait_message('the statement has 1 error; nothing was asked')
      editor:cmd('edit queries/none.tule')
      editor:wait_server()
      editor:keys(':Tule run<CR>')
      editor:wait_message('no statement here')
      editor:keys(':1Tule run<CR>')
      editor:wait_message('no statement in these lines')
    end),
  },
}
