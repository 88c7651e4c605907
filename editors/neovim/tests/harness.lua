-- A test drives a second Neovim as a user does: typed keys, a screen, questions about its state.
local M = {}

---@class Editor
---@field channel integer
local Editor = {}
Editor.__index = Editor

local file = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p')
local here = vim.fs.dirname(vim.fs.dirname(file))
M.plugin = here

---Starts Neovim without any configuration, with the plugin on its runtimepath.
---@param options { args: string[]?, settings: string?, cwd: string? }
---@return Editor
function M.start(options)
  local child = vim.env.NVIM_CHILD or vim.v.progpath
  local command = { child, '--clean', '--embed', '--headless', '-n' }
  vim.list_extend(command, { '--cmd', 'set rtp^=' .. here, '--cmd', 'set lines=40 columns=120' })
  local settings = options.settings or ('{ cmd = { %q } }'):format(vim.env.TULE_BIN)
  vim.list_extend(command, { '--cmd', 'lua vim.g.tule = ' .. settings })
  vim.list_extend(command, options.args or {})
  local channel =
    vim.fn.jobstart(command, { rpc = true, cwd = options.cwd or vim.env.TULE_PROJECT })
  assert(channel > 0, 'Neovim does not start')
  return setmetatable({ channel = channel }, Editor)
end

---Runs Lua in the editor.
function Editor:lua(code, ...)
  return vim.rpcrequest(self.channel, 'nvim_exec_lua', code, { ... })
end

---Runs a command, and fails if it fails.
function Editor:cmd(command)
  return vim.rpcrequest(self.channel, 'nvim_command', command)
end

---Types keys.
function Editor:keys(keys)
  vim.rpcrequest(self.channel, 'nvim_input', keys)
end

---@return string[]
function Editor:lines(buf)
  return vim.rpcrequest(self.channel, 'nvim_buf_get_lines', buf or 0, 0, -1, false)
end

---@return string
function Editor:text(buf)
  return table.concat(self:lines(buf), '\n')
end

---Waits until the Lua expression is true in the editor, and gives its value.
function Editor:wait(expression, what, ms)
  local value
  local ok = vim.wait(ms or 20000, function()
    value = self:lua('return ' .. expression)
    return value and value ~= vim.NIL
  end, 20)
  if not ok then
    local messages = self:lua("return vim.api.nvim_exec2('messages', { output = true }).output")
    error(('waited in vain for %s\nmessages: %s'):format(what or expression, messages), 2)
  end
  return value
end

---Waits until the editor asks for a line of text or for a choice.
function Editor:wait_prompt(wanted)
  local ok = vim.wait(20000, function()
    local mode = vim.rpcrequest(self.channel, 'nvim_get_mode')
    -- While it is blocking no other question is answered; a command line being typed is no prompt.
    return mode.blocking or (mode.mode == 'c' and self:lua('return vim.fn.getcmdtype()') ~= ':')
  end, 20)
  assert(ok, 'no prompt: ' .. wanted)
end

---The buffer of the rows, once they are there.
function Editor:rows(wanted)
  return self:wait(
    ([[(function()
      for _, buf in ipairs(vim.api.nvim_list_bufs()) do
        if vim.bo[buf].filetype == 'tuleresult' then
          local text = table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\n')
          if text:find(%q, 1, true) then
            return buf
          end
        end
      end
    end)()]]):format(wanted),
    'rows with `' .. wanted .. '`'
  )
end

---The text of the floating window, once there is one.
function Editor:float(what)
  return self:wait(
    [[(function()
      for _, win in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(win).relative ~= '' then
          return vim.fn.join(vim.fn.getbufline(vim.api.nvim_win_get_buf(win), 1, '$'), '\n')
        end
      end
    end)()]],
    what
  )
end

---Puts the cursor on the first line that has the text, on the text.
function Editor:at(wanted)
  local found = self:lua([[vim.fn.cursor(1, 1) return vim.fn.search('\\V' .. ..., 'cW')]], wanted)
  assert(found > 0, 'no `' .. wanted .. '` in the buffer')
end

function Editor:wait_server()
  self:wait("#vim.lsp.get_clients({ name = 'tule', bufnr = 0 }) == 1", 'the server')
  self:wait("vim.lsp.get_clients({ name = 'tule' })[1].initialized", 'the answer to initialize')
end

---All messages that were shown.
function Editor:messages()
  return self:lua("return vim.api.nvim_exec2('messages', { output = true }).output")
end

function Editor:wait_message(wanted)
  self:wait(
    ("vim.api.nvim_exec2('messages', { output = true }).output:find(%q, 1, true)"):format(wanted),
    'the message `' .. wanted .. '`'
  )
end

function Editor:stop()
  pcall(vim.rpcrequest, self.channel, 'nvim_command', 'qall!')
  vim.fn.jobwait({ self.channel }, 3000)
  vim.fn.jobstop(self.channel)
end

---@param haystack string
---@param needle string
function M.has(haystack, needle)
  if not haystack:find(needle, 1, true) then
    error(('`%s` is not in:\n%s'):format(needle, haystack), 2)
  end
end

function M.equal(found, wanted)
  if not vim.deep_equal(found, wanted) then
    error(('found %s\nwanted %s'):format(vim.inspect(found), vim.inspect(wanted)), 2)
  end
end

---Runs the tests of a file in their order and counts.
---@param tests { [1]: string, [2]: fun() }[]
---@return integer passed
---@return integer failed
function M.run(tests)
  local passed, failed = 0, 0
  for _, test in ipairs(tests) do
    local started = vim.uv.hrtime()
    local ok, why = xpcall(test[2], debug.traceback)
    local ms = math.floor((vim.uv.hrtime() - started) / 1e6)
    if ok then
      passed = passed + 1
      io.write(('ok      %s (%d ms)\n'):format(test[1], ms))
    else
      failed = failed + 1
      io.write(('FAILED  %s\n%s\n'):format(test[1], why))
    end
  end
  return passed, failed
end

return M
