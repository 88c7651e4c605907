; What a file offers, for the list of symbols.

(query_header
  name: (identifier) @definition.function)

(common_table
  name: (identifier) @definition.type)
