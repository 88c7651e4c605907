---`:Tule`: a table of subcommands, and the completion of their words.
local M = {}

local client = require('tule.client')
local params = require('tule.params')
local text = require('tule.text')

---@class tule.Call
---@field buf integer the buffer of the queries
---@field words string[]
---@field rest string what was written behind the subcommand, as it was written
---@field bang boolean
---@field lines [integer, integer]? the range that was given
---@field from_rows tule.Result? the result in whose split the command was given

---@class tule.Subcommand
---@field run fun(call: tule.Call)
---@field complete (fun(buf: integer, lead: string): string[])?
---@field most integer? words at most

---@param call tule.Call
---@return tule.Place place
---@return tule.Options? options nil after a message
local function asked(call)
  local values = params.parse(call.words)
  if not values then
    return {}, nil
  end
  local shown = call.from_rows
  if shown then
    local all = vim.tbl_extend('force', shown.values, values)
    return { mark = shown.mark }, { values = all, ask = call.bang }
  end
  return { line = call.lines and call.lines[1] }, { values = values, ask = call.bang }
end

---@param form 'url'|'curl'
---@return fun(call: tule.Call)
local function copy(form)
  return function(call)
    local place, options = asked(call)
    if options then
      require('tule.request').copy(call.buf, place, form, options)
    end
  end
end

---@param call tule.Call
local function run(call)
  local place, options = asked(call)
  if options and call.lines then
    require('tule.run').lines(call.buf, call.lines[1], call.lines[2], options)
  elseif options then
    require('tule.run').run(call.buf, place, options)
  end
end

---@param call tule.Call
local function export(call)
  local path = table.remove(call.words, 1)
  if not path then
    text.fail('write the file that the rows go into: `:Tule export rows.csv`')
    return
  end
  local place, options = asked(call)
  if options then
    options.ask = false
    require('tule.request').export(call.buf, place, path, call.bang, options)
  end
end

---@param call tule.Call
local function import(call)
  if call.rest ~= '' then
    require('tule.request').import(call.buf, call.rest)
    return
  end
  vim.ui.input({ prompt = 'Address, `curl` command or body: ' }, function(typed)
    if typed and typed ~= '' then
      require('tule.request').import(call.buf, typed)
    end
  end)
end

---@param command string
---@param argument (fun(call: tule.Call): any)?
---@param done fun(result: any)
---@return fun(call: tule.Call)
local function execute(command, argument, done)
  return function(call)
    local server = client.need(call.buf)
    if not server then
      return
    end
    local given = argument and argument(call)
    if not given then
      local at = client.place(server, call.buf, {})
      given = { uri = at.textDocument.uri, position = at.position }
    end
    client.execute(server, command, given, function(err, result)
      if err then
        text.fail(client.message(err))
      else
        done(result)
      end
    end, call.buf)
  end
end

---@param result any
local function refreshed(result)
  local changed = type(result) == 'table' and result.changed or {}
  if #changed == 0 then
    text.notify('schemas fetched; nothing changed')
  else
    text.notify('schemas fetched; changed: ' .. table.concat(changed, ', '))
  end
end

---The program asks for the token itself, so that no Lua ever sees it.
---@param call tule.Call
local function login(call)
  local command = vim.list_extend({}, require('tule.config').get().cmd)
  vim.list_extend(command, { 'login' })
  vim.list_extend(command, call.words)
  local name = vim.api.nvim_buf_get_name(call.buf)
  local folder = name ~= '' and vim.fs.dirname(name) or nil
  if folder and vim.fn.isdirectory(folder) == 0 then
    folder = nil
  end
  vim.cmd('belowright 6new')
  if vim.fn.has('nvim-0.11') == 1 then
    vim.fn.jobstart(command, { term = true, cwd = folder })
  else
    vim.fn.termopen(command, { cwd = folder })
  end
  vim.cmd.startinsert()
end

local function log()
  local lsp_log = require('vim.lsp.log')
  vim.cmd.split(vim.fn.fnameescape(lsp_log.get_filename()))
  vim.cmd.normal({ 'G', bang = true })
end

