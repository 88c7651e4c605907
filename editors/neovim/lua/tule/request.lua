---What can be asked of a statement without asking the portal: which statement it is, its request,
---its plan; and the export, which asks the portal and writes a file.
local M = {}

local client = require('tule.client')
local params = require('tule.params')
local text = require('tule.text')

---Where a portal or the compiler found fault with a statement that was to run.
M.namespace = vim.api.nvim_create_namespace('tule.request')

---@class tule.Options
---@field values table<string, string>? values of parameters
---@field ask boolean? whether values with a default are asked for as well

---Shows a refusal: as a message, and at its place in the query where one is known.
---@param server vim.lsp.Client
---@param buf integer
---@param err table
---@return string message
function M.refused(server, buf, err)
  local message = client.message(err)
  local data = type(err.data) == 'table' and err.data or {}
  if data.range and vim.api.nvim_buf_is_loaded(buf) then
    local from, to = data.range.start, data.range['end']
    vim.diagnostic.set(M.namespace, buf, {
      {
        lnum = from.line,
        col = client.byte(server, buf, from),
        end_lnum = to.line,
        end_col = client.byte(server, buf, to),
        message = table.concat(text.lines(message), '\n'),
        code = data.code,
        source = 'tule',
        severity = vim.diagnostic.severity.ERROR,
      },
    })
    vim.api.nvim_create_autocmd({ 'TextChanged', 'InsertEnter' }, {
      buffer = buf,
      once = true,
      callback = function()
        vim.diagnostic.reset(M.namespace, buf)
      end,
    })
  end
  return message
end

---Finds the statement at a place and the values that it needs, then goes on.
---@param buf integer
---@param place tule.Place
---@param options tule.Options
---@param go_on fun(server: vim.lsp.Client, at: table, statement: tule.Statement, values: table)
function M.statement(buf, place, options, go_on)
  local server = client.need(buf)
  if not server then
    return
  end
  vim.diagnostic.reset(M.namespace, buf)
  local at = client.place(server, buf, place)
  client.request(server, 'tule/statement', at, function(err, statement)
    if err then
      text.fail(M.refused(server, buf, err))
    elseif not statement then
      text.fail('no statement here')
    elseif statement.errors > 0 then
      local what = text.counted(statement.errors, 'error')
      text.fail(('the statement has %s; nothing was asked'):format(what))
    else
      at.position = statement.range.start
      params.ask(buf, statement, options.values or {}, options.ask or false, function(values)
        go_on(server, at, statement, values)
      end)
    end
  end, buf)
end

---@param at table
---@param values table<string, string>
---@return table
function M.with_values(at, values)
  return vim.tbl_extend('force', at, {
    params = next(values) and values or vim.empty_dict(),
  })
end

---Copies the request as an address or as a `curl` command.
---@param buf integer
---@param place tule.Place
---@param form 'url'|'curl'
---@param options tule.Options
function M.copy(buf, place, form, options)
  M.statement(buf, place, options, function(server, at, _, values)
    client.request(server, 'tule/compile', M.with_values(at, values), function(err, answer)
      if err then
        text.fail(M.refused(server, buf, err))
        return
      end
      local copied = answer[form]
      if type(copied) ~= 'string' then
        text.fail(('the statement has no request as %s'):format(form))
        return
      end
      vim.fn.setreg('"', copied)
      if vim.fn.has('clipboard') == 1 then
        vim.fn.setreg('+', copied)
      end
      text.notify('copied ' .. copied)
    end, buf)
  end)
end

---Shows in words what would be asked.
---@param buf integer
---@param place tule.Place
function M.plan(buf, place)
  local server = client.need(buf)
  if not server then
    return
  end
  local at = client.place(server, buf, place)
  local argument = { uri = at.textDocument.uri, position = at.position }
  client.execute(server, 'tule.plan', argument, function(err, markdown)
    if err then
      text.fail(M.refused(server, buf, err))
    elseif type(markdown) ~= 'string' then
      text.fail('no statement here')
    else
      vim.lsp.util.open_floating_preview(text.lines(markdown), 'markdown', {
        focus_id = 'tule.plan',
        border = 'rounded',
        max_width = 100,
      })
    end
  end, buf)
end

local formats = {
  csv = 'csv',
  tsv = 'tsv',
  json = 'json',
  jsonl = 'jsonl',
  ndjson = 'jsonl',
  geojson = 'geojson',
  md = 'markdown',
  txt = 'table',
}

---Runs a statement to its end and has the rows written into a file, whole or not at all.
---@param buf integer
---@param place tule.Place
---@param path string
---@param overwrite boolean
---@param options tule.Options
function M.export(buf, place, path, overwrite, options)
  local format = formats[vim.fn.fnamemodify(path, ':e'):lower()]
  path = vim.fn.fnamemodify(vim.fs.normalize(path), ':p')
  if not format then
    local endings = vim.tbl_keys(formats)
    table.sort(endings)
    text.fail('the form of the rows is the ending of the file: ' .. table.concat(endings, ', '))
    return
  elseif vim.fn.filereadable(path) == 1 and not overwrite then
    text.fail(('`%s` exists; add `!` to replace it'):format(path))
    return
  end
  M.statement(buf, place, options, function(server, at, _, values)
    local asked = M.with_values(at, values)
    asked.format, asked.path = format, path
    client.request(server, 'tule/export', asked, function(err, answer)
      if err then
        text.fail(M.refused(server, buf, err))
        return
      end
      local shown = ('%s, %s into %s'):format(
        text.counted(answer.rows, 'row'),
        text.bytes(answer.bytes),
        vim.fn.fnamemodify(path, ':~:.')
      )
      if answer['end'] == 'whole' then
        text.notify(shown)
      else
        local why = 'CUT: the portal stopped, and there may be more rows (`limit all` reads them)'
        text.notify(shown .. '\n' .. why, vim.log.levels.WARN)
      end
    end, buf)
  end)
end

---Turns a call of a portal's API into a statement below the cursor.
---@param buf integer
---@param call string
function M.import(buf, call)
  local server = client.need(buf)
  if not server then
    return
  end
  local asked = { text = call }
  if vim.bo[buf].filetype == 'tule' then
    asked.textDocument = { uri = vim.uri_from_bufnr(buf) }
  end
  client.request(server, 'tule/import', asked, function(err, answer)
    if err then
      text.fail(client.message(err))
      return
    end
    local lines = vim.split((answer.statement:gsub('%s+$', '')), '\n')
    if vim.bo[buf].filetype ~= 'tule' or not vim.bo[buf].modifiable then
      vim.cmd.new()
      vim.bo.filetype = 'tule'
      vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
    else
      vim.api.nvim_put(lines, 'l', true, true)
    end
    for _, note in ipairs(answer.notes or {}) do
      text.notify(note)
    end
  end, buf)
end

return M
