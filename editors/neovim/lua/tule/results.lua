---The split with the rows: one for each buffer of queries, with the last results to go back to.
---It is a buffer like any other: moving, searching and yanking are Neovim's own.
local M = {}

local client = require('tule.client')
local config = require('tule.config')
local page = require('tule.page')
local text = require('tule.text')

local KEPT = 10

---@class tule.View
---@field source integer buffer of the queries
---@field buf integer
---@field history tule.Result[]
---@field shown integer place in the history
---@field rendered tule.Rendered?

---@type table<integer, tule.View> by their own buffer
local views = {}

local namespace = vim.api.nvim_create_namespace('tule.results')

local links = {
  TuleTitle = 'Title',
  TuleHeading = 'Label',
  TuleRule = 'NonText',
  TuleNull = 'Comment',
  TuleFooter = 'Comment',
  TuleWarning = 'WarningMsg',
}

---@param win integer
---@param option string
---@param value any
local function set_local(win, option, value)
  vim.api.nvim_set_option_value(option, value, { win = win, scope = 'local' })
end

---@param source integer
---@return tule.View?
local function of_source(source)
  for _, view in pairs(views) do
    if view.source == source then
      return view
    end
  end
  return nil
end

---The view of a buffer with rows, or of a buffer with queries.
---@param buf integer
---@return tule.View?
function M.of(buf)
  return views[buf] or of_source(buf)
end

---@param view tule.View
---@return tule.Result?
function M.current(view)
  return view.history[view.shown]
end

---@param view tule.View
local function prepare(view)
  local buf = view.buf
  vim.bo[buf].buftype = 'nofile'
  vim.bo[buf].bufhidden = 'hide'
  vim.bo[buf].swapfile = false
  vim.bo[buf].undolevels = -1
  vim.bo[buf].modifiable = false
  vim.bo[buf].filetype = 'tuleresult'
  for group, target in pairs(links) do
    vim.api.nvim_set_hl(0, group, { link = target, default = true })
  end
  require('tule.keys').map(buf)
  local in_group = vim.api.nvim_create_augroup('tule.results.' .. buf, { clear = true })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buf,
    group = in_group,
    once = true,
    callback = function()
      views[buf] = nil
      vim.api.nvim_del_augroup_by_id(in_group)
    end,
  })
  vim.api.nvim_create_autocmd({ 'WinScrolled', 'BufWinEnter' }, {
    buffer = buf,
    group = in_group,
    callback = function()
      M.heading(view)
    end,
  })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = view.source,
    group = in_group,
    once = true,
    callback = vim.schedule_wrap(function()
      pcall(vim.api.nvim_buf_delete, buf, { force = true })
    end),
  })
end

---@param source integer
---@return tule.View
local function ensure(source)
  local view = of_source(source)
  if view then
    return view
  end
  local buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buf, ('tule://rows/%d'):format(source))
  view = { source = source, buf = buf, history = {}, shown = 0 }
  views[buf] = view
  prepare(view)
  return view
end

---@param view tule.View
---@return integer? win
local function window(view)
  local win = vim.fn.bufwinid(view.buf)
  return win ~= -1 and win or nil
end

---Opens the window of a view where none shows it.
---@param view tule.View
---@param focus boolean
function M.open(view, focus)
  local before = vim.api.nvim_get_current_win()
  local win = window(view)
  if not win then
    local settings = config.get().results
    local commands = { below = 'belowright split', right = 'belowright vsplit', tab = 'tab split' }
    vim.cmd(commands[settings.position])
    win = vim.api.nvim_get_current_win()
    vim.api.nvim_win_set_buf(win, view.buf)
    if settings.position == 'below' then
      vim.api.nvim_win_set_height(win, settings.height)
    end
    for option, value in pairs({
      wrap = false,
      number = false,
      relativenumber = false,
      signcolumn = 'no',
      foldenable = false,
      spell = false,
      list = false,
      cursorline = true,
    }) do
      set_local(win, option, value)
    end
  end
  local go = focus or config.get().results.focus
  vim.api.nvim_set_current_win(go and win or before)
end

