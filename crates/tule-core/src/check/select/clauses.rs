//! The rules of the clauses behind the select list.

use smallvec::SmallVec;
use tule_syntax::ast::{
    ChainOp, Clause, Count, Distinct, ExprId, ExprKind, Literal, OrderItem, Root, Select,
    SelectItem, Star,
};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use crate::check::Checker;
use crate::check::grouping::GroupRepair;
use crate::check::messages::type_list;
use crate::check::scope::Scope;
use crate::check::typed::{Target, flag};
use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Fix, Severity};
use crate::names::fold;
use crate::types::{Type, TypeSet};

/// Shapes of GROUP BY expressions, sorted.
pub(super) type Shapes = SmallVec<[u64; 4]>;

impl<'t> Checker<'t> {
    /// WHERE and ON: a boolean without aggregates and windows.
    pub(super) fn condition(
        &mut self,
        scope: &mut Scope<'_, 't>,
        clause: &Clause<Root>,
        select: Option<&Select>,
    ) {
        let place = if select.is_some() { "`where`" } else { "`on`" };
        self.boolean(scope, clause.value, place);
        let id = clause.value.id;
        if self.typed.get(id).flags & flag::AGGREGATE != 0 && select.is_some() {
            if let Some(call) = self.find_call(id, flag::AGGREGATE) {
                let message = format!("aggregate `{}` cannot stand in `where`", self.excerpt(call));
                let span = self.arena.span(call);
                let diagnostic = Diagnostic::new(Code::AggregateInWhere, span, message)
                    .note("`where` chooses rows before they are grouped")
                    .help("put the condition into `having`, or order by the value and take the first row with `limit 1`");
                let fix = select.and_then(|select| self.to_having(select, clause));
                self.report(Diagnostic { fixes: fix.into_iter().collect(), ..diagnostic });
            }
        } else {
            self.forbid(id, flag::AGGREGATE, "in `on`");
        }
        let here = if select.is_some() { "in `where`" } else { "in `on`" };
        self.forbid(id, flag::WINDOW, here);
    }

    /// Moves the conditions of WHERE that look at groups into a HAVING of their own, if they look
    /// at nothing else.
    fn to_having(&self, select: &Select, filter: &Clause<Root>) -> Option<Fix> {
        if select.having.is_some() {
            return None;
        }
        let whole = [filter.value.id];
        let parts = match self.arena.expr(filter.value.id).kind {
            ExprKind::Chain { op: ChainOp::And, operands } => self.arena.list(operands),
            _ => &whole,
        };
        let (moved, kept): (Vec<ExprId>, Vec<ExprId>) =
            parts.iter().partition(|part| self.typed.get(**part).flags & flag::AGGREGATE != 0);
        if !moved.iter().all(|part| self.speaks_of_groups(*part)) {
            return None;
        }
        let text = |parts: &[ExprId]| {
            let parts = parts.iter().map(|part| self.written(self.arena.span(*part)));
            parts.collect::<Vec<_>>().join(" and ")
        };
        let end = self.arena.span(filter.value.id).end;
        let before = self.text.get(..filter.keyword.start as usize)?.trim_end().len();
        let filter_edit = if kept.is_empty() {
            Edit { span: Span::new(u32::try_from(before).ok()?, end), text: String::new() }
        } else {
            Edit {
                span: Span::new(filter.keyword.start, end),
                text: format!("where {}", text(&kept)),
            }
        };
        let having = format!("having {}", text(&moved));
        let behind = select.group_by.as_ref().and_then(|clause| clause.value.last());
        let at = behind.map_or(end, |last| self.arena.span(last.id).end);
        let mut edits = vec![filter_edit];
        match edits.first_mut() {
            Some(edit) if at == end => {
                edit.text = if edit.text.is_empty() {
                    format!(" {having}")
                } else {
                    format!("{} {having}", edit.text)
                };
            }
            _ => edits.push(Edit { span: Span::empty(at), text: format!(" {having}") }),
        }
        let title = format!("put `{}` into `having`", text(&moved));
        Some(Fix { title, applicability: Applicability::Unsafe, edits })
    }