---@param buf integer
---@param lead string
---@return string[]
local function parameters(buf, lead)
  local server = client.of(buf)
  if not server or lead:find('=') then
    return {}
  end
  local statement = client.ask(server, 'tule/statement', client.place(server, buf, {}), buf)
  if type(statement) ~= 'table' then
    return {}
  end
  return vim.tbl_map(function(parameter)
    return parameter.name .. '='
  end, statement.parameters)
end

---@param buf integer
---@return string[]
local function portals(buf)
  local status = require('tule.lsp').status(buf)
  return status and vim.deepcopy(status.portals) or {}
end

---@type table<string, tule.Subcommand>
local subcommands = {
  run = { run = run, complete = parameters },
  url = { run = copy('url'), complete = parameters },
  curl = { run = copy('curl'), complete = parameters },
  plan = {
    most = 0,
    run = function(call)
      require('tule.request').plan(call.buf, (asked(call)))
    end,
  },
  export = {
    run = export,
    complete = function(_, lead)
      return vim.fn.getcompletion(lead, 'file')
    end,
  },
  import = { run = import },
  datasets = {
    run = function(call)
      require('tule.datasets').list(call.buf, call.rest)
    end,
  },
  card = {
    most = 0,
    run = function(call)
      require('tule.datasets').card_here(call.buf)
    end,
  },
  results = {
    most = 0,
    run = function(call)
      local results = require('tule.results')
      local view = results.of(call.buf)
      if view then
        results.open(view, true)
        results.render(view)
      else
        text.fail('nothing was run in this buffer')
      end
    end,
  },
  cancel = {
    most = 0,
    run = function(call)
      if not require('tule.run').cancel(call.buf) then
        text.notify('nothing runs')
      end
    end,
  },
  refresh = { most = 0, run = execute('tule.refresh', nil, refreshed) },
  reload = {
    most = 0,
    run = execute('tule.reload', nil, function()
      text.notify('read `tule.toml` and `tule.lock` again')
    end),
  },
  trust = {
    most = 1,
    run = function(call)
      local host = call.words[1]
      if not host then
        text.fail('write the host that tokens may be sent to in this session: `:Tule trust HOST`')
        return
      end
      execute('tule.trust', function()
        return { host = host }
      end, function()
        text.notify(('tokens may be sent to `%s` until Neovim ends'):format(host))
      end)(call)
    end,
  },
  login = { run = login, complete = portals },
  log = { most = 0, run = log },
}

---@param name string?
---@return tule.Subcommand?
local function find(name)
  local known = vim.tbl_keys(subcommands)
  table.sort(known)
  if not name then
    text.fail('write what to do: ' .. table.concat(known, ', '))
    return nil
  end
  local subcommand = subcommands[name]
  if not subcommand then
    text.fail(('no `:Tule %s`; there are %s'):format(name, table.concat(known, ', ')))
  end
  return subcommand
end

---@param options table of `nvim_create_user_command`
function M.run(options)
  local words = vim.list_extend({}, options.fargs)
  local name = table.remove(words, 1)
  local subcommand = find(name)
  if not subcommand then
    return
  elseif subcommand.most and #words > subcommand.most then
    text.fail(('`:Tule %s` takes no `%s`'):format(name, words[subcommand.most + 1]))
    return
  end
  local buf = vim.api.nvim_get_current_buf()
  local results = require('tule.results')
  local view = vim.bo[buf].filetype == 'tuleresult' and results.of(buf) or nil
  subcommand.run({
    buf = view and view.source or buf,
    words = words,
    rest = vim.trim(options.args):match('^%S+%s*(.*)$') or '',
    bang = options.bang,
    lines = options.range > 0 and { options.line1, options.line2 } or nil,
    from_rows = view and results.current(view),
  })
end

---@param lead string
---@param line string
---@param position integer
---@return string[]
function M.complete(lead, line, position)
  local before = line:sub(1, position - #lead)
  local name = before:match('Tule!?%s+(%a+)%s')
  local found
  if name then
    local subcommand = subcommands[name]
    local buf = vim.api.nvim_get_current_buf()
    found = subcommand and subcommand.complete and subcommand.complete(buf, lead) or {}
  else
    found = vim.tbl_keys(subcommands)
  end
  found = vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, found)
  table.sort(found)
  return found
end

return M
