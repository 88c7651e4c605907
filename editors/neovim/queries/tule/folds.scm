; What can be folded when it stands on several lines.

[
  (statement)
  (common_table)
  (parenthesized_query)
  (case_expression)
  (over)
  (block_comment)
] @fold
