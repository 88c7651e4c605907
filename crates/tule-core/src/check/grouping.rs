//! Which expressions are the same, and which a grouped query may use.
//!
//! Expressions are compared by a structural hash that is worked out bottom-up, names resolved and
//! parentheses ignored, so that comparing is linear even where aliases stand for aliases.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use smallvec::{SmallVec, smallvec};
use tule_syntax::ast::{ExprId, ExprKind, Literal, Root, Select, SelectItem};
use tule_syntax::literal::{name_text, string_value};
use tule_syntax::span::Span;

use super::Checker;
use super::scope::Scope;
use super::typed::{Target, flag};
use crate::diagnostics::{Applicability, Code, Diagnostic};
use crate::functions::Kind;
use crate::names::fold;

/// Structural hashes of the nodes of a statement; 0 where none was worked out.
#[derive(Default)]
pub(super) struct Shapes(SmallVec<[u64; 32]>);

impl Shapes {
    fn get(&self, id: ExprId) -> u64 {
        self.0.get(id.0 as usize).copied().unwrap_or(0)
    }

    /// Makes room for `nodes`.
    fn reserve(&mut self, nodes: usize) {
        if self.0.len() < nodes {
            self.0.resize(nodes, 0);
        }
    }

    fn set(&mut self, id: ExprId, value: u64) {
        if let Some(slot) = self.0.get_mut(id.0 as usize) {
            *slot = value;
        }
    }
}

impl<'t> Checker<'t> {
    /// The shape of a whole expression.
    pub(super) fn shape(&mut self, scope: &Scope<'_, 't>, root: Root) -> u64 {
        if self.shapes.get(root.id) == 0 {
            self.shapes.reserve(self.arena.len());
            for id in root.nodes() {
                let shape = self.node_shape(scope, id);
                self.shapes.set(id, shape);
            }
        }
        self.shapes.get(root.id)
    }

    /// The shape of a column of the main table, by folded name.
    pub(super) fn column_shape(scope: &Scope<'_, 't>, folded: &str) -> Option<u64> {
        scope.column(folded).map(|found| hash_target(found.target))
    }

    fn node_shape(&mut self, scope: &Scope<'_, 't>, id: ExprId) -> u64 {
        let arena = self.arena;
        let expr = arena.expr(id);
        match expr.kind {
            ExprKind::Paren(inner) => return self.shapes.get(inner),
            ExprKind::Column(_) | ExprKind::Qualified { .. } => match self.typed.target(id) {
                Target::Alias(index) => {
                    let root = scope.items.get(index as usize).map(|item| item.root);
                    return root.map_or(1, |root| self.alias_shape(scope, root));
                }
                Target::None => {}
                target => return hash_target(target),
            },
            _ => {}
        }
        let mut hasher = FxHasher::default();
        std::mem::discriminant(&expr.kind).hash(&mut hasher);
        match expr.kind {
            ExprKind::Literal(literal) => {
                let written = self.written(expr.span);
                if matches!(literal, Literal::String | Literal::DoubleString) {
                    string_value(written).hash(&mut hasher);
                } else {
                    written.to_ascii_lowercase().hash(&mut hasher);
                }
            }
            ExprKind::Column(name) | ExprKind::Param(name) | ExprKind::Hole(name) => {
                fold(name_text(self.written(name))).hash(&mut hasher);
            }
            ExprKind::Qualified { table, column } => {
                self.written(table).hash(&mut hasher);
                fold(name_text(self.written(column))).hash(&mut hasher);
            }
            ExprKind::UserParam { name, .. } => self.written(name).hash(&mut hasher),
            ExprKind::Call { name, style, .. } => {
                fold(name_text(self.written(name))).hash(&mut hasher);
                style.hash(&mut hasher);
            }
            ExprKind::Unary { op, .. } => op.hash(&mut hasher),
            ExprKind::Binary { op, .. } => op.hash(&mut hasher),
            ExprKind::Chain { op, .. } => op.hash(&mut hasher),
            ExprKind::Cast { ty, .. } => fold(name_text(self.written(ty))).hash(&mut hasher),
            ExprKind::Field { name, .. } => fold(name_text(self.written(name))).hash(&mut hasher),
            ExprKind::IsNull { negated, .. }
            | ExprKind::IsDistinct { negated, .. }
            | ExprKind::Between { negated, .. }
            | ExprKind::In { negated, .. } => negated.hash(&mut hasher),
            ExprKind::Like { negated, caseless, .. } => (negated, caseless).hash(&mut hasher),
            ExprKind::Case { subject, otherwise, .. } => {
                (subject.is_some(), otherwise.is_some()).hash(&mut hasher);
            }
            ExprKind::Missing | ExprKind::Index { .. } | ExprKind::Paren(_) => {}
        }
        arena.children(id, |child| self.shapes.get(child).hash(&mut hasher));
        // 0 means "not worked out yet".
        hasher.finish().max(2)
    }

