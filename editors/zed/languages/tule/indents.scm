; Indentation as Zed reads it.

(_
  "("
  ")" @end) @indent

(case_expression
  "end" @end) @indent

[
  (select_clause)
  (where_clause)
  (group_by_clause)
  (order_by_clause)
] @indent
