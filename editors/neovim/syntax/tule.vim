" Colours for Tule where there is no tree-sitter parser. What names stand for, the server colours.
if exists('b:current_syntax')
  finish
endif

syntax case ignore

" The words are those of the compiler's tables: TULE_BLESS=1 cargo test -p tule-tests --test editors
" words: begin
" words: end
syntax keyword tuleConstant true false null

syntax match tuleNumber '\<\d\+\(\.\d*\)\?\([eE][+-]\?\d\+\)\?\>'
syntax match tuleParameter '\$[[:alpha:]_][[:alnum:]_]*'
syntax match tuleTable '@[[:alnum:]_-]\+'
syntax match tuleSystemColumn ':\@1<!:@\?[[:alpha:]_][[:alnum:]_]*'
syntax match tuleCast '::\s*[[:alpha:]_]\+'
syntax match tuleOperator '|>\|[-+*/%<>=!|]\+'
syntax region tuleString start=+'+ skip=+''+ end=+'+
syntax region tuleString start=+"+ skip=+""+ end=+"+
syntax region tuleName start=+`+ skip=+``+ end=+`+ oneline
syntax keyword tuleTodo TODO FIXME contained
syntax match tuleComment '--.*$' contains=tuleTodo,@Spell
syntax region tuleComment start='/\*' end='\*/' contains=tuleTodo,@Spell

highlight default link tuleKeyword Keyword
highlight default link tuleFunction Function
highlight default link tuleType Type
highlight default link tuleConstant Constant
highlight default link tuleNumber Number
highlight default link tuleParameter Special
highlight default link tuleTable Structure
highlight default link tuleSystemColumn Identifier
highlight default link tuleCast Type
highlight default link tuleOperator Operator
highlight default link tuleString String
highlight default link tuleName Identifier
highlight default link tuleComment Comment
highlight default link tuleTodo Todo

let b:current_syntax = 'tule'
