---Values of a result: `null`, booleans, texts (numbers and times too, so that no digit is lost),
---and objects. How they are shown, and how they are compared.
local M = {}

local text = require('tule.text')

local numeric = { number = true, double = true }

---@param type string of the language
---@return boolean
function M.numeric(type)
  return numeric[type] == true
end

---The shortest form that reads back as the same number.
---@param number number
---@return string
local function digits(number)
  for precision = 15, 17 do
    local written = ('%.' .. precision .. 'g'):format(number)
    if tonumber(written) == number then
      return written
    end
  end
  return tostring(number)
end

---JSON with sorted keys. `vim.json.encode` would round coordinates to 14 digits.
---@param value any
---@return string
function M.json(value)
  if type(value) == 'number' then
    return digits(value)
  elseif type(value) ~= 'table' then
    return vim.json.encode(value)
  end
  local parts = {} ---@type string[]
  if
    #value > 0 or (next(value) == nil and getmetatable(value) ~= getmetatable(vim.empty_dict()))
  then
    for index = 1, #value do
      parts[index] = M.json(value[index])
    end
    return '[' .. table.concat(parts, ',') .. ']'
  end
  for _, key in ipairs(vim.fn.sort(vim.tbl_keys(value))) do
    parts[#parts + 1] = vim.json.encode(key) .. ':' .. M.json(value[key])
  end
  return '{' .. table.concat(parts, ',') .. '}'
end

---The value as text, not yet inert; `nil` for null.
---@param value any
---@return string?
function M.plain(value)
  if value == nil or value == vim.NIL then
    return nil
  elseif type(value) == 'string' then
    return value
  end
  return M.json(value)
end

---The value as inert text on one line.
---@param value any
---@return string shown
---@return boolean null
function M.cell(value)
  local plain = M.plain(value)
  if not plain then
    return 'null', true
  end
  return text.inert(plain), false
end

---Compares two decimal numbers digit by digit, where doubles cannot tell them apart.
---@param a string
---@param b string
---@return integer
local function decimal(a, b)
  local whole_a, part_a = a:match('^[+-]?0*(%d*)%.?(%d*)$')
  local whole_b, part_b = b:match('^[+-]?0*(%d*)%.?(%d*)$')
  if not whole_a or not whole_b then
    return 0
  end
  local order
  if #whole_a ~= #whole_b then
    order = #whole_a < #whole_b and -1 or 1
  else
    local length = math.max(#part_a, #part_b)
    local digits_a = whole_a .. part_a .. ('0'):rep(length - #part_a)
    local digits_b = whole_b .. part_b .. ('0'):rep(length - #part_b)
    if digits_a == digits_b then
      return 0
    end
    order = digits_a < digits_b and -1 or 1
  end
  return a:sub(1, 1) == '-' and -order or order
end

---@param a any not null
---@param b any not null
---@param type string
---@return integer below, at or above 0
function M.compare(a, b, type)
  local left, right = M.plain(a) or '', M.plain(b) or ''
  if numeric[type] then
    local x, y = tonumber(left), tonumber(right)
    if x and y then
      if x ~= y then
        return x < y and -1 or 1
      end
      return decimal(left, right)
    end
  end
  if left == right then
    return 0
  end
  return left < right and -1 or 1
end

---The rows' numbers in the order of a column. Rows that are equal keep their order; nulls are last,
---whatever the direction.
---@param rows any[][]
---@param column integer
---@param type string
---@param descending boolean
---@return integer[]
function M.sorted(rows, column, type, descending)
  local order, nulls = {}, {} ---@type integer[], integer[]
  for index, row in ipairs(rows) do
    local list = M.plain(row[column]) and order or nulls
    list[#list + 1] = index
  end
  table.sort(order, function(i, j)
    local compared = M.compare(rows[i][column], rows[j][column], type)
    if compared == 0 then
      return i < j
    end
    return (compared < 0) ~= descending
  end)
  return vim.list_extend(order, nulls)
end

return M
