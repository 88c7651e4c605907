//! What a lint may ask about a typed statement.

use std::borrow::Cow;

use tule_syntax::ast::{
    Arena, Atom, Compound, Distinct, ExprId, ExprKind, Literal, Root, Select, SelectItem, Source,
    Statement, StepOp, UnaryOp,
};
use tule_syntax::literal::{name_text, string_value};
use tule_syntax::span::Span;

use crate::check::{OutputItem, Relation, Resolved, SelectFacts, Target, Typed};
use crate::functions::Function;
use crate::names::fold;
use crate::schema::{Column, Dataset};
use crate::types::Type;

/// A typed statement with what lints look up again and again.
pub(super) struct Pass<'a> {
    /// The statement's own text.
    pub(super) text: &'a str,
    pub(super) statement: &'a Statement,
    pub(super) arena: &'a Arena,
    pub(super) typed: &'a Typed,
    resolved: Resolved,
    selects: Vec<SelectView<'a>>,
    places: Vec<Place>,
}

/// One select and where its rows go.
pub(super) struct SelectView<'a> {
    pub(super) select: &'a Select,
    /// What checking found out; absent for a select that was not reached.
    pub(super) facts: Option<&'a SelectFacts>,
    pub(super) role: Role,
    /// Index of the select around a joined query.
    outer: Option<usize>,
}

/// Where the rows of a select go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// They are the statement's result.
    Result,
    /// They are one side of a set operation.
    Operand,
    /// They are the input of the select behind `|>`.
    Step,
    /// They are a table of a FROM or JOIN.
    Source,
    /// They are a WITH table.
    Table,
}

/// Which clause an expression stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Clause {
    /// None: the default of a parameter.
    #[default]
    None,
    Item,
    On,
    Where,
    GroupBy,
    Having,
    OrderBy,
    DistinctOn,
    /// Arguments of a stored function.
    Argument,
}

#[derive(Clone, Copy, Default)]
struct Place {
    select: Option<usize>,
    clause: Clause,
    parent: Option<ExprId>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(text: &'a str, statement: &'a Statement, typed: &'a Typed) -> Self {
        let arena = &statement.arena;
        let mut pass = Self {
            text,
            statement,
            arena,
            typed,
            resolved: typed.resolve(arena),
            selects: Vec::new(),
            places: vec![Place::default(); arena.len()],
        };
        for cte in &statement.ctes {
            pass.compound(&cte.query, Role::Table, None);
        }
        if let Some(query) = &statement.query {
            pass.compound(query, Role::Result, None);
        }
        for id in pass.nodes() {
            arena.children(id, |child| {
                if let Some(place) = pass.places.get_mut(child.0 as usize) {
                    place.parent = Some(id);
                }
            });
        }
        pass
    }

    fn compound(&mut self, compound: &'a Compound, role: Role, outer: Option<usize>) {
        let last = compound.rest.len();
        for index in 0..=last {
            let atom = match index.checked_sub(1) {
                None => Some(&compound.first),
                Some(step) => compound.rest.get(step).map(|step| &step.right),
            };
            let piped =
                |step: usize| compound.rest.get(step).is_some_and(|step| step.op == StepOp::Pipe);
            // What comes behind decides: a pipe takes the rows, a set operation joins them.
            let part = if index == last {
                if last == 0 || piped(index - 1) { role } else { Role::Operand }
            } else if piped(index) && (index == 0 || piped(index - 1)) {
                Role::Step
            } else {
                Role::Operand
            };
            match atom {
                Some(Atom::Select(select)) => self.select(select, part, outer),
                Some(Atom::Paren(inner, _)) => self.compound(inner, part, outer),
                None => {}
            }
        }
    }

    fn select(&mut self, select: &'a Select, role: Role, outer: Option<usize>) {
        let index = self.selects.len();
        let facts = self.typed.select(select.span);
        self.selects.push(SelectView { select, facts, role, outer });
        for item in &select.items {
            if let SelectItem::Expr { expr, .. } = item {
                self.place(*expr, index, Clause::Item);
            }
        }
        if let Distinct::On(on) = &select.distinct {
            for root in &on.value {
                self.place(*root, index, Clause::DistinctOn);
            }
        }
        if let Some(filter) = &select.filter {
            self.place(filter.value, index, Clause::Where);
        }
        for root in select.group_by.iter().flat_map(|clause| &clause.value) {
            self.place(*root, index, Clause::GroupBy);
        }
        if let Some(having) = &select.having {
            self.place(having.value, index, Clause::Having);
        }
        for item in select.order_by.iter().flat_map(|clause| &clause.value) {
            self.place(item.expr, index, Clause::OrderBy);
        }
        for join in &select.joins {
            if let Some(on) = &join.on {
                self.place(on.value, index, Clause::On);
            }
        }
        let tables = select.from.iter().chain(select.joins.iter().map(|join| &join.table));
        for table in tables {
            match &table.source {
                Source::Query(query) => self.compound(query, Role::Source, Some(index)),
                Source::Call { args, .. } => {
                    for root in args {
                        self.place(*root, index, Clause::Argument);
                    }
                }
                Source::Named(_) | Source::Missing(_) => {}
            }
        }
    }

