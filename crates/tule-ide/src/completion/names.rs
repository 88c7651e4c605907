//! Columns, aliases, tables, datasets, functions, parameters, types and fields as items.

use std::collections::HashSet;
use std::sync::Arc;

use memchr::memmem::Finder;
use tule_core::check::{OutputItem, Parameter};
use tule_core::functions::{FUNCTIONS, Function, Kind, Syntax, by_name, names};
use tule_core::names::fold;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::is_dataset_name;
use tule_core::types::{Type, TypeSet};
use tule_syntax::lexer::lex;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use super::{About, Item, ItemKind};
use crate::place::{Clause, Frame};
use crate::scope::{Scope, Visible};

/// A name as a query has to write it.
pub(crate) fn written(name: &str) -> String {
    let lexed = lex(name);
    let kind = lexed.kind(0);
    let bare = lexed.len() == 1
        && (kind == TokenKind::Ident || kind == TokenKind::SystemIdent || kind.is_contextual());
    if bare { name.to_owned() } else { format!("`{name}`") }
}

/// Nearer by one where the type is wanted, further by some where another is.
fn rank(base: u8, ty: Option<Type>, wanted: TypeSet) -> u8 {
    match ty {
        _ if wanted.is_empty() => base,
        Some(ty) if wanted.has(ty) => base.saturating_sub(1),
        Some(_) => base + 3,
        None => base,
    }
}

pub(super) fn columns(columns: Vec<Visible<'_>>, wanted: TypeSet, base: u8, items: &mut Vec<Item>) {
    for visible in columns {
        let system = u8::from(visible.name.starts_with(':')) * 4;
        let rank = rank(base, visible.ty, wanted) + system;
        let ty = visible.ty.map_or("unknown type", Type::name);
        let mut item =
            Item::new(ItemKind::Column, visible.name, rank).insert(written(visible.name));
        item = match visible.column {
            Some((dataset, column)) => {
                let label = column.label.as_str();
                let detail = if label.is_empty() || label.eq_ignore_ascii_case(&column.name) {
                    ty.to_owned()
                } else {
                    format!("{ty} · {label}")
                };
                let about = About::Column(dataset.clone(), column.name.clone());
                item.detail(detail).about(about)
            }
            None => item.detail(ty),
        };
        items.push(item);
    }
}

/// The columns of every dataset that has a name, each with the FROM that it needs in front of the
/// SELECT at `select`. Where they are more than `most`, those that fit `typed` best: first by the
/// start of their name, then by a part of it, then by their dataset's name. Says whether some are
/// left out.
pub(super) fn columns_with_from(
    catalog: &Catalog,
    select: u32,
    typed: &str,
    most: usize,
    wanted: TypeSet,
    items: &mut Vec<Item>,
) -> bool {
    let datasets: Vec<_> = catalog.names().collect();
    let typed = Finder::new(typed);
    let place = |name: &str| typed.find(fold(name).as_bytes());
    let mut fitting = Vec::new();
    let mut all = 0;
    for (name, dataset) in &datasets {
        let is_named = place(name).is_some();
        for column in dataset.columns.iter().filter(|column| !column.name.starts_with(':')) {
            all += 1;
            let fit = match place(&column.name) {
                Some(at) => u8::from(at > 0),
                None if is_named => 2,
                None => 3,
            };
            fitting.push((fit, name, dataset, column));
        }
    }
    if all > most {
        fitting.retain(|(fit, ..)| *fit < 3);
        fitting.sort_by_key(|(fit, ..)| *fit);
        fitting.truncate(most);
    }
    for (_, name, dataset, column) in fitting {
        let ty = column.ty.map_or("unknown type", Type::name);
        let mut item =
            Item::new(ItemKind::Column, column.name.as_str(), rank(3, column.ty, wanted))
                .insert(written(&column.name))
                .detail(format!("{ty} · from {name}"))
                .about(About::Column(Arc::clone(dataset), column.name.clone()));
        item.also = Some((Span::empty(select), format!("from {} ", dataset_written(name))));
        items.push(item);
    }
    all > most
}

fn dataset_written(name: &str) -> String {
    if is_dataset_name(name) { name.to_owned() } else { format!("`{name}`") }
}

/// A short name for a table that no other table here has: the first letters of its words.
fn short_name(name: &str, taken: &[&str]) -> String {
    let letters = name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    let letters: String =
        letters.filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let usable = !letters.is_empty() && written(&letters) == letters;
    let base = if usable { letters } else { "t".to_owned() };
    let is_free = |name: &String| !taken.iter().any(|taken| fold(taken) == fold(name));
    let numbered = (2..).map(|number| format!("{base}{number}"));
    std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or_default()
}

