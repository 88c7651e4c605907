---What the keys do in the split with the rows.
local M = {}

local config = require('tule.config')
local layout = require('tule.table')
local page = require('tule.page')
local results = require('tule.results')
local text = require('tule.text')
local value = require('tule.value')

---@param act fun(view: tule.View, result: tule.Result)
---@return fun()
local function on_result(act)
  return function()
    local view = results.of(vim.api.nvim_get_current_buf())
    local result = view and results.current(view)
    if view and result and view.rendered then
      act(view, result)
    end
  end
end

---The cell under the cursor.
---@param view tule.View
---@param result tule.Result
---@return integer column
---@return integer? row place in `result.rows`; nil beside the rows
local function under_cursor(view, result)
  local rendered = assert(view.rendered)
  local line = vim.api.nvim_win_get_cursor(0)[1]
  local column = layout.column_at(rendered.starts, vim.fn.virtcol('.'))
  if line < rendered.first or line > rendered.last then
    return column, nil
  end
  local from = page.bounds(result, config.get().results.page)
  return column, result.order[from + line - rendered.first]
end

---@param view tule.View
---@param column integer
local function to_column(view, column)
  local rendered = assert(view.rendered)
  local start = rendered.starts[column]
  if start then
    local line = vim.api.nvim_win_get_cursor(0)[1]
    line = math.max(rendered.heading, math.min(line, rendered.last))
    vim.fn.cursor(line, 1)
    vim.cmd.normal({ start .. '|', bang = true })
  end
end

---@param step integer
---@return fun()
local function turn(step)
  return on_result(function(view, result)
    local last = page.pages(result, config.get().results.page)
    for _ = 1, vim.v.count1 do
      result.page = math.max(1, math.min(result.page + step, last))
    end
    results.render(view)
    vim.api.nvim_win_set_cursor(0, { assert(view.rendered).first, 0 })
    vim.fn.winrestview({ topline = 1 })
  end)
end

---@param step integer
---@return fun()
local function go(step)
  return on_result(function(view, result)
    local column = under_cursor(view, result)
    to_column(view, (column - 1 + step * vim.v.count1) % #result.columns + 1)
  end)
end

---@param step integer
---@return fun()
local function past(step)
  return function()
    local view = results.of(vim.api.nvim_get_current_buf())
    if view and #view.history > 0 then
      view.shown = math.max(1, math.min(view.shown + step * vim.v.count1, #view.history))
      results.render(view)
    end
  end
end

---Ascending, descending, then as the portal sent them.
---@param view tule.View
---@param result tule.Result
local function sort(view, result)
  local column = under_cursor(view, result)
  local before = result.sort
  if not before or before.column ~= column then
    result.sort = { column = column, ascending = true }
  elseif before.ascending then
    result.sort = { column = column, ascending = false }
  else
    result.sort = nil
  end
  if result.sort then
    local kind = result.columns[column].type
    result.order = value.sorted(result.rows, column, kind, not result.sort.ascending)
  else
    table.sort(result.order)
  end
  result.page = 1
  local line = vim.api.nvim_win_get_cursor(0)[1]
  results.render(view)
  vim.fn.cursor(math.min(line, #assert(view.rendered).lines), 1)
  to_column(view, column)
end

---The whole row, a line for each column, with the cursor on the one it came from.
---@param view tule.View
---@param result tule.Result
local function show(view, result)
  local column, row = under_cursor(view, result)
  local lines, at = {}, 1 ---@type string[], integer
  for index, described in ipairs(result.columns) do
    if index == column then
      at = #lines + 1
    end
    local label = described.label
    local named = label ~= nil and label ~= described.name
    local name = ('%s (%s%s)'):format(described.name, described.type, named and ', ' .. label or '')
    lines[#lines + 1] = text.inert(name)
    if row then
      local plain = value.plain(result.rows[row][index])
      local shown = plain and text.lines(plain) or { 'null' }
      for _, line in ipairs(shown) do
        lines[#lines + 1] = '    ' .. line
      end
    end
  end
  local _, win = vim.lsp.util.open_floating_preview(lines, '', {
    focus_id = 'tule.row',
    border = 'rounded',
    max_width = 100,
    max_height = 30,
    wrap = true,
  })
  if win and vim.api.nvim_win_is_valid(win) then
    vim.api.nvim_win_set_cursor(win, { at, 0 })
  end
end

---@param view tule.View
---@param result tule.Result
local function copy(view, result)
  local column, row = under_cursor(view, result)
  if not row then
    return
  end
  local plain = value.plain(result.rows[row][column]) or ''
  vim.fn.setreg('"', plain)
  if vim.fn.has('clipboard') == 1 then
    vim.fn.setreg('+', plain)
  end
  text.notify(('copied %s'):format(text.counted(#plain, 'byte')))
end

---@param view tule.View
---@param result tule.Result
local function again(view, result)
  require('tule.run').run(view.source, { mark = result.mark }, { values = result.values })
end

---@param view tule.View
---@param result tule.Result
local function export(view, result)
  vim.ui.input({ prompt = 'File for all rows: ', completion = 'file' }, function(path)
    if path and path ~= '' then
      local place, options = { mark = result.mark }, { values = result.values }
      require('tule.request').export(view.source, place, path, false, options)
    end
  end)
end

---@type { [1]: string, [2]: fun(), [3]: string }[]
local keys = {
  { ']]', turn(1), 'next page' },
  { '[[', turn(-1), 'previous page' },
  { '<Tab>', go(1), 'next column' },
  { '<S-Tab>', go(-1), 'previous column' },
  { 's', on_result(sort), 'sort by the column: ascending, descending, as it came' },
  { 'K', on_result(show), 'show the whole row' },
  { 'gy', on_result(copy), 'copy the cell' },
  { 'x', on_result(export), 'write all rows into a file' },
  { 'r', on_result(again), 'run again' },
  { '<lt>', past(-1), 'the result before' },
  { '>', past(1), 'the result after' },
  {
    '<C-c>',
    function()
      local view = results.of(vim.api.nvim_get_current_buf())
      if view then
        require('tule.run').cancel(view.source)
      end
    end,
    'end the run',
  },
  {
    'q',
    function()
      pcall(vim.api.nvim_win_close, 0, false)
    end,
    'close (`:Tule results` opens it again)',
  },
  {
    'g?',
    function()
      M.help()
    end,
    'these keys',
  },
}

function M.help()
  local lines = {} ---@type string[]
  for _, key in ipairs(keys) do
    lines[#lines + 1] = ('%-8s %s'):format((key[1]:gsub('<lt>', '<')), key[3])
  end
  vim.lsp.util.open_floating_preview(lines, '', { focus_id = 'tule.help', border = 'rounded' })
end

---@param buf integer
function M.map(buf)
  for _, key in ipairs(keys) do
    vim.keymap.set('n', key[1], key[2], { buffer = buf, nowait = true, desc = 'Tule: ' .. key[3] })
  end
end

return M
