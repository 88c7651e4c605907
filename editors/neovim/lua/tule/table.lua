---Rows laid out in columns. Pure: tables in, lines and marks out.
local M = {}

local text = require('tule.text')
local value = require('tule.value')

---@class tule.Column
---@field name string
---@field type string
---@field label string?

---@class tule.Mark a stretch of a line, in bytes, with its highlight
---@field line integer from 0
---@field from integer
---@field to integer
---@field group string

---@class tule.Layout
---@field lines string[] the heading, a rule, then a line for each row
---@field marks tule.Mark[]
---@field starts integer[] the first cell of each column on the screen, from 1

local GAP = ' │ '
local GAP_CELLS = 3
local MARKS = { [true] = ' ▲', [false] = ' ▼' }

---@param shown string
---@param cells integer
---@param right boolean
---@return string
local function padded(shown, cells, right)
  local blank = (' '):rep(cells - text.width(shown))
  return right and blank .. shown or shown .. blank
end

---@param columns tule.Column[]
---@param sort { column: integer, ascending: boolean }?
---@return string[]
local function headings(columns, sort)
  local shown = {} ---@type string[]
  for index, column in ipairs(columns) do
    local mark = sort and sort.column == index and MARKS[sort.ascending] or ''
    shown[index] = text.inert(column.name) .. mark
  end
  return shown
end

---@param columns tule.Column[]
---@param rows any[][]
---@param order integer[]
---@param from integer
---@param to integer
---@param limit integer
---@return string[][] cells
---@return boolean[][] nulls
local function cells_of(columns, rows, order, from, to, limit)
  local cells, nulls = {}, {} ---@type string[][], boolean[][]
  for place = from, to do
    local row, shown, null = rows[order[place]], {}, {}
    for index = 1, #columns do
      local cell
      cell, null[index] = value.cell(row[index])
      shown[index] = text.fit(cell, limit)
    end
    cells[#cells + 1], nulls[#nulls + 1] = shown, null
  end
  return cells, nulls
end

---@param shown string[]
---@param widths integer[]
---@param right boolean[]
---@return string line
---@return [integer, integer][] stretches in bytes
local function line_of(shown, widths, right)
  local parts, stretches, at = {}, {}, 1 ---@type string[], [integer, integer][], integer
  for index, cell in ipairs(shown) do
    local cell_padded = padded(cell, widths[index], right[index])
    stretches[index] = { at, at + #cell_padded }
    parts[index] = cell_padded
    at = at + #cell_padded + #GAP
  end
  return ' ' .. table.concat(parts, GAP), stretches
end

---@class tule.Page
---@field columns tule.Column[]
---@field rows any[][]
---@field order integer[]
---@field from integer
---@field to integer
---@field limit integer cells of a column at most
---@field sort { column: integer, ascending: boolean }?

---@param page tule.Page
---@return tule.Layout
function M.layout(page)
  local columns = page.columns
  local shown = headings(columns, page.sort)
  local cells, nulls = cells_of(columns, page.rows, page.order, page.from, page.to, page.limit)
  local widths, right, starts, rule, at = {}, {}, {}, {}, 2
  for index, column in ipairs(columns) do
    right[index] = value.numeric(column.type)
    local width = text.width(shown[index])
    for _, row in ipairs(cells) do
      width = math.max(width, text.width(row[index]))
    end
    widths[index], starts[index] = width, at
    rule[index] = ('─'):rep(width)
    at = at + width + GAP_CELLS
  end
  local heading = line_of(shown, widths, right)
  local lines = { heading, '─' .. table.concat(rule, '─┼─') }
  local marks = {
    { line = 0, from = 0, to = #heading, group = 'TuleHeading' },
    { line = 1, from = 0, to = #lines[2], group = 'TuleRule' },
  }
  for number, row in ipairs(cells) do
    local line, stretches = line_of(row, widths, right)
    lines[#lines + 1] = line
    for index, null in ipairs(nulls[number]) do
      if null then
        local from, to = unpack(stretches[index])
        marks[#marks + 1] = { line = number + 1, from = from, to = to, group = 'TuleNull' }
      end
    end
  end
  return { lines = lines, marks = marks, starts = starts }
end

---The column at a cell of the screen.
---@param starts integer[]
---@param cell integer from 1
---@return integer
function M.column_at(starts, cell)
  local found = 1
  for index, start in ipairs(starts) do
    if cell >= start then
      found = index
    end
  end
  return found
end

return M
