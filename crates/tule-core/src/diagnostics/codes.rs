//! The catalogue: every code with its default severity and a one-line summary.
//!
//! Codes are stable: configuration files, comments and baselines name them. The longer texts with
//! examples, which `tule explain` shows, are in [`super::explain`].

use super::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $summary:literal,)*) => {
        /// A rule's stable identity.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        /// Every code, in the order of the documentation.
        pub static CODES: &[CodeInfo] = &[
            $(CodeInfo {
                code: Code::$variant,
                name: $name,
                severity: Severity::$severity,
                summary: $summary,
            },)*
        ];
    };
}

/// What is known of a code.
#[derive(Debug)]
pub struct CodeInfo {
    /// The code.
    pub code: Code,
    /// Its stable name.
    pub name: &'static str,
    /// Severity unless configured otherwise.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
}

codes! {
    // Form.
    UnexpectedToken "unexpected-token" Error "something else had to stand at this place",
    UnexpectedCharacter "unexpected-character" Error "a character that means nothing in a query",
    UnterminatedString "unterminated-string" Error "text in quotes that is never closed",
    UnterminatedName "unterminated-name" Error "a name in back-quotes that is not closed",
    UnterminatedComment "unterminated-comment" Error "a comment that is never closed",
    BadName "bad-name" Error "a name in back-quotes with a character that names cannot have",
    BadEscape "bad-escape" Error "a backslash escape that does not exist",
    BadUnicodeEscape "bad-unicode-escape" Error "a `\\u` escape without enough digits",
    UnicodeOutOfRange "unicode-out-of-range" Error "a `\\U` escape for a character that does not exist",
    BadNumber "bad-number" Error "a number in a form that is not understood",
    ReservedWord "reserved-word" Error "a reserved word used as a name without back-quotes",
    MissingAs "missing-as" Error "a name behind a column or table without `as`",
    QuotedAlias "quoted-alias" Error "a result name written as text in quotes",
    TrailingComma "trailing-comma" Error "a comma with nothing behind it",
    UnmatchedParenthesis "unmatched-parenthesis" Error "a closing parenthesis that closes nothing",
    UnclosedParenthesis "unclosed-parenthesis" Error "a parenthesis that is never closed",
    StarAfterExpression "star-after-expression" Error "`*` behind another member of the select list",
    SystemStarOrder "system-star-order" Error "`:*` behind another star",
    ClauseOrder "clause-order" Error "a clause at the wrong place",
    RepeatedClause "repeated-clause" Error "a clause that stands twice",
    ExpectedLeafQuery "expected-leaf-query" Error "something other than one plain select behind `|>`",
    SubqueryAlias "subquery-alias" Error "a joined subquery without a name",
    SubqueryInExpression "subquery-in-expression" Error "a query inside an expression",
    ForeignSyntax "foreign-syntax" Error "words of another query language",
    TemplatePlaceholder "template-placeholder" Error "a placeholder of a host language instead of a value",
    UnquotedDate "unquoted-date" Error "a date or time without quotes",
    TooDeep "too-deep" Error "nesting deeper than any query needs",
    TooManyTokens "too-many-tokens" Error "a statement longer than any query needs",
    FileTooLong "file-too-long" Error "a file larger than is read",

    // Tables.
    UnknownDataset "unknown-dataset" Error "a dataset that neither the project nor the lock file knows",
    AmbiguousDataset "ambiguous-dataset" Error "an identifier that several portals have",
    MissingSchema "missing-schema" Error "a dataset whose schema is not locked, so that nothing about it can be checked",
    FromRequired "from-required" Error "a select without anything to select from",
    FromForbidden "from-forbidden" Error "`from` in a select that already has an input",
    ThisWithoutContext "this-without-context" Error "`@this` where there is no input",
    ThisNeedsAlias "this-needs-alias" Error "`@this` without a name",
    DuplicateTableAlias "duplicate-table-alias" Error "two tables of one name",
    ReservedTableAlias "reserved-table-alias" Error "a table named like a built-in one",
    UnknownTable "unknown-table" Error "a table name that no `from` or `join` introduces",
    ArgumentsForTable "arguments-for-table" Error "arguments behind a plain dataset",
    RecursiveQuery "recursive-query" Error "a `with` table that uses itself",

    // Names.
    UnknownColumn "unknown-column" Error "a column that the dataset does not have",
    DuplicateAlias "duplicate-alias" Error "two result columns of one name",
    CircularAlias "circular-alias" Error "result names that are defined by each other",
    RepeatedExclusion "repeated-exclusion" Error "a column left out twice",
    SystemAlias "system-alias" Error "a result name that begins with `:`",
    UnknownFunction "unknown-function" Error "a function that does not exist",
    WrongArity "wrong-arity" Error "a function with the wrong number of arguments",
    UnknownType "unknown-type" Error "a type that does not exist",
    UnknownField "unknown-field" Error "a part that a value of this type does not have",
    UnknownHint "unknown-hint" Error "a hint that does not exist",

    // Types.
    TypeMismatch "type-mismatch" Error "a value of a type that does not fit",
    NoSuchCast "no-such-cast" Error "a conversion that does not exist",
    UnknownColumnType "unknown-column-type" Warning "a column whose type the portal spells in a way not known here",

    // Clauses.
    NotGrouped "not-grouped" Error "a column that is neither grouped by nor inside an aggregate",
    NotGroupable "not-groupable" Error "`group by` a value that cannot be compared",
    NotOrderable "not-orderable" Error "`order by` a value that has no order",
    AggregateInWhere "aggregate-in-where" Error "an aggregate function in `where`",
    MisplacedAggregate "misplaced-aggregate" Error "an aggregate function where none may stand",
    MisplacedWindow "misplaced-window" Error "a window function where none may stand",
    MissingOver "missing-over" Error "a window function without `over`",
    OverOnScalar "over-on-scalar" Error "`over` behind a function that takes no window",
    FilterOnScalar "filter-on-scalar" Error "`filter` behind a function that is no aggregate",
    DistinctWithOver "distinct-with-over" Error "`distinct` inside a function with `over`",
    FrameStart "frame-start" Error "a window frame that begins behind its partition",
    FrameEnd "frame-end" Error "a window frame that ends before its partition",
    FrameOrder "frame-order" Error "a window frame that ends before it begins",
    GroupsRequiresOrder "groups-requires-order" Error "a `groups` frame without `order by`",
    FrameIgnored "frame-ignored" Warning "a window frame on a function that ignores it",
    LiteralInGroupBy "literal-in-group-by" Warning "`group by` a constant",
    LiteralInOrderBy "literal-in-order-by" Warning "`order by` a constant",
    LiteralInDistinctOn "literal-in-distinct-on" Warning "`distinct on` a constant",
    OrderNotSelected "order-not-selected" Error "`distinct` ordered by something not selected",
    DistinctOnOrder "distinct-on-order" Error "`distinct on` with an `order by` that begins otherwise",
    SetOperationMismatch "set-operation-mismatch" Error "selects joined by a set operation with unlike columns",
    BadCount "bad-count" Error "a row count that is not a usable number",

    // Parameters.
    UnknownParameter "unknown-parameter" Error "a parameter that is not declared",
    DuplicateParameter "duplicate-parameter" Error "a parameter declared twice",
    UnusedParameter "unused-parameter" Warning "a parameter that the query does not use",
    HoleOutsideFunction "hole-outside-function" Error "`?name` outside a stored function",

    // Requests.
    NotOnThisPortal "not-on-this-portal" Error "something the chosen portal interface cannot express",
    MissingParameter "missing-parameter" Error "a parameter without a value",
    UrlTooLong "url-too-long" Warning "a request too long to be sent as an address",

    // Drift: the portal against the lock.
    DriftDatasetGone "drift-dataset-gone" Error "a locked dataset that the portal does not have any more",
    DriftDatasetPrivate "drift-dataset-private" Error "a locked dataset that the portal does not show any more",
    DriftPortalMoved "drift-portal-moved" Error "a host that is no longer the portal that it was",
    DriftAssetChanged "drift-asset-changed" Error "a locked dataset that became a map, a file or a view of another",
    DriftColumnRemoved "drift-column-removed" Error "a locked column that the portal does not have any more",
    DriftColumnRenamed "drift-column-renamed" Error "a locked column that probably has another name now",
    DriftTypeChanged "drift-type-changed" Error "a locked column of another type",
    DriftColumnAdded "drift-column-added" Info "a column that the lock does not have",
    DriftRangeShrunk "drift-range-shrunk" Warning "rows that the portal had when the dataset was locked and has no more",
    DriftQueryBroken "drift-query-broken" Error "a query that passes against the lock and not against the portal",
    DriftWording "drift-wording" Info "a label, description, title or order of columns that changed",
}

impl Code {
    /// What is known of this code.
    #[must_use]
    pub fn info(self) -> &'static CodeInfo {
        // The table is generated from the same list as the enum, in the same order.
        #[expect(clippy::indexing_slicing, reason = "one row a variant, by construction")]
        &CODES[self as usize]
    }

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The code of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        CODES.iter().find(|info| info.name == name).map(|info| info.code)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
