---Talking to the language server: one way for every version of Neovim that is supported, and one
---way for its refusals to become messages.
local M = {}

local text = require('tule.text')

---@alias tule.Answer fun(err: table?, result: any)

---@param filter table
---@return vim.lsp.Client[]
local function clients(filter)
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  return get(vim.tbl_extend('force', { name = 'tule' }, filter))
end

---The server of a buffer; for a buffer without one, any that runs.
---@param buf integer
---@return vim.lsp.Client?
function M.of(buf)
  return clients({ bufnr = buf })[1] or (vim.bo[buf].filetype ~= 'tule' and clients({})[1]) or nil
end

---The server of a buffer, or a message that there is none.
---@param buf integer
---@return vim.lsp.Client?
function M.need(buf)
  local client = M.of(buf)
  if not client then
    text.fail('no language server here; open a `.tule` file, or see `:checkhealth tule`')
  end
  return client
end

---Takes nulls out of objects, which Neovim does itself before 0.12. In rows they are values.
---@param value any
---@return any
local function without_nulls(value)
  if value == vim.NIL then
    return nil
  elseif type(value) == 'table' then
    for key, member in pairs(value) do
      if key ~= 'rows' or type(member) ~= 'table' then
        value[key] = without_nulls(member)
      end
    end
  end
  return value
end

---@param client vim.lsp.Client
---@param method string
---@param params table
---@param answer tule.Answer
---@param buf integer
---@return integer? id to cancel it with
function M.request(client, method, params, answer, buf)
  local function handler(err, result)
    answer(without_nulls(err), without_nulls(result))
  end
  local sent, id
  if vim.fn.has('nvim-0.11') == 1 then
    sent, id = client:request(method, params, handler, buf)
  else
    sent, id = client.request(method, params, handler, buf)
  end
  if not sent then
    answer({ code = 0, message = 'the language server has ended' }, nil)
  end
  return sent and id or nil
end

---@param client vim.lsp.Client
---@param id integer
function M.cancel(client, id)
  if vim.fn.has('nvim-0.11') == 1 then
    client:cancel_request(id)
  else
    client.cancel_request(id)
  end
end

---Waits for an answer; for completion only, where nothing can come later.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param buf integer
---@return any result nil where there was none in time
function M.ask(client, method, params, buf)
  local answer
  if vim.fn.has('nvim-0.11') == 1 then
    answer = client:request_sync(method, params, 500, buf)
  else
    answer = client.request_sync(method, params, 500, buf)
  end
  return answer and without_nulls(answer.result)
end

---Runs a command of the server.
---@param client vim.lsp.Client
---@param command string
---@param argument any?
---@param answer tule.Answer
---@param buf integer
function M.execute(client, command, argument, answer, buf)
  local params = { command = command, arguments = argument and { argument } or {} }
  M.request(client, 'workspace/executeCommand', params, answer, buf)
end

---What went wrong, for people.
---@param err table
---@return string
function M.message(err)
  if err.code == -32601 then
    return 'this `tule` does not know that request: it is older than the plugin'
  elseif err.code == -32800 then
    return 'cancelled'
  end
  return err.message or vim.inspect(err)
end

local namespace = vim.api.nvim_create_namespace('tule.client')

---@param line string
---@param encoding string
---@param units integer
---@return integer
local function byte_of(line, encoding, units)
  if encoding == 'utf-8' then
    return math.min(units, #line)
  elseif vim.fn.has('nvim-0.11') == 1 then
    return vim.str_byteindex(line, encoding, units, false)
  end
  local codepoints, pairs_too = vim.str_utfindex(line)
  local utf16 = encoding == 'utf-16'
  return vim.str_byteindex(line, math.min(units, utf16 and pairs_too or codepoints), utf16)
end

---@param line string
---@param encoding string
---@param byte integer
---@return integer
local function units_of(line, encoding, byte)
  byte = math.min(byte, #line)
  if encoding == 'utf-8' then
    return byte
  elseif vim.fn.has('nvim-0.11') == 1 then
    return vim.str_utfindex(line, encoding, byte, false)
  end
  local codepoints, pairs_too = vim.str_utfindex(line, byte)
  return encoding == 'utf-16' and pairs_too or codepoints
end

---@param buf integer
---@param number integer from 0
---@return string
local function line_of(buf, number)
  return vim.api.nvim_buf_get_lines(buf, number, number + 1, false)[1] or ''
end

---The byte of a position of the protocol in its line.
---@param client vim.lsp.Client
---@param buf integer
---@param position lsp.Position
---@return integer
function M.byte(client, buf, position)
  return byte_of(line_of(buf, position.line), client.offset_encoding, position.character)
end

---Marks a place of the protocol, so that it is found after the text around it was edited.
---@param buf integer
---@param position lsp.Position
---@return integer
function M.mark(buf, position)
  local client = M.of(buf)
  local line = math.min(position.line, vim.api.nvim_buf_line_count(buf) - 1)
  local column = client and M.byte(client, buf, position) or 0
  return vim.api.nvim_buf_set_extmark(buf, namespace, line, column, { strict = false })
end

---@class tule.Place one of them, or nothing for the place of the cursor
---@field position lsp.Position?
---@field line integer? from 1
---@field mark integer?

---What the server is told of a place.
---@param client vim.lsp.Client
---@param buf integer
---@param place tule.Place
---@return { textDocument: { uri: string }, position: lsp.Position }
function M.place(client, buf, place)
  local row, column = 0, 0
  if place.mark then
    row, column = unpack(vim.api.nvim_buf_get_extmark_by_id(buf, namespace, place.mark, {}))
  elseif place.line then
    row = place.line - 1
    column = #line_of(buf, row):match('^%s*')
  elseif not place.position then
    local win = vim.fn.bufwinid(buf)
    row, column = unpack(vim.api.nvim_win_get_cursor(win ~= -1 and win or 0))
    row = row - 1
  end
  local character = units_of(line_of(buf, row or 0), client.offset_encoding, column or 0)
  return {
    textDocument = { uri = vim.uri_from_bufnr(buf) },
    position = place.position or { line = row or 0, character = character },
  }
end

return M
