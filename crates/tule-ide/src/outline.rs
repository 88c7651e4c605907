//! The shape of a document: its queries, what can be folded, and what lies around a place.

use tule_syntax::ast::{Arena, ExprId, Root, Select};
use tule_syntax::lexer::lex;
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use crate::document::{Document, Part};
use crate::tree::selects;

/// One query, WITH table or parameter, for lists of symbols.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its name; for a query without one, its beginning.
    pub name: String,
    /// What it gives or is, in a few words.
    pub detail: String,
    /// What sort of thing it is.
    pub sort: EntrySort,
    /// All of it.
    pub span: Span,
    /// Where its name stands.
    pub name_span: Span,
    /// What it holds.
    pub children: Vec<Entry>,
}

/// A sort of entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum EntrySort {
    Query,
    With,
    Parameter,
}

/// Characters of a query that stand in for its name.
const NAME_LENGTH: usize = 60;

/// The queries of a document, in order.
#[must_use]
pub fn entries(document: &Document) -> Vec<Entry> {
    document.parts().iter().filter_map(entry).collect()
}

fn entry(part: &Part) -> Option<Entry> {
    let analysis = &part.analysis;
    let statement = &analysis.parsed.statement;
    let base = part.range.start;
    let whole = code_span(part)?;
    let text = &*analysis.text;
    let named = statement.header.as_ref().and_then(|header| header.name);
    let name = match named {
        Some(name) => name_text(name.text(text)).to_owned(),
        None => beginning(whole.text(text)),
    };
    let with = statement.ctes.iter().map(|cte| Entry {
        name: name_text(cte.name.text(text)).to_owned(),
        detail: "with".to_owned(),
        sort: EntrySort::With,
        span: cte.span.shift(base),
        name_span: cte.name.shift(base),
        children: Vec::new(),
    });
    let parameters =
        statement.header.iter().flat_map(|header| &header.params).map(|declared| Entry {
            name: declared.name.text(text).to_owned(),
            detail: declared.ty.map_or("", |ty| ty.text(text)).to_owned(),
            sort: EntrySort::Parameter,
            span: declared.span.shift(base),
            name_span: declared.name.shift(base),
            children: Vec::new(),
        });
    let datasets = analysis.checked.typed.datasets.iter();
    let titles: Vec<&str> = datasets
        .map(|(_, dataset)| if dataset.title.is_empty() { &*dataset.id } else { &*dataset.title })
        .collect();
    Some(Entry {
        name,
        detail: titles.join(", "),
        sort: EntrySort::Query,
        span: whole.shift(base),
        name_span: named.unwrap_or(whole).shift(base),
        children: parameters.chain(with).collect(),
    })
}

/// From the first to the last token of a statement that is no comment or blank.
fn code_span(part: &Part) -> Option<Span> {
    let lexed = lex(&part.analysis.text);
    let mut code = lexed.iter().filter(|(kind, _)| !kind.is_trivia()).map(|(_, span)| span);
    let first = code.next()?;
    Some(code.last().map_or(first, |last| first.cover(last)))
}

fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= NAME_LENGTH {
        return line;
    }
    line.chars().take(NAME_LENGTH - 1).chain(['…']).collect()
}

/// Something that can be folded away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fold {
    /// The text.
    pub span: Span,
    /// Whether it is a comment.
    pub comment: bool,
}

/// What reaches over several lines: statements, queries in parentheses, comments, and runs of line
/// comments.
#[must_use]
pub fn folds(document: &Document) -> Vec<Fold> {
    let mut folds = Vec::new();
    for part in document.parts() {
        let base = part.range.start;
        let text = &*part.analysis.text;
        let long = |span: &Span| span.text(text).contains('\n');
        let mut spans: Vec<Span> = code_span(part).into_iter().collect();
        selects(&part.analysis.parsed.statement, &mut |select| spans.push(select.span));
        spans.retain(long);
        spans.dedup();
        folds.extend(spans.into_iter().map(|span| Fold { span: span.shift(base), comment: false }));
        folds.extend(
            comments(text)
                .into_iter()
                .filter(long)
                .map(|span| Fold { span: span.shift(base), comment: true }),
        );
    }
    folds.sort_by_key(|fold| fold.span);
    folds.dedup();
    folds
}

/// Comments, line comments with nothing but blanks between them as one.
fn comments(text: &str) -> Vec<Span> {
    let lexed = lex(text);
    let mut runs: Vec<Span> = Vec::new();
    let mut open = false;
    for (kind, span) in lexed.iter() {
        match kind {
            TokenKind::LineComment => {
                if let Some(run) = runs.last_mut().filter(|_| open) {
                    *run = run.cover(span);
                } else {
                    runs.push(span);
                    open = true;
                }
            }
            TokenKind::BlockComment => {
                runs.push(span);
                open = false;
            }
            TokenKind::Whitespace => open &= span.text(text).matches('\n').count() < 2,
            _ => open = false,
        }
    }
    runs
}

