; What a file offers to others and asks of them.

(statement
  header: (query_header
    name: (identifier) @name)) @definition.function

(common_table
  name: (identifier) @name) @definition.type

(table
  [
    (identifier)
    (table_identifier)
  ] @name) @reference.type

(call
  name: (identifier) @name) @reference.call