    /// Items are typed before anything refers to them, so this goes one level deep at a time.
    fn alias_shape(&mut self, scope: &Scope<'_, 't>, root: Root) -> u64 {
        if self.shapes.get(root.id) == 0 && self.alias_depth < 64 {
            self.alias_depth += 1;
            let shape = self.shape(scope, root);
            self.alias_depth -= 1;
            return shape;
        }
        self.shapes.get(root.id)
    }

    /// Reports the columns of `root` that are neither in `groups` nor inside an aggregate.
    pub(super) fn must_be_grouped(
        &mut self,
        scope: &Scope<'_, 't>,
        groups: &[u64],
        root: Root,
        repair: GroupRepair<'_>,
    ) {
        // `count(*)`, `sum(x)` and the like.
        if self.is_aggregate_call(root.id) {
            return;
        }
        let shape = self.shape(scope, root);
        if groups.binary_search(&shape).is_ok() {
            return;
        }
        let base = root.first.0;
        let mut fine: SmallVec<[bool; 64]> = smallvec![false; (root.id.0 - base) as usize + 1];
        let slot = |id: ExprId| (id.0.wrapping_sub(base)) as usize;
        for id in root.nodes() {
            let ok = groups.binary_search(&self.shapes.get(id)).is_ok()
                || self.is_groupless(scope, id, &fine, slot);
            if let Some(place) = fine.get_mut(slot(id)) {
                *place = ok;
            }
        }
        if fine.last().copied().unwrap_or(true) {
            return;
        }
        // Downwards: below a fine node nothing is at fault.
        for id in root.nodes().rev() {
            if fine.get(slot(id)).copied().unwrap_or(true) {
                self.arena.children(id, |child| {
                    if let Some(place) = fine.get_mut(slot(child)) {
                        *place = true;
                    }
                });
            }
        }
        for id in root.nodes() {
            let leaf = matches!(
                self.arena.expr(id).kind,
                ExprKind::Column(_) | ExprKind::Qualified { .. }
            );
            let unknown = self.typed.get(id).target == Target::None;
            if leaf && !unknown && !fine.get(slot(id)).copied().unwrap_or(true) {
                self.report_not_grouped(id, repair);
                // Without GROUP BY every column would say the same.
                if matches!(repair, GroupRepair::Add(_)) {
                    return;
                }
            }
        }
    }

    /// Whether a node is the same for every row of a group because of what it is made of.
    fn is_groupless(
        &self,
        scope: &Scope<'_, 't>,
        id: ExprId,
        fine: &[bool],
        slot: impl Fn(ExprId) -> usize,
    ) -> bool {
        match self.arena.expr(id).kind {
            ExprKind::Missing
            | ExprKind::Literal(_)
            | ExprKind::Param(_)
            | ExprKind::Hole(_)
            | ExprKind::UserParam { .. } => true,
            ExprKind::Column(_) | ExprKind::Qualified { .. } => match self.typed.target(id) {
                // Reported where it is defined, if at all.
                Target::Alias(index) => scope
                    .items
                    .get(index as usize)
                    .is_some_and(|item| !self.is_plain_column(item.root)),
                Target::Column { outer, .. } => outer > 0,
                Target::Parameter(_) | Target::None => true,
            },
            ExprKind::Call { .. } => {
                self.is_aggregate_call(id) || self.children_fine(id, fine, slot)
            }
            _ => self.children_fine(id, fine, slot),
        }
    }

    /// A call of an aggregate without OVER: one value for the group whatever is inside.
    pub(super) fn is_aggregate_call(&self, id: ExprId) -> bool {
        let ExprKind::Call { suffix, .. } = self.arena.expr(id).kind else { return false };
        let info = self.typed.get(id);
        let windowed = suffix
            .and_then(|suffix| self.arena.suffix(suffix))
            .is_some_and(|suffix| suffix.over.is_some());
        info.flags & flag::AGGREGATE != 0
            && info.overload.is_none_or(|overload| overload.kind == Kind::Aggregate)
            && !windowed
    }

    fn children_fine(&self, id: ExprId, fine: &[bool], slot: impl Fn(ExprId) -> usize) -> bool {
        let mut all = true;
        self.arena.children(id, |child| all &= fine.get(slot(child)).copied().unwrap_or(true));
        all
    }

