---A page of a result as lines: what it is, the rows, and all that must be said of them. Pure.
local M = {}

local layout = require('tule.table')
local text = require('tule.text')

---@class tule.Result as `tule/run` answers, and how it is looked at
---@field name string?
---@field range lsp.Range where the statement stood
---@field columns tule.Column[]
---@field rows any[][]
---@field total integer
---@field limit integer?
---@field notes string[]
---@field tookMs number
---@field bytes integer
---@field asOf string?
---@field licence string?
---@field attribution string?
---@field mark integer the extmark where its statement begins
---@field values table<string, string>
---@field order integer[]
---@field page integer from 1
---@field sort { column: integer, ascending: boolean }?

---@param result tule.Result
---@return string? what is missing; nil where nothing is
function M.missing(result)
  local ended = result['end']
  if ended == 'cut' then
    local limit = result.limit
    local where = limit and ('at %s rows'):format(text.grouped(limit)) or 'by the portal'
    return ('CUT %s: no LIMIT was written, and there may be more; `limit all` reads them'):format(
      where
    )
  elseif ended == 'more' then
    return ('MORE rows than %s: the rest was not read (`maxRows`); export writes them all'):format(
      text.grouped(result.total)
    )
  elseif ended ~= 'whole' then
    return 'it is not known whether these are all rows'
  end
  return nil
end

---@param result tule.Result
---@return string
function M.summary(result)
  local values = {} ---@type string[]
  for _, name in ipairs(vim.fn.sort(vim.tbl_keys(result.values))) do
    values[#values + 1] = ('%s=%s'):format(name, result.values[name])
  end
  local name = result.name or ('query of line %d'):format(result.range.start.line + 1)
  local with = #values > 0 and (' (%s)'):format(table.concat(values, ', ')) or ''
  return text.inert(('%s%s: %s'):format(name, with, text.counted(result.total, 'row')))
end

---@param result tule.Result
---@param size integer
---@return integer
function M.pages(result, size)
  return math.max(1, math.ceil(#result.rows / size))
end

---@param result tule.Result
---@param size integer
---@return integer from
---@return integer to
function M.bounds(result, size)
  local from = (result.page - 1) * size + 1
  return from, math.min(from + size - 1, #result.rows)
end

---@param result tule.Result
---@param size integer
---@return string
function M.where(result, size)
  local from, to = M.bounds(result, size)
  if to < from then
    return 'no rows'
  end
  local shown = ('rows %s–%s of %s'):format(
    text.grouped(from),
    text.grouped(to),
    text.grouped(result.total)
  )
  local pages = M.pages(result, size)
  if pages > 1 then
    shown = shown .. (', page %d of %d'):format(result.page, pages)
  end
  return shown
end

---@param result tule.Result
---@return string[]
local function origin(result)
  local facts = {} ---@type string[]
  for _, fact in ipairs({
    { 'data as of %s', result.asOf },
    { 'licence: %s', result.licence },
    { 'source: %s', result.attribution },
  }) do
    if fact[2] then
      facts[#facts + 1] = text.inert(fact[1]:format(fact[2]))
    end
  end
  return facts
end

---@param result tule.Result
---@param size integer
---@return string[] lines
---@return integer? warned the place of the line about what is missing
local function footer(result, size)
  local first = { M.where(result, size) }
  if result.sort then
    local name = text.inert(result.columns[result.sort.column].name)
    local direction = result.sort.ascending and 'ascending' or 'descending'
    local part = M.missing(result) and ', these rows only' or ''
    first[2] = ('sorted here by %s, %s%s'):format(name, direction, part)
  end
  vim.list_extend(first, { text.time(result.tookMs), text.bytes(result.bytes) })
  local lines = { '', ' ' .. table.concat(first, ' · ') }
  local warned
  local missing = M.missing(result)
  if missing then
    lines[#lines + 1] = ' ' .. missing
    warned = #lines
  end
  local facts = origin(result)
  if #facts > 0 then
    lines[#lines + 1] = ' ' .. table.concat(facts, ' · ')
  end
  for _, note in ipairs(result.notes or {}) do
    lines[#lines + 1] = ' note: ' .. text.inert(note)
  end
  return lines, warned
end

---@class tule.Rendered
---@field lines string[]
---@field marks tule.Mark[]
---@field starts integer[]
---@field heading integer line of the heading, from 1
---@field first integer line of the first row
---@field last integer line of the last row

---@param result tule.Result
---@param size integer rows on a page
---@param limit integer cells of a column at most
---@return tule.Rendered
function M.render(result, size, limit)
  local lines = { ' ' .. M.summary(result) }
  local marks = { { line = 0, from = 0, to = #lines[1], group = 'TuleTitle' } } ---@type tule.Mark[]
  local missing = M.missing(result)
  if missing then
    lines[2] = ' ' .. missing
    marks[2] = { line = 1, from = 0, to = #lines[2], group = 'TuleWarning' }
  end
  local from, to = M.bounds(result, size)
  local laid = layout.layout({
    columns = result.columns,
    rows = result.rows,
    order = result.order,
    from = from,
    to = to,
    limit = limit,
    sort = result.sort,
  })
  local heading = #lines + 1
  for _, mark in ipairs(laid.marks) do
    mark.line = mark.line + #lines
    marks[#marks + 1] = mark
  end
  vim.list_extend(lines, laid.lines)
  local last = #lines
  local foot, warned = footer(result, size)
  for number, line in ipairs(foot) do
    local group = number == warned and 'TuleWarning' or 'TuleFooter'
    marks[#marks + 1] = { line = #lines, from = 0, to = #line, group = group }
    lines[#lines + 1] = line
  end
  return {
    lines = lines,
    marks = marks,
    starts = laid.starts,
    heading = heading,
    first = heading + 2,
    last = last,
  }
end

return M
