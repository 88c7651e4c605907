//! Every name of a statement and what it stands for.
//!
//! Hovers, definitions, references, renaming and highlighting are questions about this one list.
//! It is made from the tree and from what checking resolved, in order of place; names that could
//! not be resolved are left out.

use std::sync::Arc;

use tule_core::check::{OutputItem, Relation, SelectFacts, Target, Typed};
use tule_core::functions::by_name;
use tule_core::names::fold;
use tule_core::schema::Dataset;
use tule_core::types::Type;
use tule_syntax::ast::{
    Distinct, ExprId, ExprKind, Ident, Root, Select, SelectItem, Source, TableRef,
};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use crate::document::Analysis;
use crate::tree::selects;

/// What a name stands for.
#[derive(Clone, PartialEq, Debug)]
pub enum Symbol {
    /// The column of this name of a dataset.
    Column(Arc<Dataset>, String),
    /// A dataset.
    Dataset(Arc<Dataset>),
    /// A member of a select list: the select's place and the position among its members that are
    /// no stars.
    Item(Span, u32),
    /// A table of a select by the name it has there: the select's place and the position.
    Table(Span, u32),
    /// The WITH table of this position.
    With(u32),
    /// The parameter of this position.
    Parameter(u32),
    /// The statement's own name.
    Query,
    /// The function of this name.
    Function(&'static str),
    /// A type.
    Type(Type),
    /// The part of this name of a value.
    Field(String),
}

/// One name.
#[derive(Clone, PartialEq, Debug)]
pub struct Name {
    /// Where it stands in its statement.
    pub span: Span,
    /// What it stands for.
    pub symbol: Symbol,
    /// Whether it is here that the name is given.
    pub defines: bool,
}

/// Every name of a statement, in order of place; `Analysis::names` keeps them.
pub(crate) fn names(analysis: &Analysis) -> Vec<Name> {
    let statement = &analysis.parsed.statement;
    let mut all = Vec::new();
    selects(statement, &mut |select| all.push(select));
    let typed = &analysis.checked.typed;
    let mut walk = Walk { analysis, typed, selects: all, names: Vec::new() };
    if let Some(header) = &statement.header {
        if let Some(name) = header.name {
            walk.define(name, Symbol::Query);
        }
        for (declaration, index) in header.params.iter().zip(0..) {
            walk.define(declaration.name, Symbol::Parameter(index));
            if let Some(ty) = declaration.ty {
                walk.ty(ty);
            }
            if let Some(default) = declaration.default {
                walk.root(default, None);
            }
        }
    }
    for (cte, index) in statement.ctes.iter().zip(0..) {
        walk.define(cte.name, Symbol::With(index));
    }
    for select in walk.selects.clone() {
        walk.select(select);
    }
    let mut names = walk.names;
    names.sort_by_key(|name| (name.span, !name.defines));
    names.dedup_by(|b, a| a.span == b.span);
    names
}

/// The name at `offset` of a statement.
#[must_use]
pub fn name_at(analysis: &Analysis, offset: u32) -> Option<&Name> {
    let names = analysis.names();
    let at = names.iter().position(|name| name.span.touches(offset))?;
    // Between two names that touch (`@t.x`) the later one is meant.
    let next = names.get(at + 1).filter(|name| name.span.start == offset);
    next.or_else(|| names.get(at))
}

struct Walk<'a> {
    analysis: &'a Analysis,
    typed: &'a Typed,
    selects: Vec<&'a Select>,
    names: Vec<Name>,
}

