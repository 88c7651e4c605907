/**
 * Tule, a superset of SoQL, for tree-sitter.
 *
 * The compiler's parser (crates/tule-syntax) is the authority; grammar/check compares what both
 * accept. Levels of expressions are rules of their own rather than precedences, since that is how
 * the language is defined: `a = b is null` is an expression and `a is null = b` is none.
 *
 * Words that mean something in one place only need no rule to be names elsewhere: where no keyword
 * can stand, tree-sitter reads a word as a name. The two places where both can stand are the
 * beginning of an expression (`case`, `param`) and the place behind SELECT (`hint`).
 */

const words = require('./words.js');

// What may stand in a name: the Java rules that SoQL goes by.
const PART = '\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}\\p{Nd}\\p{Mc}\\p{Mn}\\p{Cf}';
const QUOTED_START = '\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}\\-';

/** A word in any case of ASCII letters; a flag for it would take letters such as `ſ` as well. */
const anyCase = (word) =>
  new RustRegex([...word].map((c) => (/[a-z]/.test(c) ? `[${c}${c.toUpperCase()}]` : c)).join(''));

/** A keyword; in the tree it is an anonymous node in lower case, whatever its spelling. */
const kw = (word) => {
  if (!words.reserved.includes(word) && !words.contextual.includes(word)) {
    throw new Error(`not a keyword of the compiler: ${word}`);
  }
  return alias(anyCase(word), word);
};

const list1 = (rule) => seq(rule, repeat(seq(',', rule)));
const list = (rule) => optional(list1(rule));
const parens = (rule) => seq('(', rule, ')');

