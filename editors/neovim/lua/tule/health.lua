---`:checkhealth tule`.
local M = {}

local health = vim.health

local function neovim()
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok('Neovim ' .. tostring(vim.version()))
  elseif vim.fn.has('nvim-0.10') == 1 then
    health.ok('Neovim ' .. tostring(vim.version()) .. ' (the server is started by vim.lsp.start)')
  else
    health.warn('Neovim is older than 0.10: not tested')
  end
end

---@param settings tule.Settings
---@param faults string[]
local function configuration(settings, faults)
  for _, fault in ipairs(faults) do
    health.error(fault, 'see `:help tule-settings`')
  end
  if #faults == 0 then
    health.ok('settings' .. (vim.g.tule and '' or ': the defaults'))
  end
  if not settings.lsp then
    health.info('the language server is not started by the plugin (`lsp = false`)')
  end
end

---@param cmd string[]
local function binary(cmd)
  local path = vim.fn.exepath(cmd[1])
  if path == '' then
    health.error(('`%s` is not on the path'):format(cmd[1]), {
      'install it: cargo install --locked --path crates/tule',
      "or name it: vim.g.tule = { cmd = { '/path/to/tule' } }",
    })
    return
  end
  local asked = vim.list_extend(vim.list_extend({}, cmd), { '--version' })
  local said = vim.trim(vim.fn.system(asked))
  if vim.v.shell_error ~= 0 or not said:find('^tule%S* %d') then
    health.error(('`%s --version` says: %s'):format(path, require('tule.text').inert(said)))
  else
    health.ok(('%s (%s)'):format(said, path))
  end
end

---@param seconds integer
---@return string
local function age(seconds)
  local days = math.floor((os.time() - seconds) / 86400)
  return days < 1 and 'today' or require('tule.text').counted(days, 'day') .. ' ago'
end

---@return string?
local function folder()
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buf) and vim.bo[buf].filetype == 'tule' then
      return vim.fs.dirname(vim.api.nvim_buf_get_name(buf))
    end
  end
  return vim.fn.getcwd()
end

local function project()
  local found = vim.fs.find('tule.toml', { upward = true, path = folder() })[1]
  if not found then
    health.warn('no `tule.toml` in ' .. folder() .. ' or above it', 'begin a project: `tule init`')
    return
  end
  health.ok('project: ' .. found)
  local lock = vim.fs.dirname(found) .. '/tule.lock'
  local stat = (vim.uv or vim.loop).fs_stat(lock)
  if not stat then
    health.warn('no `tule.lock`: queries are not checked against columns', 'run `tule lock`')
    return
  end
  local shown = 'lock file: written ' .. age(stat.mtime.sec)
  if os.time() - stat.mtime.sec > 90 * 86400 then
    health.warn(shown, 'see what changed since: `tule lock --check`, or `:Tule refresh`')
  else
    health.ok(shown)
  end
end

---@param settings tule.Settings
local function tree_sitter(settings)
  if not settings.treesitter then
    health.info('tree-sitter is off (`treesitter = false`)')
    return
  end
  local there, fault = pcall(vim.treesitter.language.inspect, 'tule')
  if not there and vim.api.nvim_get_runtime_file('parser/tule.*', false)[1] then
    health.warn('the tree-sitter parser does not load: ' .. tostring(fault), {
      ('build it anew; this Neovim takes parsers of ABI %d at most'):format(
        vim.treesitter.language_version
      ),
    })
    return
  elseif not there then
    health.info('no tree-sitter parser `tule`: the syntax file colours instead')
    health.info('how to install it: `:help tule-treesitter`')
    return
  end
  for _, kind in ipairs({ 'highlights', 'folds', 'injections', 'locals' }) do
    local ok, why = pcall(vim.treesitter.query.get, 'tule', kind)
    if not ok then
      health.error(('the queries `%s` do not fit the parser: %s'):format(kind, why), {
        'install the parser anew, from the same version as the plugin',
      })
      return
    end
  end
  health.ok('tree-sitter parser and queries')
end

local function server()
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  local clients = get({ name = 'tule' })
  if #clients == 0 then
    health.info('the language server does not run: no `.tule` file is open')
  end
  for _, client in ipairs(clients) do
    local version = (client.server_info or {}).version or ''
    local root = client.config.root_dir or '(no project)'
    health.ok(vim.trim('language server tule ' .. version) .. ' in ' .. root)
  end
end

function M.check()
  local settings, faults = require('tule.config').read()
  health.start('tule')
  neovim()
  configuration(settings, faults)
  binary(settings.cmd)
  project()
  tree_sitter(settings)
  server()
end

return M
