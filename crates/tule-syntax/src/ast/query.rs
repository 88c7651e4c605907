//! Statements, selects and clauses.

use super::{Arena, Ident, Root};
use crate::span::Span;

/// One statement of a file.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// All its expressions.
    pub arena: Arena,
    /// `query name(parameters) as`, if given.
    pub header: Option<Header>,
    /// WITH tables, in order.
    pub ctes: Vec<Cte>,
    /// The query; absent when there is nothing but comments.
    pub query: Option<Compound>,
}

/// `query name(parameters) as`
#[derive(Clone, Debug)]
pub struct Header {
    /// The query's name.
    pub name: Option<Ident>,
    /// Its parameters.
    pub params: Vec<ParamDecl>,
    /// From `query` to `as`.
    pub span: Span,
}

/// `$name type [DEFAULT value]`
#[derive(Clone, Copy, Debug)]
pub struct ParamDecl {
    /// The name, with `$`.
    pub name: Ident,
    /// The type's name.
    pub ty: Option<Ident>,
    /// The value when none is given.
    pub default: Option<Root>,
    /// The whole declaration.
    pub span: Span,
}

/// `name AS (query)`
#[derive(Clone, Debug)]
pub struct Cte {
    /// The name it is used by.
    pub name: Ident,
    /// The query.
    pub query: Compound,
    /// The whole definition.
    pub span: Span,
}

/// Selects joined by `|>` and set operations, left to right.
#[derive(Clone, Debug)]
pub struct Compound {
    /// The first select.
    pub first: Atom,
    /// What follows it.
    pub rest: Vec<Step>,
    /// The whole compound.
    pub span: Span,
}

/// An operator and its right operand.
#[derive(Clone, Debug)]
pub struct Step {
    /// The operator.
    pub op: StepOp,
    /// Where the operator stands.
    pub op_span: Span,
    /// The right operand.
    pub right: Atom,
}

/// What joins two selects.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum StepOp {
    /// `|>`: the rows so far are the input of the next select.
    Pipe,
    Union,
    UnionAll,
    Intersect,
    IntersectAll,
    Minus,
    MinusAll,
}

impl StepOp {
    /// The operator as written, words in lower case.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Pipe => "|>",
            Self::Union => "union",
            Self::UnionAll => "union all",
            Self::Intersect => "intersect",
            Self::IntersectAll => "intersect all",
            Self::Minus => "minus",
            Self::MinusAll => "minus all",
        }
    }
}

/// An operand of a compound.
#[derive(Clone, Debug)]
pub enum Atom {
    /// A select.
    Select(Box<Select>),
    /// `(compound)`, with the span of the parentheses.
    Paren(Box<Compound>, Span),
}

impl Atom {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Select(select) => select.span,
            Self::Paren(_, span) => *span,
        }
    }

    /// The select inside any number of parentheses, if there is just one.
    #[must_use]
    pub fn as_leaf(&self) -> Option<&Select> {
        let mut atom = self;
        loop {
            match atom {
                Self::Select(select) => return Some(select),
                Self::Paren(compound, _) if compound.rest.is_empty() => atom = &compound.first,
                Self::Paren(..) => return None,
            }
        }
    }
}

/// One SELECT.
#[derive(Clone, Debug, Default)]
pub struct Select {
    /// The word SELECT; absent in `from calls where ...`, which selects every column.
    pub keyword: Option<Span>,
    /// FROM was written before SELECT.
    pub from_first: bool,
    /// Words inside HINT.
    pub hints: Vec<Ident>,
    /// DISTINCT.
    pub distinct: Distinct,
    /// What is selected.
    pub items: Vec<SelectItem>,
    /// FROM.
    pub from: Option<TableRef>,
    /// JOINs, in order.
    pub joins: Vec<Join>,
    /// WHERE.
    pub filter: Option<Clause<Root>>,
    /// GROUP BY.
    pub group_by: Option<Clause<Vec<Root>>>,
    /// HAVING.
    pub having: Option<Clause<Root>>,
    /// ORDER BY.
    pub order_by: Option<Clause<Vec<OrderItem>>>,
    /// SEARCH and its string literal.
    pub search: Option<Clause<Span>>,
    /// LIMIT.
    pub limit: Option<Clause<Count>>,
    /// OFFSET.
    pub offset: Option<Clause<Count>>,
    /// The whole select.
    pub span: Span,
}

