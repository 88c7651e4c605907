-- All tests: `nvim --clean -l tests/run.lua [NAME]…`. Wants TULE_BIN (the program), TULE_PROJECT
-- (a project whose portal answers) and, to test another Neovim than this one, NVIM_CHILD.
local folder = vim.fs.dirname(vim.fs.normalize(debug.getinfo(1, 'S').source:sub(2)))
package.path = ('%s/?.lua;%s/../lua/?.lua;%s/../lua/?/init.lua;%s'):format(
  folder,
  folder,
  folder,
  package.path
)

local harness = require('harness')
local passed, failed = 0, 0
local all = { 'pure', 'editing', 'running', 'setting_up', 'colours' }
for _, name in ipairs(#arg > 0 and arg or all) do
  io.write(('-- %s\n'):format(name))
  local good, bad = harness.run(require(name))
  passed, failed = passed + good, failed + bad
end
io.write(('%d passed, %d failed\n'):format(passed, failed))
os.exit(failed == 0 and passed > 0 and 0 or 1)
