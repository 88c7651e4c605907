//! What a statement uses of a dataset: which columns, where, and whether all of them.

use tule_syntax::ast::{
    Atom, BinaryOp, ChainOp, Compound, ExprId, ExprKind, Literal, Select, SelectItem, Source,
    Statement,
};
use tule_syntax::literal::{name_text, string_value};
use tule_syntax::span::Span;

use crate::check::{OutputItem, Relation, SelectFacts, Target, Typed};
use crate::names::fold;
use crate::schema::Dataset;

/// A column of a dataset at one place of a statement.
#[derive(Debug)]
pub(super) struct Use {
    /// The column, folded.
    pub(super) column: String,
    /// Its name in the text.
    pub(super) name: Span,
    /// Whether it is a result column under its own name.
    pub(super) is_result: bool,
    /// Whether it stands for that result column, not for the dataset's.
    pub(super) by_result: bool,
}

/// What a statement uses of one dataset.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Where the dataset is named.
    pub(super) tables: Vec<Span>,
    /// Its columns by name.
    pub(super) columns: Vec<Use>,
    /// Stars that give all of its columns.
    pub(super) stars: Vec<Span>,
}

/// Every select of a statement.
pub(super) fn selects(statement: &Statement) -> Vec<&Select> {
    let ctes = statement.ctes.iter().map(|cte| &cte.query);
    let mut open: Vec<&Compound> = ctes.chain(&statement.query).collect();
    let mut found = Vec::new();
    while let Some(compound) = open.pop() {
        for atom in std::iter::once(&compound.first).chain(compound.rest.iter().map(|s| &s.right)) {
            let select = match atom {
                Atom::Paren(inner, _) => {
                    open.push(inner);
                    continue;
                }
                Atom::Select(select) => select,
            };
            let joined = select.joins.iter().map(|join| &join.table);
            for table in select.from.iter().chain(joined) {
                if let Source::Query(inner) = &table.source {
                    open.push(inner);
                }
            }
            found.push(&**select);
        }
    }
    found
}

/// What `statement` uses of `dataset`.
pub(super) fn uses(text: &str, statement: &Statement, typed: &Typed, dataset: &Dataset) -> Uses {
    let same = |known: &Dataset| known.host == dataset.host && known.id == dataset.id;
    let tables = typed.datasets.iter().filter(|(_, known)| same(known)).map(|(span, _)| *span);
    let mut uses = Uses { tables: tables.collect(), ..Uses::default() };
    let selects = selects(statement);
    let results: Vec<ExprId> = selects
        .iter()
        .flat_map(|select| &select.items)
        .filter_map(|item| match item {
            SelectItem::Expr { expr, alias: None, .. } => Some(expr.id),
            _ => None,
        })
        .collect();
    for id in (0..u32::try_from(statement.arena.len()).unwrap_or(u32::MAX)).map(ExprId) {
        let (ExprKind::Column(name) | ExprKind::Qualified { column: name, .. }) =
            statement.arena.expr(id).kind
        else {
            continue;
        };
        let column = fold(name_text(name.text(text))).into_owned();
        let (target, by_result) = match typed.target(id) {
            // A result column without a name of its own has the column's.
            Target::Alias(at) => (aliased(typed, &selects, name, at), true),
            target => (target, false),
        };
        let Target::Column { table, outer, .. } = target else { continue };
        let facts = around(typed, name, outer);
        let Some(table) = facts.and_then(|facts| facts.tables.get(usize::from(table))) else {
            continue;
        };
        if origin(&table.relation, &column, &same) {
            let is_result = results.contains(&id);
            uses.columns.push(Use { column, name, is_result, by_result });
        }
    }
    for select in &selects {
        let Some(facts) = typed.select(select.span) else { continue };
        let gives = facts.output.items.iter().any(|item| is_star_of(item, &same));
        if !gives {
            continue;
        }
        let star = select.stars().find(|star| !star.system).map(|star| star.span);
        uses.stars.push(star.or(select.keyword).unwrap_or(select.span));
    }
    uses.columns.sort_by_key(|used| used.name);
    uses
}