/// The result names of the select, which other clauses can use.
pub(super) fn aliases(scope: Scope<'_>, wanted: TypeSet, items: &mut Vec<Item>) {
    let Some(facts) = scope.facts() else { return };
    for item in &facts.output.items {
        let OutputItem::Column(column) = item else { continue };
        let rank = rank(0, column.ty, wanted);
        let ty = column.ty.map_or("unknown type", Type::name);
        items.push(
            Item::new(ItemKind::Alias, column.name.as_str(), rank)
                .insert(written(&column.name))
                .detail(format!("{ty} · result")),
        );
    }
}

pub(super) fn tables(scope: Scope<'_>, items: &mut Vec<Item>) {
    for name in scope.tables() {
        let label = format!("@{name}");
        items.push(Item::new(ItemKind::Table, label.clone(), 3).insert(format!("{label}.")));
    }
}

/// The datasets by the names that queries give them. Behind JOIN each comes with a name and ON.
pub(super) fn datasets(catalog: &Catalog, join: bool, taken: &[&str], items: &mut Vec<Item>) {
    let mut named = HashSet::new();
    for (name, dataset) in catalog.names() {
        let insert = dataset_written(name);
        let item = Item::new(ItemKind::Dataset, name, 0)
            .detail(dataset.title.clone())
            .about(About::Dataset(dataset.clone()));
        if join {
            let short = short_name(name, taken);
            let snippet = format!("{insert} as {short} on @{short}.${{1:column}} = $0");
            let label = format!("{name} as {short} on …");
            let mut with_alias = item.clone().snippet(snippet);
            with_alias.label = label;
            with_alias.rank = 1;
            items.push(with_alias);
        }
        named.insert((dataset.host.clone(), dataset.id.clone()));
        items.push(item.insert(insert));
    }
    for dataset in catalog.datasets() {
        if named.contains(&(dataset.host.clone(), dataset.id.clone())) {
            continue;
        }
        items.push(
            Item::new(ItemKind::Dataset, format!("@{}", dataset.id), 2)
                .detail(dataset.title.clone())
                .about(About::Dataset(dataset.clone())),
        );
    }
}

pub(super) fn functions(wanted: TypeSet, frame: &Frame, items: &mut Vec<Item>) {
    let aggregates = matches!(frame.clause, Clause::Select | Clause::Having | Clause::OrderBy);
    for name in names() {
        let overloads = by_name(name);
        let Some(first) = overloads.iter().find(|function| function.syntax == Syntax::Call) else {
            continue;
        };
        let aggregate = first.kind == Kind::Aggregate || first.kind == Kind::Window;
        if aggregate && !aggregates {
            continue;
        }
        let gives = overloads
            .iter()
            .fold(TypeSet::NONE, |set, function| set.union(function.types_of(function.returns)));
        let fits = wanted.is_empty() || !gives.intersect(wanted).is_empty();
        let rank = if fits { 4 } else { 7 };
        let insert = match (first.kind, first.params.is_empty() && first.repeat.is_empty()) {
            (Kind::Window, true) => format!("{name}() over ($0)"),
            (Kind::Window, false) => format!("{name}($1) over ($0)"),
            (_, true) => format!("{name}()"),
            (_, false) => format!("{name}($0)"),
        };
        items.push(
            Item::new(ItemKind::Function, name, rank)
                .detail(crate::cards::signature(first).text)
                .snippet(insert)
                .about(About::Function(name)),
        );
    }
    if aggregates && (wanted.is_empty() || wanted.has(Type::Number)) {
        items.push(Item::new(ItemKind::Function, "count(*)", 2).detail("number · rows"));
    }
}

pub(super) fn parameters(parameters: &[Parameter], wanted: TypeSet, items: &mut Vec<Item>) {
    for parameter in parameters {
        let ty = parameter.ty.map_or("unknown type", Type::name);
        items.push(
            Item::new(
                ItemKind::Parameter,
                format!("${}", parameter.name),
                rank(1, parameter.ty, wanted),
            )
            .detail(ty),
        );
    }
}

pub(super) fn types(items: &mut Vec<Item>) {
    for ty in Type::all() {
        let info = ty.info();
        items.push(Item::new(ItemKind::Type, info.name, 0).detail(info.doc).about(About::Type(ty)));
    }
}

/// The parts of a value of this type, or of any type where it is not known.
pub(super) fn fields(ty: Option<Type>, items: &mut Vec<Item>) {
    let fits = |function: &Function| {
        let param = function.param_at(0);
        ty.is_none_or(|ty| param.is_some_and(|types| types.has(ty)))
    };
    for function in FUNCTIONS {
        if function.syntax != Syntax::Field || function.hidden || !fits(function) {
            continue;
        }
        let name = function.name.trim_start_matches('.');
        if items.iter().any(|item| fold(&item.label) == fold(name)) {
            continue;
        }
        let returns = function.types_of(function.returns).first().map_or("", Type::name);
        let about = About::Text(function.doc);
        items.push(Item::new(ItemKind::Field, name, 0).detail(returns).about(about));
    }
}
