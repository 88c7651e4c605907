---The functions of the plugin for mappings and status lines of one's own. There is no `setup`:
---settings are in `vim.g.tule` (`:help tule-settings`).
local M = {}

---Runs the statement at the cursor of the current buffer.
---@param values table<string, string>? values of its parameters; those missing are asked for
function M.run(values)
  require('tule.run').run(vim.api.nvim_get_current_buf(), {}, { values = values })
end

---A short text for a status line: portals, date of the lock, what is going on.
---@param buf integer? default: the current one
---@return string empty where there is no project
function M.status(buf)
  local status = require('tule.lsp').status(buf or vim.api.nvim_get_current_buf())
  if not status then
    return ''
  end
  local parts = {} ---@type string[]
  for _, part in ipairs({
    table.concat(status.portals or {}, ', '),
    type(status.lockedAt) == 'string' and 'locked ' .. status.lockedAt or '',
    status.offline == true and 'offline' or '',
    type(status.busy) == 'string' and status.busy or '',
  }) do
    if part ~= '' then
      parts[#parts + 1] = part
    end
  end
  return require('tule.text').status(table.concat(parts, ' · '))
end

return M
