//! What is known of the thing under the cursor.

use tule_core::check::{Output, OutputItem, Relation};
use tule_core::functions::{Function, by_name, fields_named};
use tule_core::names::fold;
use tule_core::types::Type;
use tule_syntax::ast::{ExprId, ExprKind, SelectItem};
use tule_syntax::lexer::lex;
use tule_syntax::span::Span;

use crate::cards;
use crate::document::{Analysis, Document};
use crate::names::{Name, Symbol, name_at};
use crate::rewrite;
use crate::scope::{Scope, Visible};
use crate::tree::selects;
use crate::words;

/// A card and the text it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// The text, in the document.
    pub span: Span,
    /// Markdown.
    pub text: String,
}

/// What is known of the place at `offset` of a document.
#[must_use]
pub fn hover(document: &Document, offset: u32) -> Option<Hover> {
    let part = document.part_at(offset)?;
    let local = offset.checked_sub(part.range.start)?;
    let analysis = &part.analysis;
    let (span, text) = match name_at(analysis, local) {
        Some(name) => (name.span, of_name(analysis, name)?),
        None => of_token(analysis, local)?,
    };
    Some(Hover { span: span.shift(part.range.start), text })
}

fn of_name(analysis: &Analysis, name: &Name) -> Option<String> {
    Some(match &name.symbol {
        Symbol::Column(dataset, column) => {
            let (_, column) = dataset.column(&fold(column))?;
            cards::column(dataset, column)
        }
        Symbol::Dataset(dataset) => cards::dataset(dataset),
        Symbol::Item(select, position) => item(analysis, *select, *position)?,
        Symbol::Table(select, position) => table(analysis, *select, *position)?,
        Symbol::With(position) => {
            let cte = analysis.parsed.statement.ctes.get(*position as usize)?;
            columns_card("with table", &output_of(analysis, cte.query.span)?)
        }
        Symbol::Parameter(position) => parameter(analysis, *position)?,
        Symbol::Query => columns_card("query", &columns(&analysis.checked.typed.output)),
        Symbol::Function(function) => called(analysis, name.span, by_name(function)),
        Symbol::Type(ty) => cards::ty(*ty),
        Symbol::Field(field) => cards::function(fields_named(field)),
    })
}

/// The overload that a call chose; all of them where none was.
fn called(analysis: &Analysis, name: Span, overloads: &'static [Function]) -> String {
    let arena = &analysis.parsed.statement.arena;
    let resolved = analysis.checked.typed.resolve(arena);
    let chosen = (0..u32::try_from(arena.len()).unwrap_or(u32::MAX))
        .map(ExprId)
        .find(|id| matches!(arena.expr(*id).kind, ExprKind::Call { name: at, .. } if at == name))
        .and_then(|id| resolved.node(id).overload);
    match chosen {
        Some(function) => cards::function(std::slice::from_ref(function)),
        None => cards::function(overloads),
    }
}

/// A member of a select list: its result name and type, and how it is worked out.
fn item(analysis: &Analysis, select: Span, position: u32) -> Option<String> {
    let facts = analysis.checked.typed.select(select)?;
    let mut columns = facts.output.items.iter().filter_map(|item| match item {
        OutputItem::Column(column) => Some(column),
        OutputItem::Star { .. } => None,
    });
    let column = columns.nth(position as usize)?;
    let ty = column.ty.map_or("of unknown type", Type::name);
    Some(format!("```tule\n{} {ty}\n```\nResult column", column.name))
}

fn table(analysis: &Analysis, select: Span, position: u32) -> Option<String> {
    let facts = analysis.checked.typed.select(select)?;
    let table = facts.tables.get(position as usize)?;
    Some(match &table.relation {
        Relation::Dataset(dataset) => cards::dataset(dataset),
        Relation::Result(output) => columns_card("table", &columns(output)),
        _ => return None,
    })
}

fn parameter(analysis: &Analysis, position: u32) -> Option<String> {
    let typed = &analysis.checked.typed;
    let parameter = typed.parameters.get(position as usize)?;
    let ty = parameter.ty.map_or("of unknown type", Type::name);
    let default = parameter.default.map_or(String::new(), |root| {
        let span = analysis.parsed.statement.arena.span(root.id);
        format!(" default {}", span.text(&analysis.text))
    });
    Some(format!("```tule\n${} {ty}{default}\n```\nParameter of this query", parameter.name))
}

/// Names and types of the columns of a result.
type Columns = Vec<(String, Option<Type>)>;

fn columns(output: &Output) -> Columns {
    output.columns().into_iter().map(|column| (column.name.to_string(), column.ty)).collect()
}

fn output_of(analysis: &Analysis, query: Span) -> Option<Columns> {
    let selects = analysis.checked.typed.selects.iter();
    let last = selects.filter(|facts| query.contains(facts.span)).max_by_key(|f| f.span.end)?;
    Some(columns(&last.output))
}

fn columns_card(what: &str, columns: &Columns) -> String {
    let lines: Vec<String> = columns
        .iter()
        .map(|(name, ty)| format!("{name} {}", ty.map_or("of unknown type", Type::name)))
        .collect();
    format!("```tule\n{}\n```\nColumns of this {what}", lines.join("\n"))
}

