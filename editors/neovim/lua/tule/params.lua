---Values of a statement's parameters: given as `name=value`, asked for where they are missing, and
---kept for the next time in the buffer of the query.
local M = {}

local text = require('tule.text')

---@class tule.Parameter
---@field name string
---@field type string
---@field default string?
---@field required boolean

---@class tule.Statement as `tule/statement` answers
---@field name string?
---@field errors integer
---@field parameters tule.Parameter[]
---@field range lsp.Range

---@param words string[]
---@return table<string, string>? values nil after a message
function M.parse(words)
  local values = {}
  for _, word in ipairs(words) do
    local name, value = word:match('^%$?([^=]+)=(.*)$')
    if not name then
      text.fail(('`%s` is no value of a parameter; write name=value'):format(word))
      return nil
    end
    values[name] = value
  end
  return values
end

---@param statement tule.Statement
---@param given table<string, string>
---@return boolean
local function known(statement, given)
  local names = {} ---@type table<string, boolean>
  for _, parameter in ipairs(statement.parameters) do
    names[parameter.name] = true
  end
  for name in pairs(given) do
    if not names[name] then
      text.fail(('the statement has no parameter `%s`'):format(name))
      return false
    end
  end
  return true
end

---@param buf integer
---@param statement tule.Statement
---@return table<string, string>
local function remembered(buf, statement)
  return (vim.b[buf].tule_values or {})[statement.name or ''] or {}
end

---@param buf integer
---@param statement tule.Statement
---@param values table<string, string>
local function remember(buf, statement, values)
  local all = vim.b[buf].tule_values or {}
  all[statement.name or ''] = values
  vim.b[buf].tule_values = all
end

---Asks for what a statement needs, then goes on. Nothing is asked where nothing is missing.
---@param buf integer
---@param statement tule.Statement
---@param given table<string, string>
---@param everything boolean whether values with a default are asked for as well
---@param go_on fun(values: table<string, string>)
function M.ask(buf, statement, given, everything, go_on)
  if not known(statement, given) then
    return
  end
  local last, values = remembered(buf, statement), vim.deepcopy(given)
  local open = vim.tbl_filter(function(parameter)
    return values[parameter.name] == nil and (parameter.required or everything)
  end, statement.parameters)
  local function step(index)
    local parameter = open[index]
    if not parameter then
      remember(buf, statement, vim.tbl_extend('force', last, values))
      go_on(values)
      return
    end
    -- What the server calls the default is text of the language, quotes included, so it is shown
    -- and not offered as the answer: an empty answer to an optional value leaves it out.
    local default = parameter.default and (' [%s]'):format(parameter.default) or ''
    vim.ui.input({
      prompt = text.inert(('%s (%s)%s: '):format(parameter.name, parameter.type, default)),
      default = last[parameter.name],
    }, function(answer)
      if not answer then
        text.notify('not run: no value for `' .. parameter.name .. '`')
        return
      end
      if answer ~= '' or parameter.required then
        values[parameter.name] = answer
      end
      step(index + 1)
    end)
  end
  step(1)
end

return M
