//! Expressions.

use super::{ExprId, ExprList, Ident, OrderItem, SuffixId};
use crate::span::Span;

/// One expression node.
#[derive(Clone, Copy, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// A literal's sort. The value is in the text; see [`crate::literal`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Literal {
    Integer,
    Number,
    String,
    DoubleString,
    True,
    False,
    Null,
}

/// What an expression is.
#[derive(Clone, Copy, Debug)]
pub enum ExprKind {
    /// Nothing stood where an expression had to stand; already reported.
    Missing,
    /// A constant.
    Literal(Literal),
    /// A column or alias: `beat`, `` `call no` ``, `:id`.
    Column(Ident),
    /// `@table.column`
    Qualified {
        /// The table's alias, with `@`.
        table: Ident,
        /// The column.
        column: Ident,
    },
    /// `$name`, a parameter of this statement.
    Param(Ident),
    /// `?name`, a parameter inside a stored function.
    Hole(Ident),
    /// `param('name')` or `param(@view, 'name')`, a parameter of a stored view.
    UserParam {
        /// The view that declares it, if not this one.
        view: Option<Ident>,
        /// The string literal that names it.
        name: Span,
    },
    /// `name(arguments) [FILTER (...)] [OVER (...)]`
    Call {
        /// The function.
        name: Ident,
        /// How the arguments are written.
        style: CallStyle,
        /// The arguments.
        args: ExprList,
        /// FILTER and OVER, in [`Arena::suffix`](super::Arena::suffix).
        suffix: Option<SuffixId>,
    },
    /// `-x`, `+x`, `NOT x`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its operand.
        operand: ExprId,
    },
    /// `left op right`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Where the operator stands.
        op_span: Span,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// `a AND b AND c`: two operands or more, flat.
    Chain {
        /// The operator between all of them.
        op: ChainOp,
        /// The operands.
        operands: ExprList,
    },
    /// `x::type`
    Cast {
        /// What is converted.
        operand: ExprId,
        /// The type's name.
        ty: Ident,
    },
    /// `x.name`
    Field {
        /// What the field belongs to.
        operand: ExprId,
        /// The field's name.
        name: Ident,
    },
    /// `x[key]`
    Index {
        /// What is subscripted.
        operand: ExprId,
        /// The key.
        index: ExprId,
    },
    /// `x IS [NOT] NULL`
    IsNull {
        /// What is tested.
        operand: ExprId,
        /// With NOT.
        negated: bool,
    },
    /// `x IS [NOT] DISTINCT FROM y`
    IsDistinct {
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
        /// With NOT.
        negated: bool,
    },
    /// `x [NOT] LIKE pattern`, `x [NOT] ILIKE pattern`
    Like {
        /// What is matched.
        operand: ExprId,
        /// The pattern.
        pattern: ExprId,
        /// With NOT.
        negated: bool,
        /// ILIKE: without regard to case.
        caseless: bool,
    },
    /// `x [NOT] BETWEEN low AND high`
    Between {
        /// `x`, `low` and `high`.
        operands: ExprList,
        /// With NOT.
        negated: bool,
    },
    /// `x [NOT] IN (items)`
    In {
        /// `x`, then the items.
        operands: ExprList,
        /// With NOT.
        negated: bool,
    },
    /// `CASE [subject] WHEN a THEN b ... [ELSE e] END`
    Case {
        /// The value compared with each WHEN, if given.
        subject: Option<ExprId>,
        /// Condition, value, condition, value ...
        arms: ExprList,
        /// The value of ELSE.
        otherwise: Option<ExprId>,
    },
    /// `(x)`
    Paren(ExprId),
}

/// How a call's arguments are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CallStyle {
    /// `f(a, b)`
    Plain,
    /// `f(DISTINCT a)`
    Distinct,
    /// `f(*)`
    Star,
}

/// A prefix operator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum UnaryOp {
    Plus,
    Minus,
    Not,
}

/// An operator of a flat chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum ChainOp {
    And,
    Or,
}

/// An infix operator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum BinaryOp {
    Equal,
    EqualEqual,
    LessGreater,
    BangEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Concat,
    Multiply,
    Divide,
    Remainder,
    Power,
}

impl BinaryOp {
    /// The operator as written.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::EqualEqual => "==",
            Self::LessGreater => "<>",
            Self::BangEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Concat => "||",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "^",
        }
    }
}

impl UnaryOp {
    /// The operator as written, in upper case where it is a word.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Not => "NOT",
        }
    }
}

impl ChainOp {
    /// The operator in upper case.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
        }
    }
}

/// What may follow a call's parentheses.
#[derive(Clone, Debug, Default)]
pub struct Suffix {
    /// `FILTER (WHERE ...)`; the condition is absent in `FILTER ()`.
    pub filter: Option<Filter>,
    /// `OVER (...)`
    pub over: Option<Window>,
}

/// `FILTER ([WHERE condition])`
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// The condition, if any.
    pub condition: Option<ExprId>,
    /// From FILTER to the closing parenthesis.
    pub span: Span,
}

/// `OVER ([PARTITION BY ...] [ORDER BY ...] [frame])`
#[derive(Clone, Debug)]
pub struct Window {
    /// PARTITION BY expressions.
    pub partition: ExprList,
    /// ORDER BY expressions.
    pub order: Vec<OrderItem>,
    /// The frame, if given.
    pub frame: Option<Frame>,
    /// From OVER to the closing parenthesis.
    pub span: Span,
}

/// A window frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// RANGE, ROWS or GROUPS.
    pub unit: FrameUnit,
    /// Where the frame begins.
    pub start: FrameBound,
    /// Where it ends; absent means the current row.
    pub end: Option<FrameBound>,
    /// EXCLUDE, if given.
    pub exclude: Option<FrameExclude>,
    /// The whole frame.
    pub span: Span,
}

/// What a frame counts in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum FrameUnit {
    Range,
    Rows,
    Groups,
}

/// One end of a frame.
#[derive(Clone, Copy, Debug)]
pub struct FrameBound {
    /// Which place.
    pub kind: BoundKind,
    /// Where it is written.
    pub span: Span,
}

/// Which place an end of a frame names, in the order of the rows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum BoundKind {
    UnboundedPreceding,
    /// The number stands at this span.
    Preceding(Span),
    CurrentRow,
    /// The number stands at this span.
    Following(Span),
    UnboundedFollowing,
}

/// What a frame leaves out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum FrameExclude {
    CurrentRow,
    Group,
    Ties,
    NoOthers,
}
