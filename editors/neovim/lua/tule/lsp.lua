---The language server: its configuration, and how it comes to a buffer. From Neovim 0.11 on it is
---the configuration `tule` of `vim.lsp.config`; before, it is started by `vim.lsp.start`.
local M = {}

local config = require('tule.config')

---@type table<integer, table> what the server said of itself, by client
local status = {}

---@param command lsp.Command
---@return table place
---@return integer buf
local function lens_place(command)
  local argument = (command.arguments or {})[1] or {}
  return { position = argument.position }, vim.uri_to_bufnr(argument.uri)
end

---What lenses do. They belong to the client, so that nothing is registered for everybody.
---@return table<string, fun(command: lsp.Command)>
local function commands()
  return {
    ['tule.run'] = function(command)
      local place, buf = lens_place(command)
      require('tule.run').run(buf, place, {})
    end,
    ['tule.copyUrl'] = function(command)
      local place, buf = lens_place(command)
      require('tule.request').copy(buf, place, 'url', {})
    end,
    ['tule.copyCurl'] = function(command)
      local place, buf = lens_place(command)
      require('tule.request').copy(buf, place, 'curl', {})
    end,
    ['tule.plan'] = function(command)
      local place, buf = lens_place(command)
      require('tule.request').plan(buf, place)
    end,
  }
end

---@return vim.lsp.ClientConfig
function M.configuration()
  local settings = config.get()
  local server = vim.tbl_extend('force', settings.server, { results = 'client' })
  return {
    name = 'tule',
    cmd = vim.list_extend(vim.list_extend({}, settings.cmd), { 'lsp' }),
    filetypes = { 'tule' },
    root_markers = { 'tule.toml' },
    settings = { tule = server },
    init_options = vim.tbl_extend('force', server, { status = true }),
    commands = commands(),
    handlers = {
      ['tule/status'] = function(_, result, context)
        status[context.client_id] = result
        vim.api.nvim_exec_autocmds('User', { pattern = 'TuleStatus', modeline = false })
      end,
    },
    on_exit = function(_, _, client_id)
      status[client_id] = nil
    end,
  }
end

---What the server last said of the project of a buffer.
---@param buf integer
---@return table?
function M.status(buf)
  local client = require('tule.client').of(buf)
  return client and status[client.id]
end

local enabled = false

---@param buf integer
local function start(buf)
  if vim.fn.has('nvim-0.11') == 0 then
    local found = vim.fs.find('tule.toml', {
      upward = true,
      path = vim.fs.dirname(vim.api.nvim_buf_get_name(buf)),
    })
    local options = M.configuration()
    options.root_dir = found[1] and vim.fs.dirname(found[1])
    vim.lsp.start(options, { bufnr = buf })
  elseif not enabled then
    enabled = true
    if vim.v.vim_did_enter == 1 then
      vim.lsp.enable('tule')
    else
      vim.api.nvim_create_autocmd('VimEnter', {
        once = true,
        callback = function()
          vim.lsp.enable('tule')
        end,
      })
    end
  end
end

---@param buf integer
---@return integer
local function group(buf)
  return vim.api.nvim_create_augroup('tule.buffer.' .. buf, { clear = true })
end

---Lenses are asked for anew when the text may have changed them. Neovim does this by itself where
---it has `vim.lsp.codelens.enable`.
---@param buf integer
---@param in_group integer
local function keep_lenses(buf, in_group)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buf })
    return
  end
  local function refresh()
    local client = require('tule.client').of(buf)
    if client and client.server_capabilities.codeLensProvider then
      vim.lsp.codelens.refresh({ bufnr = buf })
    end
  end
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged', 'BufWritePost' }, {
    buffer = buf,
    group = in_group,
    callback = refresh,
  })
  refresh()
end

---Colours by tree-sitter where the parser is there; the syntax file and the server do it elsewhere.
---@param buf integer
local function colour(buf)
  if config.get().treesitter then
    pcall(vim.treesitter.start, buf, 'tule')
  end
end

---Sets up what a buffer with queries has.
---@param buf integer
function M.attach(buf)
  local settings = config.get()
  local in_group = group(buf)
  if settings.codelens then
    vim.api.nvim_create_autocmd('LspAttach', {
      buffer = buf,
      group = in_group,
      callback = function(event)
        local client = vim.lsp.get_client_by_id(event.data.client_id)
        if client and client.name == 'tule' then
          keep_lenses(buf, in_group)
        end
      end,
    })
  end
  colour(buf)
  if settings.lsp then
    start(buf)
  end
end

---Undoes what `attach` did, for `b:undo_ftplugin`.
---@param buf integer
function M.detach(buf)
  buf = buf == 0 and vim.api.nvim_get_current_buf() or buf
  vim.api.nvim_clear_autocmds({ group = group(buf) })
  pcall(vim.treesitter.stop, buf)
end

return M