---Keeps the heading in sight: once it is scrolled away it stands in the bar above the window.
---@param view tule.View
function M.heading(view)
  local win, rendered = window(view), view.rendered
  if not win then
    return
  end
  local bar = ''
  if rendered and rendered.last >= rendered.first then
    local seen = vim.api.nvim_win_call(win, vim.fn.winsaveview)
    if seen.topline > rendered.heading then
      local heading = rendered.lines[rendered.heading]
      bar = '%#TuleHeading#' .. text.status(vim.fn.strcharpart(heading, seen.leftcol))
    end
  end
  if vim.wo[win].winbar ~= bar then
    set_local(win, 'winbar', bar)
  end
end

---@param view tule.View
---@param lines string[]
---@param marks tule.Mark[]
local function write(view, lines, marks)
  local buf = view.buf
  vim.bo[buf].modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  vim.bo[buf].modifiable = false
  vim.api.nvim_buf_clear_namespace(buf, namespace, 0, -1)
  for _, mark in ipairs(marks) do
    vim.api.nvim_buf_set_extmark(buf, namespace, mark.line, mark.from, {
      end_col = mark.to,
      hl_group = mark.group,
    })
  end
end

---@param view tule.View
---@param status string
local function set_status(view, status)
  local win = window(view)
  if win then
    set_local(win, 'statusline', ' ' .. text.status(status))
  end
end

---Shows the current page of the current result.
---@param view tule.View
function M.render(view)
  local result = M.current(view)
  if not result then
    return
  end
  local settings = config.get().results
  local rendered = page.render(result, settings.page, settings.width)
  view.rendered = rendered
  write(view, rendered.lines, rendered.marks)
  local parts = { page.summary(result), page.where(result, settings.page) }
  if page.missing(result) then
    parts[#parts + 1] = result['end']:upper()
  end
  if #view.history > 1 then
    parts[#parts + 1] = ('result %d of %d'):format(view.shown, #view.history)
  end
  parts[#parts + 1] = 'g? help'
  set_status(view, table.concat(parts, ' · '))
  M.heading(view)
end

---Shows a text in the place of rows.
---@param source integer
---@param lines string[]
---@param group string
local function say(source, lines, group)
  local view = ensure(source)
  view.rendered = nil
  M.open(view, false)
  local marks = {} ---@type tule.Mark[]
  for index, line in ipairs(lines) do
    lines[index] = ' ' .. line
    marks[index] = { line = index - 1, from = 0, to = #lines[index], group = group }
  end
  write(view, lines, marks)
  set_status(view, lines[1])
  M.heading(view)
end

---@param source integer
---@param name string?
function M.waiting(source, name)
  local shown = name or 'query'
  say(
    source,
    { text.inert(shown) .. ': asking … (<C-c> or `:Tule cancel` ends it)' },
    'TuleTitle'
  )
end

---@param source integer
---@param message string
function M.progress(source, message)
  local view = of_source(source)
  if view and not view.rendered then
    say(source, { text.inert(message) .. ' … (<C-c> or `:Tule cancel` ends it)' }, 'TuleTitle')
  end
end

---@param source integer
---@param message string
function M.failed(source, message)
  say(source, text.lines(message), 'TuleWarning')
end

---Shows a new result.
---@param source integer
---@param answer table
---@param position lsp.Position
---@param values table<string, string>
function M.show(source, answer, position, values)
  local view = ensure(source)
  local result = answer ---@type tule.Result
  result.mark = client.mark(source, position)
  result.values, result.page = values, 1
  result.order = {}
  for index = 1, #result.rows do
    result.order[index] = index
  end
  view.history[#view.history + 1] = result
  if #view.history > KEPT then
    table.remove(view.history, 1)
  end
  view.shown = #view.history
  M.open(view, false)
  M.render(view)
  local win = window(view)
  if win and view.rendered then
    local line = math.min(view.rendered.first, #view.rendered.lines)
    vim.api.nvim_win_set_cursor(win, { line, 0 })
    vim.api.nvim_win_call(win, function()
      vim.fn.winrestview({ topline = 1, leftcol = 0 })
    end)
    M.heading(view)
  end
end

return M
