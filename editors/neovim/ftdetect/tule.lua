vim.filetype.add({ extension = { tule = 'tule' } })