module.exports = grammar({
  name: 'tule',

  word: ($) => $.identifier,

  extras: ($) => [/[ \t\r\n]/, $.line_comment, $.block_comment],

  reserved: {
    global: () => words.reserved.map(anyCase),
    // `$x default 1` has no type, not one called `default`.
    parameter_type: () => [...words.reserved, 'default'].map(anyCase),
  },

  rules: {
    source_file: ($) => seq(repeat(seq(optional($.statement), ';')), optional($.statement)),

    statement: ($) =>
      seq(
        field('header', optional($.query_header)),
        field('with', optional($.with_clause)),
        field('query', $.query),
      ),

    query_header: ($) =>
      seq(kw('query'), field('name', $._name), optional($.parameters), kw('as')),

    parameters: ($) => parens(list($.parameter_declaration)),

    parameter_declaration: ($) =>
      seq(
        field('name', $.parameter),
        field('type', alias($._parameter_type, $.type)),
        optional(seq(kw('default'), field('default', $._expression))),
      ),

    _parameter_type: ($) =>
      choice(reserved('parameter_type', $.identifier), $.quoted_identifier),

    with_clause: ($) => seq(kw('with'), list1($.common_table)),

    common_table: ($) =>
      seq(
        field('name', choice($._name, $.table_identifier)),
        kw('as'),
        '(',
        field('query', $.query),
        ')',
      ),

    // Queries ---------------------------------------------------------------------------------

    query: ($) => prec.right(seq($._query_atom, repeat($._step))),

    _step: ($) => choice($.pipe, $.set_operation),

    pipe: ($) => seq('|>', $._plain_query),

    set_operation: ($) =>
      seq(choice(kw('union'), kw('intersect'), kw('minus')), optional(kw('all')), $._query_atom),

    _query_atom: ($) => choice($.select, $.parenthesized_query),

    parenthesized_query: ($) => parens($.query),

    // Behind `|>`: one select, in parentheses or not.
    _plain_query: ($) =>
      choice($.select, alias($._parenthesized_select, $.parenthesized_query)),

    _parenthesized_select: ($) => parens($._plain_query),

    select: ($) => choice($._select_first, $._from_first),

    _select_first: ($) =>
      prec.right(
        seq($.select_clause, optional($.from_clause), repeat($.join_clause), optional($._filtered)),
      ),

    // FROM may stand in front, so that columns are known while SELECT is typed.
    _from_first: ($) =>
      prec.right(
        seq(
          $.from_clause,
          repeat($.join_clause),
          optional(seq($.select_clause, repeat($.join_clause))),
          optional($._filtered),
        ),
      ),

    // The clauses behind the tables, each optional and in this order.
    _filtered: ($) =>
      prec.right(choice(seq($.where_clause, optional($._grouped)), $._grouped)),
    _grouped: ($) =>
      prec.right(choice(seq($.group_by_clause, optional($._kept)), $._kept)),
    _kept: ($) => prec.right(choice(seq($.having_clause, optional($._sorted)), $._sorted)),
    _sorted: ($) =>
      prec.right(
        choice(
          seq($.order_by_clause, optional($.search_clause), optional($._cut)),
          seq($.search_clause, optional($.order_by_clause), optional($._cut)),
          $._cut,
        ),
      ),
    _cut: ($) =>
      prec.right(
        choice(
          seq($.limit_clause, optional($.offset_clause)),
          seq($.offset_clause, optional($.limit_clause)),
        ),
      ),

    // SELECT ----------------------------------------------------------------------------------

    // To the right: behind a bare SELECT, `left` begins a call before it begins a join.
    select_clause: ($) =>
      prec.right(
        seq(kw('select'), optional($.hints), optional($.distinct), optional($._select_list)),
      ),

    hints: ($) => seq(kw('hint'), parens(list(alias($._name, $.hint)))),

    distinct: ($) => seq(kw('distinct'), optional(seq(kw('on'), parens(list($._expression))))),

    // `:*` once, `*` of any table, then expressions.
    _select_list: ($) =>
      choice(
        seq(
          alias($.system_star, $.star),
          repeat(seq(',', $.star)),
          repeat(seq(',', $.select_item)),
        ),
        seq($.star, repeat(seq(',', $.star)), repeat(seq(',', $.select_item))),
        list1($.select_item),
      ),

    system_star: ($) =>
      seq(
        optional(seq(field('table', $.table_identifier), '.')),
        ':*',
        optional(parens(seq(kw('except'), list1($.system_identifier)))),
      ),

    star: ($) =>
      seq(
        optional(seq(field('table', $.table_identifier), '.')),
        '*',
        optional(parens(seq(kw('except'), list1($._name)))),
      ),

    select_item: ($) =>
      prec.right(
        seq(
          field('value', $._expression),
          optional(seq(kw('as'), field('alias', choice($._name, $.system_identifier)))),
        ),
      ),

    // FROM and JOIN ---------------------------------------------------------------------------

    from_clause: ($) =>
      prec.right(
        seq(kw('from'), choice($._named_source, $._query_source), optional($._table_alias)),
      ),

    join_clause: ($) =>
      seq(
        optional(
          choice(
            kw('inner'),
            seq(choice(kw('left'), kw('right'), kw('full')), optional(kw('outer'))),
          ),
        ),
        kw('join'),
        optional(kw('lateral')),
        choice(
          seq($._named_source, optional($._table_alias)),
          // A query in JOIN needs a name.
          seq($._query_source, $._table_alias),
        ),
        kw('on'),
        field('condition', $._expression),
      ),

    _named_source: ($) => field('source', choice($.table, $.table_call)),

    _query_source: ($) =>
      field('source', choice($.parenthesized_query, alias($._bare_query, $.query))),

    // A query without parentheses, as JOIN allows.
    _bare_query: ($) =>
      prec.right(seq(alias($._select_first, $.select), repeat($._step))),

    table: ($) => choice($._name, $.table_identifier, $.string),

    table_call: ($) => seq(field('name', $.table_identifier), parens(list($._expression))),

    _table_alias: ($) => seq(kw('as'), field('alias', choice($._name, $.table_identifier))),

    // The other clauses -----------------------------------------------------------------------

    where_clause: ($) => seq(kw('where'), field('condition', $._expression)),

    group_by_clause: ($) => seq(kw('group'), kw('by'), list1($._expression)),

    having_clause: ($) => seq(kw('having'), field('condition', $._expression)),

    order_by_clause: ($) => seq(kw('order'), kw('by'), list1($.order_item)),

    order_item: ($) =>
      seq(
        $._expression,
        optional(choice(kw('asc'), kw('desc'))),
        optional(seq(choice(kw('nulls'), kw('null')), choice(kw('first'), kw('last')))),
      ),

    search_clause: ($) => seq(kw('search'), $.string),

    limit_clause: ($) => seq(kw('limit'), choice($.integer, $.parameter, kw('all'))),

    offset_clause: ($) => seq(kw('offset'), choice($.integer, $.parameter)),

    // Expressions, loosest first --------------------------------------------------------------

    _expression: ($) => choice($.or_expression, $._conjunction),

    or_expression: ($) => seq($._conjunction, repeat1(seq(kw('or'), $._conjunction))),

    _conjunction: ($) => choice($.and_expression, $._negation),

    and_expression: ($) => seq($._negation, repeat1(seq(kw('and'), $._negation))),

    _negation: ($) => choice($.not_expression, $._test),

    not_expression: ($) => seq(kw('not'), $._negation),

    _test: ($) =>
      choice($.null_test, $.distinct_test, $.like_test, $.between_test, $.in_test, $._comparison),

    null_test: ($) => seq($._test, kw('is'), optional(kw('not')), kw('null')),

    distinct_test: ($) =>
      seq($._test, kw('is'), optional(kw('not')), kw('distinct'), kw('from'), $._comparison),

    // What stands behind LIKE and BETWEEN takes every test that follows.
    like_test: ($) =>
      prec.right(seq($._test, optional(kw('not')), choice(kw('like'), kw('ilike')), $._test)),

    between_test: ($) =>
      prec.right(seq($._test, optional(kw('not')), kw('between'), $._test, kw('and'), $._test)),

    in_test: ($) => seq($._test, optional(kw('not')), kw('in'), parens(list1($._expression))),

    _comparison: ($) => choice(alias($.comparison, $.binary_expression), $._sum),

    comparison: ($) =>
      binary($._comparison, choice('=', '==', '<>', '!=', '<', '<=', '>', '>='), $._sum),

    _sum: ($) => choice(alias($.sum, $.binary_expression), $._product),

    sum: ($) => binary($._sum, choice('+', '-', '||'), $._product),

    _product: ($) => choice(alias($.product, $.binary_expression), $._power),

    product: ($) => binary($._product, choice('*', '/', '%'), $._power),

    _power: ($) => choice(alias($.power, $.binary_expression), $._signed),

    power: ($) => binary($._signed, '^', $._power),

    _signed: ($) => choice($.unary_expression, $._cast),

    unary_expression: ($) => seq(field('operator', choice('+', '-')), $._signed),

    _cast: ($) => choice($.cast, $._access),

    cast: ($) => seq($._cast, '::', field('type', alias($._name, $.type))),

    _access: ($) => choice($.field_access, $.subscript, $._atom),

    field_access: ($) => seq($._access, '.', field('field', $._name)),

    subscript: ($) => seq($._access, '[', field('index', $._expression), ']'),

    _atom: ($) =>
      choice(
        $._literal,
        $.parenthesized_expression,
        $.column,
        $.qualified_column,
        $.parameter,
        $.hole,
        $.call,
        $.user_parameter,
        $.case_expression,
      ),

    // Below a call, so that `case (x)` is one until WHEN follows.
    parenthesized_expression: ($) => prec(-1, parens($._expression)),

    // Names that are keywords as well are columns where their own rules do not go on.
    column: ($) =>
      prec(
        1,
        choice(
          $._name,
          $.system_identifier,
          alias(kw('case'), $.identifier),
          alias('param', $.identifier),
        ),
      ),

    qualified_column: ($) =>
      seq(
        field('table', $.table_identifier),
        '.',
        field('column', choice($._name, $.system_identifier)),
      ),

    call: ($) =>
      prec.right(
        seq(
          field(
            'name',
            choice(
              $._name,
              alias(kw('case'), $.identifier),
              // Functions of other dialects, which the checker knows.
              alias(kw('left'), $.identifier),
              alias(kw('right'), $.identifier),
            ),
          ),
          '(',
          choice(
            field('argument', '*'),
            seq(kw('distinct'), list1(field('argument', $._expression))),
            list(field('argument', $._expression)),
          ),
          ')',
          optional($.filter),
          optional($.over),
        ),
      ),

    filter: ($) =>
      seq(
        kw('filter'),
        parens(optional(seq(kw('where'), field('condition', $._expression)))),
      ),

    over: ($) =>
      seq(
        kw('over'),
        parens(
          seq(optional($.partition_by), optional($.order_by_clause), optional($.frame)),
        ),
      ),

    partition_by: ($) => seq(kw('partition'), kw('by'), list1($._expression)),

    frame: ($) =>
      seq(
        choice(kw('range'), kw('rows'), kw('groups')),
        choice($.frame_bound, seq(kw('between'), $.frame_bound, kw('and'), $.frame_bound)),
        optional(
          seq(
            kw('exclude'),
            choice(
              seq(kw('current'), kw('row')),
              kw('group'),
              kw('ties'),
              seq(kw('no'), kw('others')),
            ),
          ),
        ),
      ),

    frame_bound: ($) =>
      choice(
        seq(choice(kw('unbounded'), $.integer), choice(kw('preceding'), kw('following'))),
        seq(kw('current'), kw('row')),
      ),

    // `param('name')`, a parameter of the portal's own; only this spelling counts.
    user_parameter: ($) =>
      seq(
        'param',
        parens(
          seq(optional(seq(field('view', $.table_identifier), ',')), field('name', $.string)),
        ),
      ),

    // The first and the last go before reading `case` as a column or a call.
    case_expression: ($) =>
      choice(
        prec(2, seq(kw('case'), ...arms($))),
        seq(kw('case'), field('subject', $._expression), ...arms($)),
        prec(2, seq(kw('case'), parens(field('subject', $._expression)), ...arms($))),
      ),

    when_clause: ($) =>
      seq(
        kw('when'),
        field('condition', $._expression),
        kw('then'),
        field('value', $._expression),
      ),

    else_clause: ($) => seq(kw('else'), field('value', $._expression)),

    // Literals and names ----------------------------------------------------------------------

    _literal: ($) => choice($.integer, $.number, $.string, $.boolean, $.null),

    boolean: () => choice(kw('true'), kw('false')),

    null: () => kw('null'),

    integer: () => /[0-9]+/,

    number: () => /[0-9]+(\.[0-9]*([eE][+\-]?[0-9]+)?|[eE][+\-]?[0-9]+)/,

    string: ($) => choice($._single_quoted, $._double_quoted),

    _single_quoted: ($) =>
      seq(
        "'",
        repeat(
          choice(
            alias(token.immediate(prec(1, /[^']+/)), $.string_content),
            alias(token.immediate("''"), $.escape_sequence),
          ),
        ),
        token.immediate("'"),
      ),

    _double_quoted: ($) =>
      seq(
        '"',
        repeat(
          choice(
            alias(token.immediate(prec(1, /[^"\\\n]+/)), $.string_content),
            $.escape_sequence,
          ),
        ),
        token.immediate('"'),
      ),

    // Characters beyond FFFF are two halves or one `\U`; halves alone are none.
    escape_sequence: () =>
      token.immediate(
        choice(
          /\\[/ntbfr"\\]/,
          /\\u([0-9a-cefA-CEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2})/,
          /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/,
          /\\U(00([0-9a-cefA-CEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2})|(0[1-9a-fA-F]|10)[0-9a-fA-F]{4})/,
        ),
      ),

    _name: ($) => choice($.identifier, $.quoted_identifier),

    identifier: () => new RustRegex(`[${PART}&&[^$0-9]][${PART}]*`),

    quoted_identifier: () => new RustRegex(`\`[${QUOTED_START}][${PART}\\-]*\``),

    system_identifier: () =>
      token(choice(new RustRegex(`:@?[${PART}]+`), new RustRegex(`\`:@?[${PART}\\-]+\``))),

    table_identifier: () => new RustRegex(`@[${PART}\\-]+`),

    parameter: () => new RustRegex(`\\$[${PART}]+`),

    hole: () => new RustRegex(`\\?[${PART}&&[^0-9]][${PART}]*`),

    line_comment: () => /--[^\r\n]*/,

    block_comment: () => /\/\*([^*]|\*+[^*\/])*\*+\//,
  },
});

function binary(left, operator, right) {
  return seq(field('left', left), field('operator', operator), field('right', right));
}

function arms($) {
  return [repeat1($.when_clause), optional($.else_clause), kw('end')];
}
