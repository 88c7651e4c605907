; Indentation as nvim-treesitter reads it: what stands in a clause or in parentheses is indented
; once, and `tule fmt` does the rest.

[
  (select_clause)
  (from_clause)
  (join_clause)
  (where_clause)
  (group_by_clause)
  (having_clause)
  (order_by_clause)
  (case_expression)
] @indent.begin

[
  (parameters)
  (common_table)
  (parenthesized_query)
  (parenthesized_expression)
  (call)
  (table_call)
  (filter)
  (over)
  (in_test)
] @indent.begin

[
  ")"
  "end"
] @indent.branch @indent.end

[
  (line_comment)
  (block_comment)
] @indent.auto
