; What a name in a statement stands for, as Helix reads it. Columns are the portal's.

(statement) @local.scope

(parameter_declaration
  name: (parameter) @local.definition.variable.parameter)

(parameter) @local.reference