impl<'a> Walk<'a> {
    fn written(&self, span: Span) -> &'a str {
        span.text(&self.analysis.text)
    }

    fn define(&mut self, span: Ident, symbol: Symbol) {
        self.names.push(Name { span, symbol, defines: true });
    }

    fn uses(&mut self, span: Ident, symbol: Symbol) {
        self.names.push(Name { span, symbol, defines: false });
    }

    fn ty(&mut self, span: Ident) {
        if let Some(ty) = Type::from_name(&fold(name_text(self.written(span)))) {
            self.uses(span, Symbol::Type(ty));
        }
    }

    fn select(&mut self, select: &Select) {
        let facts = self.typed.select(select.span);
        let tables = select.from.iter().chain(select.joins.iter().map(|join| &join.table));
        let first = u32::from(select.from.is_none());
        for (table, index) in tables.zip(first..) {
            self.table(select, table, index, facts);
        }
        let mut position = 0;
        for item in &select.items {
            match item {
                SelectItem::Star(star) => {
                    if let Some(table) = star.table {
                        self.qualifier(table, facts);
                    }
                    for column in &star.except {
                        self.column_of_first(*column, facts);
                    }
                }
                SelectItem::Expr { expr, alias, .. } => {
                    self.root(*expr, facts);
                    if let Some(alias) = alias {
                        self.define(*alias, Symbol::Item(select.span, position));
                    }
                    position += 1;
                }
            }
        }
        for root in roots(select) {
            self.root(root, facts);
        }
    }

    fn table(
        &mut self,
        select: &Select,
        table: &TableRef,
        index: u32,
        facts: Option<&'a SelectFacts>,
    ) {
        match &table.source {
            Source::Named(name) => {
                let dataset = self.typed.datasets.iter().find(|(span, _)| span == name);
                if let Some((_, dataset)) = dataset {
                    let dataset = Arc::clone(dataset);
                    self.uses(*name, Symbol::Dataset(dataset));
                } else if let Some(index) = self.with(*name) {
                    self.uses(*name, Symbol::With(index));
                }
            }
            Source::Call { args, .. } => args.iter().for_each(|root| self.root(*root, facts)),
            // Queries inside are walked by themselves.
            Source::Query(_) | Source::Missing(_) => {}
        }
        if let Some(alias) = table.alias {
            self.define(alias, Symbol::Table(select.span, index));
        }
    }

    /// The WITH table of this name.
    fn with(&self, name: Ident) -> Option<u32> {
        let key = |span| {
            let name = fold(name_text(self.written(span))).into_owned();
            name.trim_start_matches('_').to_owned()
        };
        let wanted = key(name);
        let ctes = &self.analysis.parsed.statement.ctes;
        let index = ctes.iter().position(|cte| key(cte.name) == wanted)?;
        u32::try_from(index).ok()
    }

    /// `@table` in front of a column or star.
    fn qualifier(&mut self, written: Ident, facts: Option<&'a SelectFacts>) {
        let Some(facts) = facts else { return };
        let name = fold(name_text(self.written(written))).into_owned();
        let name = name.trim_start_matches('_');
        let found = facts.tables.iter().position(|t| t.name.trim_start_matches('_') == name);
        if let Some(index) = found.and_then(|index| u32::try_from(index).ok()) {
            self.uses(written, Symbol::Table(facts.span, index));
        }
    }

    fn column_of_first(&mut self, written: Ident, facts: Option<&'a SelectFacts>) {
        let relation = facts.and_then(|facts| facts.tables.first()).map(|table| &table.relation);
        if let Some(symbol) = relation.and_then(|relation| self.column(relation, written)) {
            self.uses(written, symbol);
        }
    }

    /// The column of this name of a relation: of a dataset, or a member of an earlier select.
    fn column(&self, relation: &Relation, written: Ident) -> Option<Symbol> {
        let folded = fold(name_text(self.written(written)));
        let mut relation = relation;
        loop {
            match relation {
                Relation::Dataset(dataset) => {
                    let (_, column) = dataset.column(&folded)?;
                    return Some(Symbol::Column(Arc::clone(dataset), column.name.clone()));
                }
                Relation::Result(output) => {
                    let facts = self
                        .typed
                        .selects
                        .iter()
                        .find(|facts| Arc::ptr_eq(&facts.output, output))?;
                    let mut position = 0;
                    let mut next = None;
                    for item in &output.items {
                        match item {
                            OutputItem::Column(column) => {
                                if fold(&column.name) == folded {
                                    return self.item(facts, position);
                                }
                                position += 1;
                            }
                            OutputItem::Star { relation, except, .. } => {
                                let left_out = except.iter().any(|name| **name == *folded);
                                if !left_out && relation.column(&folded).is_some() {
                                    next = next.or(Some(relation));
                                }
                            }
                        }
                    }
                    relation = next?;
                }
                Relation::SingleRow | Relation::Unknown => return None,
            }
        }
    }

    fn root(&mut self, root: Root, facts: Option<&'a SelectFacts>) {
        let arena = &self.analysis.parsed.statement.arena;
        for id in root.nodes() {
            match arena.expr(id).kind {
                ExprKind::Column(name) => self.reference(id, name, facts),
                ExprKind::Qualified { table, column } => {
                    self.qualifier(table, facts);
                    self.reference(id, column, facts);
                }
                ExprKind::Param(name) => {
                    if let Target::Parameter(index) = self.typed.target(id) {
                        self.uses(name, Symbol::Parameter(index));
                    }
                }
                ExprKind::Call { name, .. } => {
                    let overloads = by_name(&fold(name_text(self.written(name))));
                    if let Some(function) = overloads.first() {
                        self.uses(name, Symbol::Function(function.internal_name));
                    }
                }
                ExprKind::Cast { ty, .. } => self.ty(ty),
                ExprKind::Field { name, .. } => {
                    let field = fold(name_text(self.written(name))).into_owned();
                    self.uses(name, Symbol::Field(field));
                }
                _ => {}
            }
        }
    }

    fn reference(&mut self, id: ExprId, name: Ident, facts: Option<&'a SelectFacts>) {
        if let Some(symbol) = self.referred(id, name, facts) {
            self.uses(name, symbol);
        }
    }

    /// What the column or result name at `id` stands for.
    fn referred(&self, id: ExprId, name: Ident, facts: Option<&'a SelectFacts>) -> Option<Symbol> {
        match self.typed.target(id) {
            Target::Alias(position) => self.item(facts?, position),
            Target::Column { table, outer: 0, .. } => {
                self.column(&facts?.tables.get(usize::from(table))?.relation, name)
            }
            Target::Column { .. } => self.outer(name, facts),
            Target::None | Target::Parameter(_) => None,
        }
    }

    /// A member of a select list. A plain column without `as` is that column and nothing of its
    /// own.
    fn item(&self, facts: &'a SelectFacts, position: u32) -> Option<Symbol> {
        let select = self.selects.iter().find(|select| select.span == facts.span)?;
        let mut items = select.items.iter().filter_map(|item| match item {
            SelectItem::Expr { expr, alias, .. } => Some((expr.id, *alias)),
            SelectItem::Star(_) => None,
        });
        let own = Some(Symbol::Item(facts.span, position));
        let (id, None) = items.nth(position as usize)? else { return own };
        match self.analysis.parsed.statement.arena.expr(id).kind {
            ExprKind::Column(name) | ExprKind::Qualified { column: name, .. }
                if !matches!(self.typed.target(id), Target::Alias(_)) =>
            {
                self.referred(id, name, Some(facts))
            }
            _ => own,
        }
    }

    /// A column of a select further out: the nearest one around this select that has it.
    fn outer(&self, name: Ident, facts: Option<&'a SelectFacts>) -> Option<Symbol> {
        let inner = facts?.span;
        let mut around: Vec<_> = self
            .typed
            .selects
            .iter()
            .filter(|outer| outer.span != inner && outer.span.contains(inner))
            .collect();
        around.sort_by_key(|outer| outer.span.len());
        let mut tables = around.into_iter().flat_map(|outer| &outer.tables);
        tables.find_map(|table| self.column(&table.relation, name))
    }
}

