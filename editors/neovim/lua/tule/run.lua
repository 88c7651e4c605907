---Running statements: one after the other, each into the results of its query's buffer.
local M = {}

local client = require('tule.client')
local request = require('tule.request')
local results = require('tule.results')
local text = require('tule.text')

---@class tule.Running
---@field server vim.lsp.Client
---@field id integer?
---@field token string

---@type table<integer, tule.Running> what runs, by the buffer of its query
local running = {}

local tokens = 0

---@param buf integer
---@return string
local function new_token(buf)
  tokens = tokens + 1
  return ('tule-run-%d-%d'):format(buf, tokens)
end

---Shows the progress of a run in the place where its rows will be.
---@param buf integer
---@param token string
---@return integer? autocmd
local function watch(buf, token)
  if vim.fn.has('nvim-0.10') == 0 then
    return nil
  end
  return vim.api.nvim_create_autocmd('LspProgress', {
    callback = function(event)
      local told = event.data and event.data.params or {}
      if told.token == token and told.value and told.value.message then
        results.progress(buf, told.value.message)
      end
    end,
  })
end

---@param buf integer
---@return boolean whether something ran
function M.cancel(buf)
  local run = running[buf]
  if not run then
    return false
  end
  running[buf] = nil
  if run.id then
    client.cancel(run.server, run.id)
  end
  results.failed(buf, 'cancelled')
  return true
end

---@param buf integer
---@param server vim.lsp.Client
---@param at table
---@param statement tule.Statement
---@param values table<string, string>
---@param done fun()?
local function start(buf, server, at, statement, values, done)
  M.cancel(buf)
  local run = { server = server, token = new_token(buf) } ---@type tule.Running
  running[buf] = run
  results.waiting(buf, statement.name)
  local watcher = watch(buf, run.token)
  local asked = request.with_values(at, values)
  asked.workDoneToken = run.token
  local id = client.request(server, 'tule/run', asked, function(err, answer)
    if watcher then
      vim.api.nvim_del_autocmd(watcher)
    end
    if running[buf] ~= run then
      return
    end
    running[buf] = nil
    if err then
      local message = request.refused(server, buf, err)
      results.failed(buf, message)
      text.fail(message)
      return
    end
    results.show(buf, answer, at.position, values)
    if done then
      done()
    end
  end, buf)
  run.id = id
end

---Runs the statement at a place.
---@param buf integer
---@param place tule.Place
---@param options tule.Options
function M.run(buf, place, options)
  request.statement(buf, place, options, function(server, at, statement, values)
    start(buf, server, at, statement, values)
  end)
end

---Runs the statements of some lines, in their order, until one fails.
---@param buf integer
---@param first integer from 1
---@param last integer
---@param options tule.Options
function M.lines(buf, first, last, options)
  local server = client.need(buf)
  if not server then
    return
  end
  local function step(line, found)
    if line > last then
      if not found then
        text.fail('no statement in these lines')
      end
      return
    end
    local at = client.place(server, buf, { line = line })
    client.request(server, 'tule/statement', at, function(err, statement)
      if err or not statement then
        step(line + 1, found)
        return
      end
      request.statement(buf, { position = statement.range.start }, options, function(_, ...)
        local place, stated, values = ...
        start(buf, server, place, stated, values, function()
          step(statement.range['end'].line + 2, true)
        end)
      end)
    end, buf)
  end
  step(first, false)
end

return M
