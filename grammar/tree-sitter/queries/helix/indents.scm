; Indentation as Helix reads it; the same rules as in ../indents.scm.

[
  (select_clause)
  (from_clause)
  (join_clause)
  (where_clause)
  (group_by_clause)
  (having_clause)
  (order_by_clause)
  (case_expression)
  (parameters)
  (common_table)
  (parenthesized_query)
  (parenthesized_expression)
  (call)
  (table_call)
  (filter)
  (over)
  (in_test)
] @indent

[
  ")"
  "end"
] @outdent