    fn place(&mut self, root: Root, select: usize, clause: Clause) {
        for id in root.nodes() {
            if let Some(place) = self.places.get_mut(id.0 as usize) {
                *place = Place { select: Some(select), clause, parent: None };
            }
        }
    }

    fn at(&self, id: ExprId) -> Place {
        self.places.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Every select, outer ones before those inside them.
    pub(super) fn selects(&self) -> impl Iterator<Item = &SelectView<'a>> {
        self.selects.iter()
    }

    /// Every node of every expression, children before parents.
    pub(super) fn nodes(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..u32::try_from(self.arena.len()).unwrap_or(u32::MAX)).map(ExprId)
    }

    /// The select around `id`.
    pub(super) fn select_of(&self, id: ExprId) -> Option<&SelectView<'a>> {
        self.selects.get(self.at(id).select?)
    }

    /// The clause that `id` stands in.
    pub(super) fn clause(&self, id: ExprId) -> Clause {
        self.at(id).clause
    }

    /// The node that `id` is a direct part of.
    pub(super) fn parent(&self, id: ExprId) -> Option<ExprId> {
        self.at(id).parent
    }

    /// Whether `id` is an operand of something that binds tighter than AND, OR and NOT: what
    /// replaces it needs parentheses if it is looser.
    pub(super) fn binds_tighter(&self, id: ExprId) -> bool {
        let Some(parent) = self.parent(id) else { return false };
        !matches!(
            self.arena.expr(parent).kind,
            ExprKind::Chain { .. }
                | ExprKind::Paren(_)
                | ExprKind::Call { .. }
                | ExprKind::Case { .. }
                | ExprKind::Unary { op: UnaryOp::Not, .. }
        )
    }

    /// The type chosen for `id`, if one could be.
    pub(super) fn ty(&self, id: ExprId) -> Option<Type> {
        self.resolved.node(self.arena.strip(id)).ty
    }

    /// The function, operator or cast that `id` applies.
    pub(super) fn overload(&self, id: ExprId) -> Option<&'static Function> {
        self.resolved.node(self.arena.strip(id)).overload
    }

    /// The text of a span.
    pub(super) fn written(&self, span: Span) -> &'a str {
        span.text(self.text)
    }

    /// The text of an expression.
    pub(super) fn source(&self, id: ExprId) -> &'a str {
        self.written(self.arena.span(id))
    }

    /// The value of a literal in quotes, parentheses around it or not.
    pub(super) fn string(&self, id: ExprId) -> Option<Cow<'a, str>> {
        let id = self.arena.strip(id);
        match self.arena.expr(id).kind {
            ExprKind::Literal(Literal::String | Literal::DoubleString) => {
                Some(string_value(self.source(id)))
            }
            _ => None,
        }
    }

    /// Whether `id` is a literal, parentheses around it or not.
    pub(super) fn is_literal(&self, id: ExprId) -> bool {
        matches!(self.arena.expr(self.arena.strip(id)).kind, ExprKind::Literal(_))
    }

    /// The member of the select list that the name `id` stands for.
    pub(super) fn aliased(&self, id: ExprId) -> Option<ExprId> {
        let id = self.arena.strip(id);
        let Target::Alias(position) = self.typed.target(id) else { return None };
        let select = self.select_of(id)?.select;
        let mut items = select.items.iter().filter_map(|item| match item {
            SelectItem::Expr { expr, .. } => Some(expr.id),
            SelectItem::Star(_) => None,
        });
        items.nth(position as usize).filter(|item| *item != id)
    }

    /// The dataset's column behind `id`: a column, an alias of one, or one that a star hands on
    /// from an earlier step.
    pub(super) fn column(&self, id: ExprId) -> Option<(&'a Dataset, &'a Column)> {
        let mut id = self.arena.strip(id);
        if let Some(item) = self.aliased(id) {
            id = self.arena.strip(item);
        }
        let kind = self.arena.expr(id).kind;
        let (ExprKind::Column(name) | ExprKind::Qualified { column: name, .. }) = kind else {
            return None;
        };
        let Target::Column { table, outer, .. } = self.typed.target(id) else { return None };
        let mut select = self.select_of(id)?;
        for _ in 0..outer {
            select = self.selects.get(select.outer?)?;
        }
        let relation = &select.facts?.tables.get(usize::from(table))?.relation;
        column_of(relation, &fold(name_text(self.written(name))))
    }
}

fn column_of<'a>(relation: &'a Relation, folded: &str) -> Option<(&'a Dataset, &'a Column)> {
    let mut relation = relation;
    loop {
        match relation {
            Relation::Dataset(dataset) => {
                return dataset.column(folded).map(|(_, column)| (&**dataset, column));
            }
            Relation::Result(output) => {
                let named = output.items.iter().any(
                    |item| matches!(item, OutputItem::Column(column) if fold(&column.name) == folded),
                );
                if named {
                    return None;
                }
                relation = output.items.iter().find_map(|item| match item {
                    OutputItem::Star { relation, except, .. }
                        if !except.iter().any(|left_out| **left_out == *folded)
                            && relation.column(folded).is_some() =>
                    {
                        Some(relation)
                    }
                    _ => None,
                })?;
            }
            Relation::SingleRow | Relation::Unknown => return None,
        }
    }
}