    fn is_plain_column(&self, root: Root) -> bool {
        matches!(
            self.arena.expr(self.arena.strip(root.id)).kind,
            ExprKind::Column(_) | ExprKind::Qualified { .. }
        )
    }

    /// What a select without GROUP BY was meant to be grouped by: all that it selects besides
    /// aggregates.
    fn keys(&self, select: &Select) -> Option<String> {
        let mut keys = Vec::new();
        for item in &select.items {
            let SelectItem::Expr { expr, alias, .. } = item else { return None };
            let literal =
                matches!(self.arena.expr(self.arena.strip(expr.id)).kind, ExprKind::Literal(_));
            if !literal && self.typed.get(expr.id).flags & (flag::AGGREGATE | flag::WINDOW) == 0 {
                keys.push(self.written(alias.unwrap_or(self.arena.span(expr.id))));
            }
        }
        (!keys.is_empty()).then(|| keys.join(", "))
    }

    /// ORDER BY with the blanks in front of it, if it orders by one thing.
    fn order_clause(&self, select: &Select) -> Option<Span> {
        let clause = select.order_by.as_ref()?;
        let [item] = clause.value.as_slice() else { return None };
        let before = self.text.get(..clause.keyword.start as usize)?.trim_end().len();
        Some(Span::new(u32::try_from(before).ok()?, item.span.end))
    }

    fn report_not_grouped(&mut self, id: ExprId, repair: GroupRepair<'_>) {
        let span = self.arena.span(id);
        let written = self.written(span);
        let message = format!("`{written}` is neither grouped by nor inside an aggregate");
        let mut diagnostic = Diagnostic::new(Code::NotGrouped, span, message);
        diagnostic = match repair {
            GroupRepair::Extend(at) => diagnostic
                .help(format!(
                    "add `{written}` to `group by`, or use an aggregate such as `max({written})`"
                ))
                .fix(
                    Applicability::Unsafe,
                    format!("group by `{written}` too"),
                    Span::empty(at),
                    format!(", {written}"),
                ),
            GroupRepair::Add(select) => {
                let diagnostic = diagnostic.help(format!(
                    "add `group by {written}`, or use an aggregate such as `max({written})`"
                ));
                match self.keys(select) {
                    Some(keys) => {
                        let (at, text) = before_tail(select, &format!("group by {keys}"));
                        let title = format!("add `group by {keys}`");
                        diagnostic.fix(Applicability::Unsafe, title, at, text)
                    }
                    None => diagnostic,
                }
            }
            GroupRepair::Order(select) => {
                let diagnostic = diagnostic
                    .help("the rows are groups: order by what is grouped by, or not at all");
                match self.order_clause(select) {
                    Some(clause) => {
                        diagnostic.fix(Applicability::Unsafe, "remove `order by`", clause, "")
                    }
                    None => diagnostic,
                }
            }
        };
        self.report(diagnostic);
    }
}

/// How a column that is not grouped by can be.
#[derive(Clone, Copy)]
pub(super) enum GroupRepair<'s> {
    /// Behind the last GROUP BY expression, which ends here.
    Extend(u32),
    /// There is no GROUP BY yet.
    Add(&'s Select),
    /// It is ordered by, and the order is what is wrong.
    Order(&'s Select),
}

/// Where a clause that belongs in front of HAVING is put in, with the blanks around it.
fn before_tail(select: &Select, clause: &str) -> (Span, String) {
    let starts = [
        select.having.as_ref().map(|clause| clause.keyword.start),
        select.order_by.as_ref().map(|clause| clause.keyword.start),
        select.search.as_ref().map(|clause| clause.keyword.start),
        select.limit.as_ref().map(|clause| clause.keyword.start),
        select.offset.as_ref().map(|clause| clause.keyword.start),
    ];
    match starts.into_iter().flatten().min() {
        Some(at) => (Span::empty(at), format!("{clause} ")),
        None => (Span::empty(select.span.end), format!(" {clause}")),
    }
}

fn hash_target(target: Target) -> u64 {
    let mut hasher = FxHasher::default();
    match target {
        Target::Column { table, column, outer } => (1u8, table, column, outer).hash(&mut hasher),
        Target::Alias(index) => (2u8, index).hash(&mut hasher),
        Target::Parameter(index) => (3u8, index).hash(&mut hasher),
        Target::None => 0u8.hash(&mut hasher),
    }
    hasher.finish().max(2)
}
