-- The command and the mappings. Nothing else is loaded before one of them is used or a `.tule`
-- file is opened.
if vim.g.loaded_tule then
  return
end
vim.g.loaded_tule = true

vim.api.nvim_create_user_command('Tule', function(options)
  require('tule.command').run(options)
end, {
  nargs = '*',
  range = true,
  bang = true,
  complete = function(...)
    return require('tule.command').complete(...)
  end,
  desc = 'Run and inspect Tule queries (:help :Tule)',
})

vim.api.nvim_create_user_command('TuleExport', function(options)
  table.insert(options.fargs, 1, 'export')
  require('tule.command').run(options)
end, {
  nargs = '+',
  bang = true,
  complete = function(lead, line, position)
    return require('tule.command').complete(
      lead,
      (line:gsub('TuleExport', 'Tule export')),
      position + 1
    )
  end,
  desc = 'Write all rows of a Tule query into a file',
})

for name, command in pairs({
  run = 'run',
  ['run-ask'] = 'run!',
  url = 'url',
  curl = 'curl',
  plan = 'plan',
  import = 'import',
  datasets = 'datasets',
  card = 'card',
  results = 'results',
}) do
  local word, bang = command:match('^(%a+)(!?)$')
  vim.keymap.set('n', ('<Plug>(tule-%s)'):format(name), ('<Cmd>Tule%s %s<CR>'):format(bang, word))
end
-- In visual mode `:` leaves the marks of the selection, which the command takes as its range.
vim.keymap.set('x', '<Plug>(tule-run)', ':Tule run<CR>', { silent = true })
