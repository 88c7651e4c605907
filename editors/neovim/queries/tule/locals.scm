; What a name in a statement stands for. Columns are the portal's: no file defines them.

(statement) @local.scope

(parameter_declaration
  name: (parameter) @local.definition.parameter)

(common_table
  name: (identifier) @local.definition.type)

(from_clause
  alias: (identifier) @local.definition.var)

(join_clause
  alias: (identifier) @local.definition.var)

(select_item
  alias: (identifier) @local.definition.field)

(parameter) @local.reference

(column
  (identifier) @local.reference)

(table
  (identifier) @local.reference)