/// The expressions of a select outside its list.
fn roots(select: &Select) -> Vec<Root> {
    let mut roots = Vec::new();
    if let Distinct::On(on) = &select.distinct {
        roots.extend(&on.value);
    }
    roots.extend(select.joins.iter().filter_map(|join| join.on.as_ref()).map(|on| on.value));
    roots.extend(select.filter.as_ref().map(|clause| clause.value));
    roots.extend(select.group_by.iter().flat_map(|clause| &clause.value));
    roots.extend(select.having.as_ref().map(|clause| clause.value));
    roots.extend(select.order_by.iter().flat_map(|clause| &clause.value).map(|item| item.expr));
    roots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::tests::world;

    /// `text=what` for every name of a statement; `*` behind those that give it.
    fn listed(text: &str) -> Vec<String> {
        let document = Document::new(text.to_owned(), world());
        let analysis = &document.parts()[0].analysis;
        names(analysis)
            .iter()
            .map(|name| {
                let what = match &name.symbol {
                    Symbol::Column(dataset, column) => format!("{}.{column}", dataset.id),
                    Symbol::Dataset(dataset) => dataset.id.clone(),
                    Symbol::Item(select, at) => format!("item{at}@{}", select.start),
                    Symbol::Table(select, at) => format!("table{at}@{}", select.start),
                    Symbol::With(at) => format!("with{at}"),
                    Symbol::Parameter(at) => format!("param{at}"),
                    Symbol::Query => "query".to_owned(),
                    Symbol::Function(name) => format!("{name}()"),
                    Symbol::Type(ty) => ty.name().to_owned(),
                    Symbol::Field(name) => format!(".{name}"),
                };
                let star = if name.defines { "*" } else { "" };
                format!("{}={what}{star}", name.span.text(text))
            })
            .collect()
    }

    #[test]
    fn plain_names() {
        assert_eq!(
            listed(
                "select upper(beat) as b, x::text from calls where b = 'a' and the_point.latitude > 1"
            ),
            [
                "upper=upper()",
                "beat=call-call.beat",
                "b=item0@0*",
                "x=call-call.x",
                "text=text",
                "calls=call-call",
                "b=item0@0",
                "the_point=call-call.the_point",
                "latitude=.latitude",
            ]
        );
    }

    #[test]
    fn tables_steps_and_parameters() {
        assert_eq!(
            listed(
                "query q($b text) as from calls as c join districts as d on @d.name = $b select @c.beat as z |> select z"
            ),
            [
                "q=query*",
                "$b=param0*",
                "text=text",
                "calls=call-call",
                "c=table0@20*",
                "districts=dist-dist",
                "d=table1@20*",
                "@d=table1@20",
                "name=dist-dist.name",
                "$b=param0",
                "@c=table0@20",
                "beat=call-call.beat",
                "z=item0@20*",
                "z=item0@20",
            ]
        );
    }

    #[test]
    fn with_tables_and_stars() {
        assert_eq!(
            listed("with t as (select *, x + 1 as y from calls) select beat, y from t"),
            [
                "t=with0*",
                "x=call-call.x",
                "y=item0@11*",
                "calls=call-call",
                "beat=call-call.beat",
                "y=item0@11",
                "t=with0",
            ]
        );
    }

    #[test]
    fn names_that_are_not_known_are_left_out() {
        assert_eq!(
            listed("select bat, nosuch(x) from calls"),
            ["x=call-call.x", "calls=call-call"]
        );
    }
}
