; Text objects as Zed names them.

(statement) @function.around

(statement
  query: (query) @function.inside)

(common_table) @class.around

(common_table
  query: (query) @class.inside)

(line_comment)+ @comment.around

(block_comment) @comment.around
