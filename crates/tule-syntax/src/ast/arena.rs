//! Where expressions are kept, and how passes walk over them.

use super::{Expr, ExprKind, Suffix};
use crate::span::Span;

/// Index of an expression in its [`Arena`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ExprId(pub u32);

/// A run of expressions kept side by side in the arena.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct ExprList {
    start: u32,
    len: u32,
}

impl ExprList {
    /// How many expressions the list holds.
    #[must_use]
    pub const fn len(self) -> usize {
        self.len as usize
    }

    /// Whether the list holds none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// A whole expression: its topmost node, and the first node that belongs to it. All nodes of the
/// expression have indices from `first` to `id`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Root {
    /// Lowest index of a node of this expression.
    pub first: ExprId,
    /// The topmost node.
    pub id: ExprId,
}

impl Root {
    /// Every node of the expression, children before parents.
    pub fn nodes(self) -> impl DoubleEndedIterator<Item = ExprId> {
        (self.first.0..=self.id.0).map(ExprId)
    }
}

/// Index of a [`Suffix`] in its [`Arena`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SuffixId(pub u32);

/// The expressions of one statement.
#[derive(Clone, Debug, Default)]
pub struct Arena {
    exprs: Vec<Expr>,
    lists: Vec<ExprId>,
    suffixes: Vec<Suffix>,
}

const MISSING: Expr = Expr { kind: ExprKind::Missing, span: Span::empty(0) };

impl Arena {
    /// The node `id`; a missing one if it is not of this arena.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        self.exprs.get(id.0 as usize).unwrap_or(&MISSING)
    }

    /// The nodes of a whole expression, children before parents.
    pub fn nodes(&self, root: Root) -> impl Iterator<Item = (ExprId, &Expr)> {
        let run = root.first.0 as usize..=root.id.0 as usize;
        (root.first.0..).map(ExprId).zip(self.exprs.get(run).unwrap_or(&[]))
    }

    /// The members of a list.
    #[must_use]
    pub fn list(&self, list: ExprList) -> &[ExprId] {
        let start = list.start as usize;
        self.lists.get(start..start + list.len as usize).unwrap_or(&[])
    }

    /// FILTER and OVER of a call.
    #[must_use]
    pub fn suffix(&self, id: SuffixId) -> Option<&Suffix> {
        self.suffixes.get(id.0 as usize)
    }

    /// Where node `id` stands.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.expr(id).span
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.exprs.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.exprs.is_empty()
    }

    /// `id` without the parentheses around it.
    #[must_use]
    pub fn strip(&self, mut id: ExprId) -> ExprId {
        while let ExprKind::Paren(inner) = self.expr(id).kind {
            id = inner;
        }
        id
    }

    /// Calls `visit` for each direct child of `id`, in source order, those of FILTER and OVER
    /// included.
    pub fn children(&self, id: ExprId, mut visit: impl FnMut(ExprId)) {
        match self.expr(id).kind {
            ExprKind::Missing
            | ExprKind::Literal(_)
            | ExprKind::Column(_)
            | ExprKind::Qualified { .. }
            | ExprKind::Param(_)
            | ExprKind::Hole(_)
            | ExprKind::UserParam { .. } => {}
            ExprKind::Call { args, suffix, .. } => {
                self.list(args).iter().copied().for_each(&mut visit);
                let Some(suffix) = suffix.and_then(|id| self.suffix(id)) else { return };
                if let Some(condition) = suffix.filter.and_then(|filter| filter.condition) {
                    visit(condition);
                }
                if let Some(window) = &suffix.over {
                    self.list(window.partition).iter().copied().for_each(&mut visit);
                    window.order.iter().map(|item| item.expr.id).for_each(&mut visit);
                }
            }
            ExprKind::Unary { operand, .. }
            | ExprKind::Cast { operand, .. }
            | ExprKind::Field { operand, .. }
            | ExprKind::IsNull { operand, .. }
            | ExprKind::Paren(operand) => visit(operand),
            ExprKind::Binary { left, right, .. } | ExprKind::IsDistinct { left, right, .. } => {
                visit(left);
                visit(right);
            }
            ExprKind::Index { operand, index } => {
                visit(operand);
                visit(index);
            }
            ExprKind::Like { operand, pattern, .. } => {
                visit(operand);
                visit(pattern);
            }
            ExprKind::Chain { operands, .. }
            | ExprKind::Between { operands, .. }
            | ExprKind::In { operands, .. } => {
                self.list(operands).iter().copied().for_each(visit);
            }
            ExprKind::Case { subject, arms, otherwise } => {
                subject.into_iter().for_each(&mut visit);
                self.list(arms).iter().copied().for_each(&mut visit);
                otherwise.into_iter().for_each(visit);
            }
        }
    }

    pub(crate) fn with_capacity(nodes: usize) -> Self {
        let lists = Vec::with_capacity(nodes / 2);
        Self { exprs: Vec::with_capacity(nodes), lists, suffixes: Vec::new() }
    }

    pub(crate) fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        let id = ExprId(index(self.exprs.len()));
        self.exprs.push(Expr { kind, span });
        id
    }

    pub(crate) fn push_list(&mut self, members: &[ExprId]) -> ExprList {
        let list = ExprList { start: index(self.lists.len()), len: index(members.len()) };
        self.lists.extend_from_slice(members);
        list
    }

    pub(crate) fn push_suffix(&mut self, suffix: Suffix) -> SuffixId {
        let id = SuffixId(index(self.suffixes.len()));
        self.suffixes.push(suffix);
        id
    }

    /// Index that the next node will get.
    pub(crate) fn next(&self) -> ExprId {
        ExprId(index(self.exprs.len()))
    }

    /// Takes back a node that turned out to be something else.
    pub(crate) fn retract(&mut self, id: ExprId) {
        if let Some(expr) = self.exprs.get_mut(id.0 as usize) {
            expr.kind = ExprKind::Missing;
        }
    }
}

/// The token limit keeps every count below `u32::MAX`.
#[expect(clippy::cast_possible_truncation, reason = "see above")]
const fn index(len: usize) -> u32 {
    len as u32
}
