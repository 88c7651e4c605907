// The compiler's keywords, written by `TULE_BLESS=1 cargo test -p tule-tests --test grammar`.

module.exports = {
  // No names.
  reserved: [
    'select', 'distinct', 'except', 'as', 'from', 'full', 'left', 'right', 'outer', 'inner',
    'join', 'lateral', 'on', 'where', 'group', 'having', 'order', 'asc', 'desc', 'limit', 'offset',
    'search', 'filter', 'and', 'or', 'not', 'is', 'between', 'like', 'in', 'null', 'true', 'false',
    'union', 'intersect', 'minus'
  ],
  // Names everywhere but in one place.
  contextual: [
    'by', 'nulls', 'first', 'last', 'case', 'when', 'then', 'else', 'end', 'over', 'partition',
    'range', 'rows', 'groups', 'unbounded', 'preceding', 'following', 'current', 'row', 'exclude',
    'ties', 'no', 'others', 'hint', 'all', 'with', 'query', 'default', 'ilike'
  ],
};
