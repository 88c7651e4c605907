-- Colours: by the syntax file, and by tree-sitter where TULE_PARSER is a parser.
local h = require('harness')

local function with(options, act)
  return function()
    local editor = h.start(options)
    local ok, why = xpcall(act, debug.traceback, editor)
    editor:stop()
    if not ok then
      error(why, 0)
    end
  end
end

local tests = {
  {
    'the syntax file colours without a parser',
    with({ args = { 'queries/calls.tule' }, settings = '{ lsp = false }' }, function(editor)
      local function group(text)
        editor:at(text)
        return editor:lua([[return vim.fn.synIDattr(vim.fn.synID(
          vim.fn.line('.'), vim.fn.col('.'), 1), 'name')]])
      end
      h.equal(group('The latest'), 'tuleComment')
      h.equal(group('query'), 'tuleKeyword')
      h.equal(group('$since'), 'tuleParameter')
      h.equal(group('floating_timestamp'), 'tuleType')
      h.equal(group("'2025"), 'tuleString')
      h.equal(group('100'), 'tuleNumber')
      h.equal(group('count'), 'tuleFunction')
      h.equal(group('police_calls'), '')
    end),
  },
}

local parser = vim.env.TULE_PARSER
if not parser or parser == '' then
  io.write('skipped: colours by tree-sitter (no parser)\n')
  return tests
end

local site = vim.fs.dirname(vim.fs.dirname(parser))

table.insert(tests, {
  'tree-sitter colours, folds and is found by the report',
  with({
    args = { '--cmd', 'set rtp^=' .. site, 'queries/calls.tule' },
    settings = ('{ cmd = { %q }, lsp = false }'):format(vim.env.TULE_BIN),
  }, function(editor)
    local newest = editor:lua('return vim.treesitter.language_version')
    if tonumber(vim.env.TULE_PARSER_ABI) > newest then
      -- Its tree-sitter is older than the form of the parser: said so, and the syntax file colours.
      editor:cmd('checkhealth tule')
      h.has(editor:text(), 'WARNING the tree-sitter parser does not load')
      return
    end
    editor:wait('vim.treesitter.highlighter.active[vim.fn.bufnr()] ~= nil', 'the highlighter')
    local function captures(text)
      editor:at(text)
      return table.concat(
        editor:lua(
          [[return vim.tbl_map(function(capture)
          return capture.capture
        end, vim.treesitter.get_captures_at_pos(0, vim.fn.line('.') - 1, vim.fn.col('.') - 1))]]
        ),
        ' '
      )
    end
    h.has(captures('The latest'), 'comment')
    h.has(captures('query'), 'keyword')
    h.has(captures("'2025"), 'string')
    h.has(captures('100'), 'number')
    h.has(captures('count'), 'function')
    for path in vim.fs.dir(h.plugin .. '/queries/tule') do
      local kind = path:match('^(%a+)%.scm$')
      h.equal(editor:lua('return vim.treesitter.query.get("tule", ...) ~= nil', kind), true)
    end
    h.equal(editor:lua('return vim.treesitter.get_parser(0):parse()[1]:root():has_error()'), false)
    editor:lua([[vim.wo.foldmethod, vim.wo.foldexpr = 'expr', 'v:lua.vim.treesitter.foldexpr()']])
    editor:wait('vim.fn.foldlevel(4) > 0', 'folds')
    editor:cmd('checkhealth tule')
    h.has(editor:text(), 'OK tree-sitter parser and queries')
  end),
})

return tests
