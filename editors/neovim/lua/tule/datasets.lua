---The list of datasets and the card of one of them.
local M = {}

local client = require('tule.client')
local text = require('tule.text')

---@class tule.Dataset
---@field name string?
---@field host string
---@field id string
---@field title string?
---@field rows integer?
---@field updatedAt string?
---@field locked boolean

---@param lines string[]
---@param name string
---@param filetype string
---@return integer buf
local function split(lines, name, filetype)
  local old = vim.fn.bufnr('^' .. vim.fn.escape(name, '[]{}*?,\\') .. '$')
  if old ~= -1 then
    vim.api.nvim_buf_delete(old, { force = true })
  end
  vim.cmd(('botright %dsplit'):format(math.max(5, math.min(#lines + 1, 15))))
  local buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_win_set_buf(0, buf)
  vim.api.nvim_buf_set_name(buf, name)
  vim.bo[buf].bufhidden = 'wipe'
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  vim.bo[buf].modifiable = false
  vim.bo[buf].filetype = filetype
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buf, nowait = true, desc = 'Tule: close' })
  return buf
end

---Shows what is known of a dataset.
---@param buf integer
---@param asked table parameters of `tule/card`
function M.card(buf, asked)
  local server = client.need(buf)
  if not server then
    return
  end
  client.request(server, 'tule/card', asked, function(err, card)
    if err then
      text.fail(client.message(err))
    elseif not card then
      text.fail('no dataset here')
    else
      local name = ('tule://card/%s/%s'):format(text.inert(card.host), text.inert(card.id))
      local shown = split(text.lines(card.markdown), name, 'markdown')
      pcall(vim.treesitter.start, shown, 'markdown')
      vim.wo.conceallevel, vim.wo.wrap, vim.wo.linebreak = 2, true, true
    end
  end, buf)
end

---Shows what is known of the dataset at the cursor.
---@param buf integer
function M.card_here(buf)
  local server = client.need(buf)
  if server then
    M.card(buf, client.place(server, buf, {}))
  end
end

---@param dataset tule.Dataset
---@return string
local function reference(dataset)
  return dataset.name or ("'%s/%s'"):format(dataset.host, dataset.id)
end

---@param datasets tule.Dataset[]
---@return string[]
local function lines_of(datasets)
  local lines, width = {}, 0
  for _, dataset in ipairs(datasets) do
    width = math.max(width, text.width(text.inert(reference(dataset))))
  end
  for index, dataset in ipairs(datasets) do
    local name = text.inert(reference(dataset))
    local rows = dataset.rows
    local facts = {
      ('%s/%s'):format(dataset.host, dataset.id),
      dataset.locked and 'locked' or 'not locked',
      rows and text.counted(rows, 'row') or nil,
      dataset.title or '(no title)',
    }
    local shown = {}
    for place = 1, 4 do
      shown[#shown + 1] = facts[place] and text.inert(facts[place]) or nil
    end
    lines[index] = name .. (' '):rep(width - text.width(name) + 2) .. table.concat(shown, ' · ')
  end
  return lines
end

---@param source integer
---@param list integer
---@param datasets tule.Dataset[]
local function map(source, list, datasets)
  local function on_dataset(act)
    return function()
      local dataset = datasets[vim.api.nvim_win_get_cursor(0)[1]]
      if dataset then
        act(dataset)
      end
    end
  end
  local function card(dataset)
    M.card(source, {
      textDocument = { uri = vim.uri_from_bufnr(source) },
      dataset = ('%s/%s'):format(dataset.host, dataset.id),
    })
  end
  local function insert(dataset)
    local win = vim.fn.bufwinid(source)
    if win == -1 then
      text.fail('the buffer of the query is not in a window')
      return
    end
    vim.api.nvim_set_current_win(win)
    vim.api.nvim_put({ reference(dataset) }, 'c', true, true)
  end
  local keys = { ['<CR>'] = { card, 'show its card' }, i = { insert, 'insert its name' } }
  for key, act in pairs(keys) do
    vim.keymap.set('n', key, on_dataset(act[1]), {
      buffer = list,
      nowait = true,
      desc = 'Tule: ' .. act[2],
    })
  end
end

---@param buf integer
---@param answer { datasets: tule.Dataset[], offline: boolean }
local function show(buf, answer)
  if #answer.datasets == 0 then
    local where = answer.offline and 'in the lock file' or 'in the portals'
    text.notify(('no dataset found %s; `:Tule datasets WORDS` searches'):format(where))
    return
  end
  local list = split(lines_of(answer.datasets), 'tule://datasets', 'tuledatasets')
  vim.wo.cursorline, vim.wo.wrap = true, false
  vim.wo.winbar = ' %#Title#Datasets%* · <CR> card · i insert · q close'
    .. (answer.offline and ' · from the lock file, the portals were not asked' or '')
  map(buf, list, answer.datasets)
end

---Lists datasets: those of the project, or what the portals have for some words.
---@param buf integer
---@param words string
function M.list(buf, words)
  local server = client.need(buf)
  if not server then
    return
  end
  local asked = vim.empty_dict()
  if words ~= '' then
    asked.words = words
  end
  if vim.bo[buf].filetype == 'tule' then
    asked.textDocument = { uri = vim.uri_from_bufnr(buf) }
  end
  client.request(server, 'tule/datasets', asked, function(err, answer)
    if err then
      text.fail(client.message(err))
    else
      show(buf, answer)
    end
  end, buf)
end

return M
