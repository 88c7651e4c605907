//! The catalogue: every code with its default severity and a one-line summary.
//!
//! Codes are stable: configuration files, comments and baselines name them. The longer texts with
//! examples, which `tule explain` shows, are in [`super::explain`].

use super::Severity;
use crate::schema::manifest::LintLevel;

macro_rules! codes {
    (
        faults { $($variant:ident $name:literal $severity:ident $summary:literal,)* }
        lints { $($lint:ident $lint_name:literal $level:ident $lint_summary:literal,)* }
    ) => {
        /// A rule's stable identity.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
            $(#[doc = $lint_summary] $lint,)*
        }

        /// Every code, in the order of the documentation.
        pub static CODES: &[CodeInfo] = &[
            $(CodeInfo {
                code: Code::$variant,
                name: $name,
                severity: Severity::$severity,
                on: true,
                lint: false,
                summary: $summary,
            },)*
            $(CodeInfo {
                code: Code::$lint,
                name: $lint_name,
                severity: level!($level),
                on: !matches!(LintLevel::$level, LintLevel::Allow),
                lint: true,
                summary: $lint_summary,
            },)*
        ];
    };
}

/// The severity that a lint has at a level, or would have once it is turned on.
macro_rules! level {
    (Error) => {
        Severity::Error
    };
    ($level:ident) => {
        Severity::Warning
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
    /// Whether it is reported unless configured otherwise.
    pub on: bool,
    /// Found by a lint: the statement is sound, and what it asks for is doubtful. A lint has a
    /// level whatever its severity; of the others, only warnings do.
    pub lint: bool,
    /// What it finds, in one line.
    pub summary: &'static str,
}

codes! { faults {
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
    UnquotedString "unquoted-string" Error "text without quotes, which is read as a column",

    // Types.
    TypeMismatch "type-mismatch" Error "a value of a type that does not fit",
    NotGeographic "not-geographic" Error "something other than a geometry where a place must stand",
    OpenRing "open-ring" Error "a polygon whose ring does not end where it began",
    BadDateLiteral "bad-date-literal" Error "a date in a form that the portal does not read",
    ZoneOnFloating "zone-on-floating" Error "a time with a zone beside a local time",
    CheckboxCompare "checkbox-compare" Error "a checkbox compared with something other than `true` or `false`",
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
    DriftUpdatesStopped "drift-updates-stopped" Warning "a dataset whose rows have not changed for much longer than its publisher says",
    DriftQueryBroken "drift-query-broken" Error "a query that passes against the lock and not against the portal",
    DriftWording "drift-wording" Info "a label, description, title or order of columns that changed",
    DriftApprovalExpired "drift-approval-expired" Warning "an approval of drift whose last day has passed",
    DriftApprovalUnused "drift-approval-unused" Warning "an approval of drift that nothing needs",

    // Comments that speak to the checker.
    AllowWithoutReason "allow-without-reason" Warning "a suppression that does not say why",
    UnknownLint "unknown-lint" Warning "a suppression of a rule that does not exist or has no level",
    UnusedAllow "unused-allow" Warning "a suppression of something that is not there",
} lints {
    // Rows.
    ImplicitLimit "implicit-limit" Warn "no `limit`, so that the portal stops at 1,000 rows without a word",
    UnstablePaging "unstable-paging" Warn "`offset` without an order, so that pages overlap",
    NonUniquePageKey "non-unique-page-key" Warn "pages in an order with ties, so that rows are lost between them",
    OffsetNotMultiple "offset-not-multiple" Warn "an `offset` that looks like the number of a page",
    LimitHardCoded "limit-hard-coded" Warn "a number that was meant to be larger than the dataset",

    // Dates, types and literals.
    TimestampEquality "timestamp-equality" Warn "a timestamp that is to equal a day, which only midnight does",
    InclusiveEndDate "inclusive-end-date" Warn "a range of days that leaves out its last day",
    OutOfRangeDate "out-of-range-date" Warn "a filter on days before the dataset begins",
    EmptyRange "empty-range" Error "bounds between which there is nothing",
    ImpossibleValue "impossible-value" Error "a part of a date compared with something it never is",
    DateArithmetic "date-arithmetic" Warn "a date without quotes beside a number, which is a subtraction",
    UnzonedInstant "unzoned-instant" Allow "an instant without a zone, which is read as UTC",
    TextDateOrder "text-date-order" Warn "text with dates or times in it, compared letter by letter",
    TextComparedAsNumber "text-compared-as-number" Warn "text with numbers in it, compared or sorted letter by letter",
    QuotedNumber "quoted-number" Warn "a number in quotes beside a number",
    QuotedBoolean "quoted-boolean" Warn "`true` or `false` in quotes beside a checkbox",
    ConstantCondition "constant-condition" Warn "a condition without a column, the same for every row",
    DoubleQuotedName "double-quoted-name" Warn "a column's name in double quotes, which make text",
    DoubleQuotedString "double-quoted-string" Allow "text in double quotes, where single ones are the custom",

    // Nulls.
    EqualsNull "equals-null" Error "a comparison with `null`, which no row passes",
    NullInList "null-in-list" Error "`null` in a list, with which `not in` is true of no row",
    NotEqualDropsNull "not-equal-drops-null" Allow "`!=` and its kind, which drop rows without a value",

    // Text.
    CaseSensitiveLike "case-sensitive-like" Warn "a search that misses values in another letter case",
    CaseFoldMismatch "case-fold-mismatch" Error "`upper` or `lower` tested against a text in the other letter case",
    LikeNoWildcard "like-no-wildcard" Warn "`like` with a pattern that matches whole values only",
    LikeLiteralWildcard "like-literal-wildcard" Warn "`%` or `_` where they are ordinary characters",
    UnlikelyValue "unlikely-value" Warn "a value that is not among the known values of the column",

    // Names and shape.
    UnaliasedAggregate "unaliased-aggregate" Allow "an aggregate whose name the portal makes up",
    AliasShadows "alias-shadows" Warn "a condition that reads a result where a column of that name is hidden",
    ContradictoryConditions "contradictory-conditions" Error "conditions of which only one can hold, joined by `and`",
    RepeatedCondition "repeated-condition" Warn "the same condition twice",
    SelfComparison "self-comparison" Warn "a value compared with itself",
    NotEqualOr "not-equal-or" Warn "`a != 'x' or a != 'y'`, which every row passes",
    CountOfCondition "count-of-condition" Warn "`count` of a condition, which counts all rows",
    UnusedTable "unused-table" Warn "a `with` table that nothing reads",
    SelectStar "select-star" Allow "`*`, which gives whatever columns there are on the day",
    PreferDistinct "prefer-distinct" Allow "`group by` without an aggregate, which `distinct` says better",

    // Places.
    SwappedCoordinates "swapped-coordinates" Warn "latitude and longitude in the wrong order",
    CoordinatesOutOfRange "coordinates-out-of-range" Error "coordinates that are nowhere on Earth",

    // Secrets.
    SecretInQuery "secret-in-query" Error "a token or password in the text of a query",
} }

impl CodeInfo {
    /// Whether a project may set its level. What a portal refuses it refuses whatever a project
    /// says.
    #[must_use]
    pub fn has_level(&self) -> bool {
        self.lint || self.severity != Severity::Error
    }
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