/// Keywords, stars, literals and members of a select list that have no name of their own.
fn of_token(analysis: &Analysis, local: u32) -> Option<(Span, String)> {
    let lexed = lex(&analysis.text);
    let mut index = lexed.at(local);
    // Right behind a word the word is meant.
    if lexed.kind(index).is_trivia() && lexed.span(index).start == local {
        index = index.saturating_sub(1);
    }
    let (kind, span) = (lexed.kind(index), lexed.span(index));
    if kind.is_keyword() {
        let doc = words::doc(kind);
        let sent = rewrite::sent(analysis, kind, span);
        let card: Vec<String> = doc.map(str::to_owned).into_iter().chain(sent).collect();
        if !card.is_empty() {
            return Some((span, card.join("\n\n")));
        }
    }
    star(analysis, local).or_else(|| generated(analysis, local))
}

/// The columns that the star around `local` stands for.
fn star(analysis: &Analysis, local: u32) -> Option<(Span, String)> {
    let mut found = None;
    selects(&analysis.parsed.statement, &mut |select| {
        if let Some(star) = select.stars().find(|star| star.span.touches(local)) {
            found = Some((select.span, star));
        }
    });
    let (select, star) = found?;
    let columns = Scope::at(analysis, select.start).of_star(&analysis.text, star);
    let line = |column: &Visible<'_>| {
        let ty = column.ty.map_or("of unknown type", Type::name);
        let label = column.column.map(|(_, column)| column.label.as_str());
        let label = label.filter(|label| !label.eq_ignore_ascii_case(column.name));
        let label = label.filter(|label| !label.is_empty());
        let label = label.map_or(String::new(), |label| format!(": {}", cards::plain(label)));
        format!("- {} {ty}{label}", cards::code(column.name))
    };
    let lines: Vec<String> = columns.iter().map(line).collect();
    (!lines.is_empty())
        .then(|| (star.span, format!("{} columns\n\n{}", lines.len(), lines.join("\n"))))
}

/// The generated name of the select member around `local`, and its type.
fn generated(analysis: &Analysis, local: u32) -> Option<(Span, String)> {
    let statement = &analysis.parsed.statement;
    let typed = &analysis.checked.typed;
    let mut found = None;
    selects(statement, &mut |select| {
        let Some(facts) = typed.select(select.span) else { return };
        let mut position = 0_u32;
        for item in &select.items {
            let SelectItem::Expr { expr, alias, span } = item else { continue };
            if alias.is_none() && span.touches(local) {
                let name = facts.generated.iter().find(|(at, _)| *at == position);
                found = name.map(|(_, name)| (*span, name.clone(), *expr)).or(found.take());
            }
            position += 1;
        }
    });
    let (span, name, root) = found?;
    let ty = typed.resolve(&statement.arena).node(root.id).ty;
    let ty = ty.map_or("of unknown type", Type::name);
    Some((
        span,
        format!("```tule\n{name} {ty}\n```\nThe portal gives this result column the name `{name}`"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{marked, world};

    fn at(text: &str) -> Option<String> {
        let (text, offset) = marked(text);
        let document = Document::new(text, world());
        hover(&document, offset).map(|hover| hover.text)
    }

    #[track_caller]
    fn says(text: &str, words: &[&str]) {
        let card = at(text).unwrap_or_default();
        for word in words {
            assert!(card.contains(word), "{text}: no `{word}` in {card}");
        }
    }

    #[test]
    fn names_have_cards() {
        says(
            "select pri§ority from calls",
            &["priority text", "**Call priority**", "`1`", "Calls"],
        );
        says("select upper§(beat) from calls", &["upper(text) -> text", "Example: `upper"]);
        says("select beat from ca§lls", &["**Calls**", "columns"]);
        says("select x::te§xt from calls", &["text"]);
        says("select x as y from calls order by §y", &["y number", "Result column"]);
        says(
            "with t as (select beat, x from calls) select beat from §t",
            &["beat text", "x number"],
        );
        says(
            "query q($b text default 'C1') as from calls where beat = $§b",
            &["$b text default 'C1'"],
        );
        says("from calls as c select @§c.beat", &["**Calls**"]);
        says("from calls select the_point.lat§itude", &["latitude"]);
    }

    #[test]
    fn the_overload_that_was_chosen_is_shown() {
        let card = at("select date_trunc§_ymd(opened) from calls").unwrap();
        assert_eq!(card.matches("date_trunc_ymd(").count(), 2, "{card}");
    }

    #[test]
    fn stars_list_their_columns() {
        let card = at("select *§ from calls").unwrap();
        assert!(card.starts_with("6 columns\n\n- `beat` text\n- `priority` text: Call priority"));
        says("select * (except§ x, beat) from calls", &["4 columns"]);
        says("from calls as c join districts as d on @d.name = beat select @d.*§", &["2 columns"]);
    }

    #[test]
    fn words_that_are_rewritten_say_to_what() {
        says(
            "select beat from calls where beat ilike§ 'a%' limit 5",
            &["Sent as `upper(beat) like upper('a%')`"],
        );
        says(
            "query q($b text) as select x from calls where beat is distin§ct from $b limit 5",
            &["Sent as", "$b"],
        );
        says(
            "wi§th t as (select beat, x from calls limit 9) select beat from t limit 5",
            &["Sent as `select beat, x limit 9 |> select beat limit 5`"],
        );
        let plain = at("select beat from calls where beat li§ke 'a%' limit 5").unwrap();
        assert!(!plain.contains("Sent as"), "{plain}");
        let broken = at("select bat from calls where beat il§ike 'a%' limit 5").unwrap();
        assert!(broken.contains("upper"), "{broken}");
    }

    #[test]
    fn generated_names_and_keywords() {
        says("select x §+ 1 from calls", &["x_1 number", "gives this result column the name"]);
        says("select beat from calls §where x = 1", &["where"]);
        assert_eq!(at("select beat§"), None);
    }
}