    /// Whether every column of a condition is inside an aggregate.
    fn speaks_of_groups(&self, part: ExprId) -> bool {
        let mut open = vec![part];
        while let Some(id) = open.pop() {
            match self.arena.expr(id).kind {
                ExprKind::Column(_) | ExprKind::Qualified { .. } => {
                    if self.typed.get(id).flags & flag::AGGREGATE == 0 {
                        return false;
                    }
                }
                ExprKind::Call { .. } if self.is_aggregate_call(id) => {}
                _ => self.arena.children(id, |child| open.push(child)),
            }
        }
        true
    }

    /// Reports result names in ON that depend on tables which are joined further right.
    pub(super) fn looks_left(&mut self, scope: &Scope<'_, 't>, on: Root) {
        for id in on.nodes() {
            let Target::Alias(index) = self.typed.target(id) else { continue };
            let Some(item) = scope.items.get(index as usize) else { continue };
            let far = item.root.nodes().any(|id| {
                matches!(self.typed.target(id), Target::Column { table, outer: 0, .. }
                    if usize::from(table) >= scope.tables.len())
            });
            if far {
                let span = self.arena.span(id);
                let message = format!("`{}` uses a table that is joined further right", item.name);
                self.report(Diagnostic::new(Code::UnknownColumn, span, message));
            }
        }
    }

    pub(super) fn boolean(&mut self, scope: &mut Scope<'_, 't>, root: Root, place: &str) {
        self.infer(scope, root, None);
        if self.types(root.id).has(Type::Boolean) {
            self.typed.roots.push((root, Some(Type::Boolean)));
        } else {
            self.report_not_boolean(root.id, place);
        }
    }

    pub(super) fn is_literal(&self, root: Root) -> bool {
        matches!(self.arena.expr(self.arena.strip(root.id)).kind, ExprKind::Literal(_))
    }

    /// Gives the shapes of the GROUP BY expressions.
    pub(super) fn group_by(&mut self, select: &Select, scope: &mut Scope<'_, 't>) -> Shapes {
        let mut shapes = Shapes::new();
        let Some(group_by) = &select.group_by else { return shapes };
        for root in &group_by.value {
            self.infer(scope, *root, None);
            self.settle(*root);
            self.forbid(root.id, flag::AGGREGATE, "in `group by`");
            self.forbid(root.id, flag::WINDOW, "in `group by`");
            let types = self.types(root.id);
            let span = self.arena.span(root.id);
            if let Some(member) = self.position(select, *root) {
                let written = self.excerpt(member.id);
                let message = "positions in the select list are not understood here";
                let mut diagnostic = Diagnostic::new(Code::LiteralInGroupBy, span, message).fix(
                    Applicability::Unsafe,
                    format!("write `{written}`"),
                    span,
                    self.written(self.arena.span(member.id)),
                );
                diagnostic.severity = Severity::Error;
                self.report(diagnostic);
                // It is clear what was meant: one cause, one error.
                let shape = self.shape(scope, member);
                shapes.push(shape);
            } else if self.is_literal(*root) {
                let message = "`group by` a constant puts all rows into one group";
                let diagnostic = Diagnostic::new(Code::LiteralInGroupBy, span, message)
                    .note("the newer interface refuses constants here");
                self.report(diagnostic);
            } else if types.intersect(TypeSet::EQUATABLE).is_empty() {
                let message = format!(
                    "`{}` is {} and cannot be grouped by",
                    self.excerpt(root.id),
                    type_list(types)
                );
                self.report(Diagnostic::new(Code::NotGroupable, span, message));
            }
            shapes.push(self.shape(scope, *root));
        }
        shapes.sort_unstable();
        shapes
    }

