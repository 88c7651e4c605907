; The statements of a file that have a name, and the tables that they define.

(statement
  header: (query_header
    "query" @context
    name: (_) @name)) @item

(common_table
  name: (_) @name) @item