impl Select {
    /// The stars of the select list.
    pub fn stars(&self) -> impl Iterator<Item = &Star> {
        self.items.iter().filter_map(|item| match item {
            SelectItem::Star(star) => Some(star),
            SelectItem::Expr { .. } => None,
        })
    }
}

/// A clause: its keyword and what follows.
#[derive(Clone, Debug)]
pub struct Clause<T> {
    /// The keyword (both words of `GROUP BY`).
    pub keyword: Span,
    /// What follows.
    pub value: T,
}

/// DISTINCT after SELECT.
#[derive(Clone, Debug, Default)]
pub enum Distinct {
    /// Absent.
    #[default]
    No,
    /// `DISTINCT`, at this span.
    All(Span),
    /// `DISTINCT ON (expressions)`
    On(Clause<Vec<Root>>),
}

/// One member of the select list.
#[derive(Clone, Debug)]
pub enum SelectItem {
    /// `*`, `:*`, `@t.*`, with EXCEPT.
    Star(Star),
    /// An expression, perhaps with a name.
    Expr {
        /// The expression.
        expr: Root,
        /// `AS name`
        alias: Option<Ident>,
        /// The whole item.
        span: Span,
    },
}

impl SelectItem {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Star(star) => star.span,
            Self::Expr { span, .. } => *span,
        }
    }
}

/// `[@table.](* | :*) [(EXCEPT columns)]`
#[derive(Clone, Debug)]
pub struct Star {
    /// Whose columns; absent means the main table's.
    pub table: Option<Ident>,
    /// `:*`, the system columns.
    pub system: bool,
    /// Columns left out.
    pub except: Vec<Ident>,
    /// The whole star.
    pub span: Span,
}

/// A table in FROM or JOIN.
#[derive(Clone, Debug)]
pub struct TableRef {
    /// FROM or the words of JOIN.
    pub keyword: Span,
    /// Which table.
    pub source: Source,
    /// `AS alias`
    pub alias: Option<Ident>,
    /// Source and alias.
    pub span: Span,
}

/// Which table a FROM or JOIN names.
#[derive(Clone, Debug)]
pub enum Source {
    /// Nothing stood there; already reported.
    Missing(Span),
    /// `@esc4-8x43`, `police_calls`, `'stockton/police_calls'`
    Named(Ident),
    /// `@function(arguments)`
    Call {
        /// The function, with `@`.
        name: Ident,
        /// The arguments.
        args: Vec<Root>,
        /// Name and parentheses.
        span: Span,
    },
    /// A select or a compound in parentheses.
    Query(Box<Compound>),
}

impl Source {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Missing(span) | Self::Named(span) | Self::Call { span, .. } => *span,
            Self::Query(compound) => compound.span,
        }
    }
}

/// A JOIN.
#[derive(Clone, Debug)]
pub struct Join {
    /// Which rows without a partner are kept.
    pub kind: JoinKind,
    /// LATERAL: the source may use columns of tables to its left.
    pub lateral: bool,
    /// What is joined.
    pub table: TableRef,
    /// The condition after ON.
    pub on: Option<Clause<Root>>,
    /// The whole join.
    pub span: Span,
}

/// Which rows without a partner a join keeps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
}

/// One member of ORDER BY.
#[derive(Clone, Copy, Debug)]
pub struct OrderItem {
    /// What is ordered by.
    pub expr: Root,
    /// DESC.
    pub descending: bool,
    /// NULLS FIRST (true) or LAST (false), if given.
    pub nulls_first: Option<bool>,
    /// The whole item.
    pub span: Span,
}

/// How many rows LIMIT or OFFSET names.
#[derive(Clone, Copy, Debug)]
pub enum Count {
    /// Nothing usable stood there; already reported.
    Missing(Span),
    /// A whole number at this span.
    Number(Span),
    /// `ALL` (LIMIT only).
    All(Span),
    /// A parameter.
    Param(Ident),
}

impl Count {
    /// Where it stands.
    #[must_use]
    pub fn span(self) -> Span {
        match self {
            Self::Missing(span) | Self::Number(span) | Self::All(span) | Self::Param(span) => span,
        }
    }
}
