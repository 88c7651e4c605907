---Foreign text made harmless. Names, values and messages come from portals: control characters and
---marks that turn the direction of text are replaced one for one (the same ones as on the command
---line), so that what is shown is what is there.
local M = {}

---@type [integer, integer][] ranges of characters that are replaced by U+FFFD
local hidden = {
  { 0x80, 0x9f },
  { 0x61c, 0x61c },
  { 0x200b, 0x200b },
  { 0x200e, 0x200f },
  { 0x2028, 0x202e },
  { 0x2060, 0x206f },
  { 0xfeff, 0xfeff },
  { 0xfff9, 0xfffb },
  { 0xe0000, 0xe007f },
}

---@return table<string, string>
local function replacements()
  local map = { ['\127'] = vim.fn.nr2char(0x2421, true) }
  for code = 0, 0x1f do
    map[string.char(code)] = vim.fn.nr2char(0x2400 + code, true)
  end
  for _, range in ipairs(hidden) do
    for code = range[1], range[2] do
      map[vim.fn.nr2char(code, true)] = vim.fn.nr2char(0xfffd, true)
    end
  end
  return map
end

local map ---@type table<string, string>?

---@param text string
---@return string
function M.inert(text)
  if not text:find('[^\32-\126]') then
    return text
  end
  map = map or replacements()
  return (text:gsub('[%z\1-\31\127\194-\244][\128-\191]*', map))
end

---The lines of a text of several lines.
---@param text string
---@return string[]
function M.lines(text)
  local lines = vim.split(text, '\r?\n')
  return vim.tbl_map(function(line)
    return M.inert((line:gsub('\t', '  ')))
  end, lines)
end

---Text for 'statusline' and 'winbar', where `%{…}` would be evaluated.
---@param text string
---@return string
function M.status(text)
  return (M.inert(text):gsub('%%', '%%%%'))
end

---@param text string
---@return integer cells on the screen
function M.width(text)
  if text:find('[^\32-\126]') then
    return vim.fn.strdisplaywidth(text)
  end
  return #text
end

---@param text string inert
---@param cells integer
---@return string text of at most so many cells, with an ellipsis where something is left out
function M.fit(text, cells)
  if #text <= cells then
    return text
  end
  -- A character has at most four bytes, and the marks that belong to it a few more.
  local start = vim.fn.strcharpart(text:sub(1, cells * 24), 0, cells + 1)
  if #start == #text and M.width(text) <= cells then
    return text
  end
  while M.width(start) > cells - 1 do
    start = vim.fn.strcharpart(start, 0, vim.fn.strchars(start) - 1)
  end
  return start .. '…'
end

---Digits in groups of three.
---@param number integer
---@return string
function M.grouped(number)
  local digits = ('%d'):format(number)
  return (digits:reverse():gsub('(%d%d%d)', '%1,'):reverse():gsub('^,', ''))
end

---@param count integer
---@param noun string
---@return string
function M.counted(count, noun)
  return ('%s %s%s'):format(M.grouped(count), noun, count == 1 and '' or 's')
end

---@param bytes integer
---@return string
function M.bytes(bytes)
  if bytes < 1000 then
    return ('%d B'):format(bytes)
  elseif bytes < 1000 * 1000 then
    return ('%.1f kB'):format(bytes / 1000)
  end
  return ('%.1f MB'):format(bytes / 1000 / 1000)
end

---@param ms number
---@return string
function M.time(ms)
  return ms < 1000 and ('%d ms'):format(ms) or ('%.1f s'):format(ms / 1000)
end

---Shows a message about the plugin's work.
---@param message string
---@param level integer? of `vim.log.levels`
function M.notify(message, level)
  vim.notify('tule: ' .. table.concat(M.lines(message), '\n'), level or vim.log.levels.INFO)
end

---@param message string
function M.fail(message)
  M.notify(message, vim.log.levels.ERROR)
end

return M
