; Text objects as nvim-treesitter-textobjects names them. A statement is the function of a query
; file, a clause its block, and a member of any list a parameter.

(statement) @function.outer

(statement
  query: (query) @function.inner)

(statement) @statement.outer

[
  (select_clause)
  (from_clause)
  (join_clause)
  (where_clause)
  (group_by_clause)
  (having_clause)
  (order_by_clause)
  (search_clause)
  (limit_clause)
  (offset_clause)
] @block.outer

(where_clause
  condition: (_) @block.inner)

(having_clause
  condition: (_) @block.inner)

(join_clause
  condition: (_) @block.inner)

[
  (select_item)
  (star)
  (order_item)
  (parameter_declaration)
] @parameter.outer @parameter.inner

(call
  argument: (_) @parameter.outer @parameter.inner)

(call) @call.outer

(call
  argument: (_) @call.inner)

(case_expression) @conditional.outer

(when_clause
  value: (_) @conditional.inner)

(else_clause
  value: (_) @conditional.inner)

(select_item
  value: (_) @assignment.rhs
  alias: (_) @assignment.lhs) @assignment.outer

(integer) @number.inner

(number) @number.inner

[
  (line_comment)
  (block_comment)
] @comment.outer
