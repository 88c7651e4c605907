; Text objects as Helix names them: a statement is a function, a member of a list a parameter.

(statement) @function.around

(statement
  query: (query) @function.inside)

(common_table) @class.around

(common_table
  query: (query) @class.inside)

[
  (select_item)
  (star)
  (order_item)
  (parameter_declaration)
] @parameter.inside @parameter.around

(call
  argument: (_) @parameter.inside @parameter.around)

(line_comment) @comment.inside

(line_comment)+ @comment.around

(block_comment) @comment.inside @comment.around
