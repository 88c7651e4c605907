-- What needs no second editor: texts, values, tables, pages, settings.
local config = require('tule.config')
local h = require('harness')
local page = require('tule.page')
local params = require('tule.params')
local layout = require('tule.table')
local text = require('tule.text')
local value = require('tule.value')

local hostile = 'a\27[31mb\194\155c\226\128\174d\a\r\n\te\127%{1+1}%#Error#'

---@param columns string[][]
---@param rows any[][]
local function laid(columns, rows, limit)
  local order = {}
  for index = 1, #rows do
    order[index] = index
  end
  local described = {}
  for index, column in ipairs(columns) do
    described[index] = { name = column[1], type = column[2] }
  end
  return layout.layout({
    columns = described,
    rows = rows,
    order = order,
    from = 1,
    to = #rows,
    limit = limit or 40,
  })
end

local function result(rows, extra)
  local order = {}
  for index = 1, #rows do
    order[index] = index
  end
  return vim.tbl_extend('force', {
    range = { start = { line = 3, character = 0 } },
    columns = { { name = 'n', type = 'number' } },
    rows = rows,
    total = #rows,
    ['end'] = 'whole',
    notes = {},
    tookMs = 12,
    bytes = 3456,
    values = {},
    order = order,
    page = 1,
  }, extra or {})
end

return {
  {
    'foreign text is inert, one character for one',
    function()
      h.equal(text.inert(hostile), 'a␛[31mb�c�d␇␍␊␉e␡%{1+1}%#Error#')
      h.equal(text.inert('Größe 表 👩‍🚒'), 'Größe 表 👩‍🚒')
      h.equal(text.status('%{1+1}%#Error#'), '%%{1+1}%%#Error#')
      h.equal(text.lines('a\r\nb\27'), { 'a', 'b␛' })
      h.equal(vim.api.nvim_eval_statusline(text.status(hostile), {}).str, text.inert(hostile))
    end,
  },
  {
    'texts are cut by cells',
    function()
      h.equal(text.fit('abcdef', 6), 'abcdef')
      h.equal(text.fit('abcdefg', 6), 'abcde…')
      h.equal(text.fit('表表表表', 6), '表表…')
      h.equal(text.fit(('x'):rep(1000000), 5), 'xxxx…')
      h.equal(
        { text.grouped(0), text.grouped(999), text.grouped(1234567) },
        { '0', '999', '1,234,567' }
      )
      h.equal(
        { text.bytes(999), text.bytes(1500), text.bytes(2500000) },
        { '999 B', '1.5 kB', '2.5 MB' }
      )
    end,
  },
  {
    'columns stand under each other',
    function()
      local found = laid({ { 'name', 'text' }, { 'n', 'number' } }, {
        { '表', '7' },
        { 'long one', vim.NIL },
      })
      h.equal(found.lines, {
        ' name     │    n',
        '──────────┼─────',
        ' 表       │    7',
        ' long one │ null',
      })
      h.equal(found.starts, { 2, 13 })
      local null = found.marks[#found.marks]
      h.equal(null.group, 'TuleNull')
      h.equal(found.lines[4]:sub(null.from + 1, null.to), 'null')
      h.equal(layout.column_at(found.starts, 12), 1)
      h.equal(layout.column_at(found.starts, 13), 2)
    end,
  },
  {
    'no value breaks a line, and none is obeyed',
    function()
      local found = laid(
        { { hostile, 'text' } },
        { { hostile }, { { type = 'Point', coordinates = { 1 } } } }
      )
      for _, line in ipairs(found.lines) do
        assert(not line:find('[%z\1-\31\127]'), line)
      end
      h.has(found.lines[4], '{"coordinates":[1],"type":"Point"}')
    end,
  },
  {
    'json keeps every digit and sorts its keys',
    function()
      h.equal(
        value.json({ b = 0.1, a = { -121.2908123456789, true } }),
        '{"a":[-121.2908123456789,true],"b":0.1}'
      )
      h.equal(value.json({}), '[]')
      h.equal(value.json(vim.empty_dict()), '{}')
      h.equal(value.plain(vim.NIL), nil)
    end,
  },
  {
    'numbers are sorted as numbers, digit by digit; nulls are last both ways; equals stay in place',
    function()
      local rows = {}
      for _, number in ipairs({
        '10',
        '9',
        '-3.5',
        '10000000000000000002',
        '10000000000000000001',
        '9.0',
        '1e3',
        '-20',
      }) do
        rows[#rows + 1] = { number }
      end
      table.insert(rows, 1, { vim.NIL })
      h.equal(value.sorted(rows, 1, 'number', false), { 9, 4, 3, 7, 2, 8, 6, 5, 1 })
      h.equal(value.sorted(rows, 1, 'number', true), { 5, 6, 8, 2, 3, 7, 4, 9, 1 })
      h.equal(value.sorted({ { 'b' }, { 'B' }, { 'a' } }, 1, 'text', false), { 2, 3, 1 })
      h.equal(value.sorted({ { true }, { false } }, 1, 'boolean', false), { 2, 1 })
    end,
  },
  {
    'the footer says what is missing',
    function()
      local whole = table.concat(page.render(result({ { '1' } }), 10, 40).lines, '\n')
      assert(not whole:find('CUT') and not whole:find('MORE'), whole)
      h.has(whole, 'query of line 4: 1 row\n')
      h.has(whole, 'rows 1–1 of 1 · 12 ms · 3.5 kB')
      local cut = result({ { '1' } }, { ['end'] = 'cut', limit = 1000, licence = 'CC0' })
      local shown = page.render(cut, 10, 40)
      h.has(shown.lines[2], 'CUT at 1,000 rows: no LIMIT')
      h.has(shown.lines[#shown.lines - 1], 'CUT at 1,000 rows')
      h.has(shown.lines[#shown.lines], 'licence: CC0')
      h.has(page.missing(result({}, { ['end'] = 'more' })), 'MORE rows than 0')
      h.has(page.missing(result({}, { ['end'] = 'anything else' })), 'not known')
    end,
  },
  {
    'pages have bounds',
    function()
      local rows = {}
      for index = 1, 25 do
        rows[index] = { tostring(index) }
      end
      local shown = result(rows, { page = 3 })
      h.equal(page.pages(shown, 10), 3)
      h.equal({ page.bounds(shown, 10) }, { 21, 25 })
      h.equal(page.where(shown, 10), 'rows 21–25 of 25, page 3 of 3')
      h.equal(page.where(result({}), 10), 'no rows')
      h.equal(#page.render(result({}), 10, 40).lines, 5)
    end,
  },
  {
    'values of parameters are name=value',
    function()
      h.equal(params.parse({ 'beat=C1', '$since=2025-01-01', 'text=a=b', 'empty=' }), {
        beat = 'C1',
        since = '2025-01-01',
        text = 'a=b',
        empty = '',
      })
    end,
  },
  {
    'wrong settings are named, and the default holds',
    function()
      vim.g.tule = { cmd = 'tule', results = { page = 0, position = 'above' }, colour = true }
      local settings, faults = config.read()
      vim.g.tule = nil
      h.equal(faults, {
        '`cmd` must be a table, not a string',
        '`colour` is no setting',
        '`results.page` must be a whole number above 0',
        '`results.position` must be "below", "right" or "tab"',
      })
      h.equal(settings.results.page, 500)
      h.equal(settings.cmd, { 'tule' })
    end,
  },
}
