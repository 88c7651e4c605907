//! The syntax tree of one statement.
//!
//! Expressions live in one arena, children before parents, so that a pass over an expression is
//! a loop over indices and neither a pass nor a drop can overflow the stack, however long the
//! input. Names and literals are spans into the statement's text; nothing is copied. What could
//! not be parsed is an explicit [`ExprKind::Missing`] or `None`. What is deliberately absent:
//! types, resolved names, and any rewriting of what was written.

mod arena;
mod expr;
mod query;

pub use arena::{Arena, ExprId, ExprList, Root, SuffixId};
pub use expr::{
    BinaryOp, BoundKind, CallStyle, ChainOp, Expr, ExprKind, Filter, Frame, FrameBound,
    FrameExclude, FrameUnit, Literal, Suffix, UnaryOp, Window,
};
pub use query::{
    Atom, Clause, Compound, Count, Cte, Distinct, Header, Join, JoinKind, OrderItem, ParamDecl,
    Select, SelectItem, Source, Star, Statement, Step, StepOp, TableRef,
};

use crate::span::Span;

/// The span of a name as written, quotes and sigils included. Read it with
/// [`crate::literal::name_text`].
pub type Ident = Span;
