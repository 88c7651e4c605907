---The settings: `vim.g.tule`, a table or a function that returns one, over the defaults below. It
---is read when something needs it, so that a change holds at once. Deliberately absent: a `setup`.
local M = {}

---@class tule.Results
---@field position 'below'|'right'|'tab' where rows are shown
---@field height integer lines of the split below
---@field page integer rows on a page
---@field width integer cells of a column at most
---@field focus boolean whether the cursor goes to the rows

---@class tule.Settings
---@field cmd string[] the program, with arguments that stand before `lsp`
---@field lsp boolean whether the plugin starts the language server
---@field codelens boolean whether lenses are kept up to date
---@field treesitter boolean whether tree-sitter colours, where its parser is installed
---@field results tule.Results
---@field server table<string, any> settings of the server (docs/lsp.md)

---@type tule.Settings
local defaults = {
  cmd = { 'tule' },
  lsp = true,
  codelens = true,
  treesitter = true,
  results = { position = 'below', height = 15, page = 500, width = 40, focus = false },
  server = {
    codeLens = true,
    inlayHints = true,
    fetchSchemas = true,
    trusted = false,
    maxRows = 100000,
  },
}

local positions = { below = true, right = true, tab = true }

---@param given table
---@param known table
---@param path string
---@param faults string[]
---@return table
local function merged(given, known, path, faults)
  local result = vim.deepcopy(known)
  for key, value in pairs(given) do
    local name = path .. tostring(key)
    local default = known[key]
    if default == nil then
      faults[#faults + 1] = ('`%s` is no setting'):format(name)
    elseif type(value) ~= type(default) then
      faults[#faults + 1] = ('`%s` must be a %s, not a %s'):format(name, type(default), type(value))
    elseif type(default) == 'table' and not vim.tbl_isempty(default) and default[1] == nil then
      result[key] = merged(value, default, name .. '.', faults)
    else
      result[key] = value
    end
  end
  return result
end

---@param settings tule.Settings
---@param faults string[]
local function judge(settings, faults)
  local results = settings.results
  if not positions[results.position] then
    faults[#faults + 1] = '`results.position` must be "below", "right" or "tab"'
    results.position = defaults.results.position
  end
  for _, key in ipairs({ 'height', 'page', 'width' }) do
    local value = results[key]
    if value < 1 or value ~= math.floor(value) then
      faults[#faults + 1] = ('`results.%s` must be a whole number above 0'):format(key)
      results[key] = defaults.results[key]
    end
  end
  if type(settings.cmd[1]) ~= 'string' then
    faults[#faults + 1] = '`cmd` must be a list of texts that begins with the program'
    settings.cmd = vim.deepcopy(defaults.cmd)
  end
end

---The settings, and what is wrong with those that were given; a wrong one has its default.
---@return tule.Settings settings
---@return string[] faults
function M.read()
  local given = vim.g.tule
  local faults = {} ---@type string[]
  if type(given) == 'function' then
    given = given()
  end
  if given ~= nil and type(given) ~= 'table' then
    faults[1] = ('`vim.g.tule` must be a table, not a %s'):format(type(given))
    given = nil
  end
  local settings = merged(given or {}, defaults, '', faults)
  judge(settings, faults)
  table.sort(faults)
  return settings, faults
end

---@return tule.Settings
function M.get()
  return (M.read())
end

return M