/// What lies around `offset`, the narrowest first: word, expressions, clauses, select, statement.
#[must_use]
pub fn around(document: &Document, offset: u32) -> Vec<Span> {
    let Some(part) = document.part_at(offset) else { return Vec::new() };
    let Some(local) = offset.checked_sub(part.range.start) else { return Vec::new() };
    let analysis = &part.analysis;
    let lexed = lex(&analysis.text);
    let mut spans = Vec::new();
    let index = lexed.at(local);
    if !lexed.kind(index).is_trivia() {
        spans.push(lexed.span(index));
    }
    let arena = &analysis.parsed.statement.arena;
    let nodes = (0..u32::try_from(arena.len()).unwrap_or(u32::MAX)).map(ExprId);
    spans.extend(nodes.map(|id| arena.span(id)).filter(|span| span.touches(local)));
    selects(&analysis.parsed.statement, &mut |select| {
        let members = select.items.iter().map(tule_syntax::ast::SelectItem::span);
        let parts = members.chain(clauses(select, arena)).chain([select.span]);
        spans.extend(parts.filter(|span| span.touches(local)));
    });
    spans.extend(code_span(part).filter(|span| span.touches(local)));
    spans.sort_by_key(|span| span.len());
    let mut chain: Vec<Span> = Vec::new();
    for span in spans {
        let wider = chain.last().is_none_or(|last| span.contains(*last) && span != *last);
        if wider && !span.is_empty() {
            chain.push(span);
        }
    }
    chain.into_iter().map(|span| span.shift(part.range.start)).collect()
}

/// The clauses of a select, each from its first word to its last.
fn clauses(select: &Select, arena: &Arena) -> Vec<Span> {
    let root = |root: &Root| arena.span(root.id);
    let clause = |keyword: Span, end: Span| keyword.cover(end);
    let mut found = Vec::new();
    if let (Some(keyword), Some(last)) = (select.keyword, select.items.last()) {
        found.push(clause(keyword, last.span()));
    }
    found.extend(select.from.iter().map(|from| from.keyword.cover(from.span)));
    found.extend(select.joins.iter().map(|join| join.span));
    for one in [&select.filter, &select.having].into_iter().flatten() {
        found.push(clause(one.keyword, root(&one.value)));
    }
    if let Some(group) = &select.group_by
        && let Some(last) = group.value.last()
    {
        found.push(clause(group.keyword, root(last)));
    }
    if let Some(order) = &select.order_by
        && let Some(last) = order.value.last()
    {
        found.push(clause(order.keyword, root(&last.expr)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{marked, world};

    #[test]
    fn clauses_lie_around_what_they_hold() {
        let (text, offset) = marked("from calls select beat where x = §1 and beat = 'a' limit 5");
        let document = Document::new(text.clone(), world());
        let found: Vec<&str> =
            around(&document, offset).iter().map(|span| span.text(&text)).collect();
        assert_eq!(
            found,
            ["1", "x = 1", "x = 1 and beat = 'a'", "where x = 1 and beat = 'a'", text.as_str()]
        );
    }

    #[test]
    fn queries_are_listed_with_what_they_declare() {
        let text = "query late($since text) as\nselect beat from calls where beat = $since;\n\nwith t as (select x from calls) select x from t;\n-- end\n";
        let document = Document::new(text.to_owned(), world());
        let listed = entries(&document);
        assert_eq!(listed.len(), 2);
        assert_eq!((listed[0].name.as_str(), listed[0].detail.as_str()), ("late", "Calls"));
        assert_eq!(listed[0].children[0].name, "$since");
        assert_eq!(listed[0].name_span.text(text), "late");
        assert_eq!(listed[1].name, "with t as (select x from calls) select x from t");
        assert_eq!(listed[1].children[0].name_span.text(text), "t");
    }

    #[test]
    fn several_lines_can_be_folded() {
        let text = "-- one\n-- two\n\n/* a\nb */\nselect beat\nfrom (\n  select x\n  from calls\n) as c;\nselect x from calls;";
        let document = Document::new(text.to_owned(), world());
        let found: Vec<(&str, bool)> =
            folds(&document).iter().map(|fold| (fold.span.text(text), fold.comment)).collect();
        assert_eq!(
            found,
            [
                ("-- one\n-- two", true),
                ("/* a\nb */", true),
                ("select beat\nfrom (\n  select x\n  from calls\n) as c", false),
                ("select x\n  from calls", false),
            ]
        );
    }

    #[test]
    fn places_lie_inside_each_other() {
        let (text, offset) = marked("select upper(be§at) as b from calls; select x from calls");
        let document = Document::new(text.clone(), world());
        let found: Vec<&str> =
            around(&document, offset).iter().map(|span| span.text(&text)).collect();
        assert_eq!(
            found,
            [
                "beat",
                "upper(beat)",
                "upper(beat) as b",
                "select upper(beat) as b",
                "select upper(beat) as b from calls"
            ]
        );
    }
}