    /// The member of the select list whose position the whole number `root` is.
    fn position(&self, select: &Select, root: Root) -> Option<Root> {
        let id = self.arena.strip(root.id);
        let ExprKind::Literal(Literal::Integer) = self.arena.expr(id).kind else { return None };
        let position: usize = self.written(self.arena.span(id)).parse().ok()?;
        match select.items.get(position.checked_sub(1)?)? {
            SelectItem::Expr { expr, .. } => {
                let aggregate = self.typed.get(expr.id).flags & flag::AGGREGATE != 0;
                (!aggregate).then_some(*expr)
            }
            SelectItem::Star(_) => None,
        }
    }

    pub(super) fn order_by(&mut self, scope: &mut Scope<'_, 't>, clause: &Clause<Vec<OrderItem>>) {
        for item in &clause.value {
            self.infer(scope, item.expr, None);
            self.settle(item.expr);
            if self.is_literal(item.expr) {
                let message = "`order by` a constant orders nothing";
                let span = self.arena.span(item.expr.id);
                let diagnostic = Diagnostic::new(Code::LiteralInOrderBy, span, message)
                    .note("positions in the select list are not understood here, and the newer interface refuses constants");
                self.report(diagnostic);
            } else {
                self.must_be_ordered(item.expr, "`order by`");
            }
        }
    }

    pub(super) fn is_aggregated(&self, select: &Select, scope: &Scope<'_, 't>) -> bool {
        let aggregates = |root: Root| self.typed.get(root.id).flags & flag::AGGREGATE != 0;
        select.group_by.is_some()
            || select.having.is_some()
            || scope.items.iter().any(|item| aggregates(item.root))
            || matches!(&select.distinct, Distinct::On(on)
                if on.value.iter().any(|root| aggregates(*root)))
            || select
                .order_by
                .as_ref()
                .is_some_and(|order| order.value.iter().any(|item| aggregates(item.expr)))
    }

    /// Everything selected, tested and ordered by in a grouped query is the same for all rows of
    /// a group.
    pub(super) fn grouped(&mut self, select: &Select, scope: &mut Scope<'_, 't>, groups: &[u64]) {
        let repair = match select.group_by.as_ref().and_then(|clause| clause.value.last()) {
            Some(last) => GroupRepair::Extend(self.arena.span(last.id).end),
            None => GroupRepair::Add(select),
        };
        for item in &select.items {
            if let SelectItem::Star(star) = item {
                self.grouped_star(scope, star, groups);
            }
        }
        for index in 0..scope.items.len() {
            let Some(root) = scope.items.get(index).map(|item| item.root) else { continue };
            let before = self.diagnostics.len();
            self.must_be_grouped(scope, groups, root, repair);
            if select.group_by.is_none() && self.diagnostics.len() > before {
                return;
            }
        }
        let having = select.having.as_ref().map(|clause| clause.value);
        if let Distinct::On(on) = &select.distinct {
            for root in &on.value {
                self.must_be_grouped(scope, groups, *root, repair);
            }
        }
        if let Some(root) = having {
            self.must_be_grouped(scope, groups, root, repair);
        }
        for item in select.order_by.iter().flat_map(|clause| &clause.value) {
            // Clients add `order by :id` to whatever they send.
            let own = matches!(
                self.arena.expr(self.arena.strip(item.expr.id)).kind,
                ExprKind::Column(name) if self.written(name).starts_with(':')
            );
            let order = own || select.group_by.is_none();
            let repair = if order { GroupRepair::Order(select) } else { repair };
            self.must_be_grouped(scope, groups, item.expr, repair);
        }
    }