/// What a member of the select list stands for that has no name of its own.
fn aliased(typed: &Typed, selects: &[&Select], place: Span, at: u32) -> Target {
    let inside = selects.iter().filter(|select| select.span.contains(place));
    let select = inside.min_by_key(|select| select.span.len());
    match select.and_then(|select| select.items.get(at as usize)) {
        Some(SelectItem::Expr { expr, alias: None, .. }) => typed.target(expr.id),
        _ => Target::None,
    }
}

/// The facts of the select around a place, or of one further out.
fn around(typed: &Typed, place: Span, outer: u8) -> Option<&SelectFacts> {
    let mut inside: Vec<&SelectFacts> =
        typed.selects.iter().filter(|facts| facts.span.contains(place)).collect();
    inside.sort_by_key(|facts| facts.span.len());
    inside.get(usize::from(outer)).copied()
}

/// Whether a column comes from the dataset without having been given a new name on the way.
fn origin(relation: &Relation, column: &str, same: &impl Fn(&Dataset) -> bool) -> bool {
    // A star over a star over a star is as deep as the statement is nested.
    let mut open = vec![relation.clone()];
    while let Some(relation) = open.pop() {
        match &relation {
            Relation::Dataset(dataset) if same(dataset) => {
                return dataset.column(column).is_some();
            }
            Relation::Result(output) => {
                let own = output.items.iter().any(
                    |item| matches!(item, OutputItem::Column(known) if fold(&known.name) == column),
                );
                if own {
                    continue;
                }
                open.extend(output.items.iter().filter_map(|item| match item {
                    OutputItem::Star { relation, .. } => Some(relation.clone()),
                    OutputItem::Column(_) => None,
                }));
            }
            _ => {}
        }
    }
    false
}

fn is_star_of(item: &OutputItem, same: &impl Fn(&Dataset) -> bool) -> bool {
    matches!(item, OutputItem::Star { relation: Relation::Dataset(dataset), system: false, .. }
        if same(dataset))
}

/// A condition that every row must meet: a column of the dataset compared with a constant.
pub(super) struct Bound {
    /// The whole comparison.
    pub(super) span: Span,
    /// The operator, with the column on its left.
    pub(super) op: BinaryOp,
    /// The constant.
    pub(super) value: String,
}

/// The conditions on `column` that no row gets round.
pub(super) fn bounds(text: &str, statement: &Statement, uses: &Uses, column: &str) -> Vec<Bound> {
    let arena = &statement.arena;
    let mut found = Vec::new();
    let is_column = |id: ExprId| {
        let span = arena.span(arena.strip(id));
        uses.columns.iter().any(|used| used.column == column && span.contains(used.name))
            && matches!(
                arena.expr(arena.strip(id)).kind,
                ExprKind::Column(_) | ExprKind::Qualified { .. }
            )
    };
    let constant = |id: ExprId| match arena.expr(arena.strip(id)).kind {
        ExprKind::Literal(Literal::String | Literal::DoubleString) => {
            Some(string_value(arena.span(arena.strip(id)).text(text)).into_owned())
        }
        _ => None,
    };
    for select in selects(statement) {
        let Some(filter) = &select.filter else { continue };
        let mut open = vec![filter.value.id];
        while let Some(id) = open.pop() {
            let id = arena.strip(id);
            match arena.expr(id).kind {
                ExprKind::Chain { op: ChainOp::And, operands } => {
                    open.extend(arena.list(operands));
                }
                ExprKind::Binary { op, left, right, .. } => {
                    let sides = match (is_column(left), is_column(right)) {
                        (true, false) => Some((op, constant(right))),
                        (false, true) => turned(op).map(|op| (op, constant(left))),
                        _ => None,
                    };
                    if let Some((op, Some(value))) = sides {
                        found.push(Bound { span: arena.span(id), op, value });
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// The operator with its sides exchanged.
fn turned(op: BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEqual => BinaryOp::GreaterEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEqual => BinaryOp::LessEqual,
        BinaryOp::Equal | BinaryOp::EqualEqual => op,
        _ => return None,
    })
}