    pub(super) fn grouped_star(&mut self, scope: &Scope<'_, 't>, star: &Star, groups: &[u64]) {
        let Some(relation) = self.star_relation(scope, star) else { return };
        if relation.is_unknown() || star.table.is_some() {
            return;
        }
        let mut loose = None;
        relation.each(&mut |name, _| {
            let folded = fold(name);
            let left_out =
                star.except.iter().any(|known| fold(name_text(self.written(*known))) == folded);
            let shape = Self::column_shape(scope, &folded);
            let grouped = shape.is_some_and(|shape| groups.binary_search(&shape).is_ok());
            let selected = name.starts_with(':') == star.system && !left_out;
            if selected && !grouped && loose.is_none() {
                loose = Some(name.to_owned());
            }
        });
        if let Some(name) = loose {
            let message = format!("`*` selects columns that are not grouped by, `{name}` for one");
            let diagnostic = Diagnostic::new(Code::NotGrouped, star.span, message)
                .help("name the columns that are grouped by instead of `*`");
            self.report(diagnostic);
        }
    }

    pub(super) fn distinct(&mut self, select: &Select, scope: &mut Scope<'_, 't>) {
        let on = match &select.distinct {
            Distinct::No => return,
            Distinct::All(_) => return self.distinct_order(select, scope),
            Distinct::On(on) => on,
        };
        let mut shapes = Vec::with_capacity(on.value.len());
        for root in &on.value {
            if self.is_literal(*root) {
                let message = "`distinct on` a constant keeps one row";
                let span = self.arena.span(root.id);
                self.report(Diagnostic::new(Code::LiteralInDistinctOn, span, message));
            } else {
                self.must_be_ordered(*root, "`distinct on`");
            }
            self.forbid(root.id, flag::WINDOW, "in `distinct on`");
            shapes.push(self.shape(scope, *root));
        }
        let Some(order) = &select.order_by else { return };
        for item in order.value.iter().take(shapes.len()) {
            let shape = self.shape(scope, item.expr);
            if !shapes.contains(&shape) {
                let message = "`order by` must begin with the expressions of `distinct on`";
                let diagnostic = Diagnostic::new(Code::DistinctOnOrder, item.span, message)
                    .label(on.keyword, "one row for each of these");
                self.report(diagnostic);
                return;
            }
        }
    }

    pub(super) fn distinct_order(&mut self, select: &Select, scope: &mut Scope<'_, 't>) {
        let Some(order) = &select.order_by else { return };
        let stars: Vec<&Star> = select.stars().collect();
        let mut selected = Vec::new();
        for index in 0..scope.items.len() {
            let Some(root) = scope.items.get(index).map(|item| item.root) else { continue };
            selected.push(self.shape(scope, root));
        }
        for item in &order.value {
            let shape = self.shape(scope, item.expr);
            let starred = self.own_name(item.expr).is_some_and(|name| {
                let folded = fold(name_text(self.written(name)));
                self.is_starred(scope, &stars, &folded)
            });
            let unknown = scope.tables.first().is_some_and(|table| table.relation.is_unknown());
            if !selected.contains(&shape) && !starred && !unknown {
                let message = format!(
                    "`distinct` rows are ordered by `{}`, which is not selected",
                    self.excerpt(item.expr.id)
                );
                let diagnostic = Diagnostic::new(Code::OrderNotSelected, item.span, message)
                    .help("select it too");
                self.report(diagnostic);
            }
        }
    }

    pub(super) fn count(&mut self, count: &Clause<Count>) {
        match count.value {
            Count::Missing(_) | Count::All(_) => {}
            Count::Number(span) => {
                if self.written(span).parse::<i64>().is_err() {
                    let message = "this number of rows is too large";
                    let diagnostic = Diagnostic::new(Code::BadCount, span, message)
                        .help("write `limit all` for every row");
                    self.report(diagnostic);
                }
            }
            Count::Param(name) => {
                let info = self.parameter(name);
                if !info.types.has(Type::Number) {
                    let message = format!(
                        "a number of rows is a number, `{}` is {}",
                        self.written(name),
                        type_list(info.types)
                    );
                    self.report(Diagnostic::new(Code::BadCount, name, message));
                }
            }
        }
    }
}
