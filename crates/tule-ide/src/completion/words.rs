//! Keywords that can really follow, and the codes inside `-- allow(...)`.

use tule_core::diagnostics::CODES;
use tule_core::types::{Type, TypeSet};
use tule_syntax::span::Span;

use super::{About, Item, ItemKind};
use crate::place::{Clause, Frame, Inside};

fn word(text: &str, rank: u8, items: &mut Vec<Item>) {
    items.push(Item::new(ItemKind::Keyword, text, rank));
}

fn words(texts: &[&str], rank: u8, items: &mut Vec<Item>) {
    for text in texts {
        word(text, rank, items);
    }
}

/// What can follow a value inside OVER.
const WINDOW: &[&str] =
    &["asc", "desc", "nulls first", "nulls last", "order by", "rows between", "range between"];

/// What can follow any value.
const OPERATORS: &[&str] =
    &["and", "or", "is null", "is not null", "like", "not like", "in", "not in", "between"];

/// What a statement, or a query in parentheses, begins with.
pub(super) fn starts(frame: &Frame, outermost: bool, items: &mut Vec<Item>) {
    word("select", 0, items);
    word("from", 0, items);
    if outermost && frame.inside == Inside::Statement {
        word("with", 1, items);
        let query = Item::new(ItemKind::Keyword, "query", 1)
            .detail("a query with parameters")
            .snippet("query ${1:name}($${2:since} ${3:floating_timestamp}) as\n$0");
        items.push(query);
    }
}

/// Clauses in their order, with the words that begin them.
const CLAUSES: &[(Clause, &str)] = &[
    (Clause::Where, "where"),
    (Clause::GroupBy, "group by"),
    (Clause::Having, "having"),
    (Clause::OrderBy, "order by"),
    (Clause::Search, "search"),
    (Clause::Limit, "limit"),
    (Clause::Offset, "offset"),
];

/// The clauses that can follow the one that the cursor is in.
fn clauses(frame: &Frame, items: &mut Vec<Item>) {
    let done = CLAUSES.iter().filter(|(clause, _)| frame.has(*clause)).map(|(clause, _)| *clause);
    let last = done.max().unwrap_or_default();
    for (clause, text) in CLAUSES {
        // SEARCH may stand on either side of ORDER BY, OFFSET of LIMIT.
        let swaps = matches!(clause, Clause::OrderBy) && last == Clause::Search
            || matches!(clause, Clause::Limit) && last == Clause::Offset;
        if !frame.has(*clause) && (*clause > last || swaps) {
            word(text, 3, items);
        }
    }
    words(&["|>", "union", "union all", "intersect", "minus"], 5, items);
}

/// What can follow a value.
pub(super) fn behind_value(frames: &[Frame], frame: &Frame, input: bool, items: &mut Vec<Item>) {
    match frame.inside {
        Inside::Case => words(&["when", "then", "else", "end"], 0, items),
        Inside::Window => return words(WINDOW, 2, items),
        _ => {}
    }
    if matches!(frame.clause, Clause::Limit | Clause::Offset | Clause::Search) {
        return clauses(frame, items);
    }
    let condition = matches!(frame.clause, Clause::Where | Clause::Having | Clause::On);
    let rank = if condition { 1 } else { 4 };
    words(OPERATORS, rank, items);
    words(&["over", "filter"], 4, items);
    let open = frames.len() > 1 && frame.inside != Inside::Query;
    if open {
        return;
    }
    match frame.clause {
        Clause::Select => {
            word("as", 1, items);
            if !frame.has(Clause::From) && !input {
                word("from", 1, items);
            }
        }
        Clause::OrderBy => words(&["asc", "desc", "nulls first", "nulls last"], 1, items),
        Clause::On => after_on(frame, items),
        _ => {}
    }
    clauses(frame, items);
}

fn after_on(frame: &Frame, items: &mut Vec<Item>) {
    joins(items);
    if !frame.has(Clause::Select) {
        word("select", 1, items);
    }
}

fn joins(items: &mut Vec<Item>) {
    words(&["join", "left join", "right join", "full join", "join lateral"], 4, items);
}

/// What can follow a table.
pub(super) fn behind_table(frame: &Frame, items: &mut Vec<Item>) {
    word("as", 1, items);
    if frame.clause == Clause::Join {
        word("on", 0, items);
        return;
    }
    if !frame.has(Clause::Select) {
        word("select", 0, items);
    }
    joins(items);
    clauses(frame, items);
}

/// Words that are or begin a value.
pub(super) fn in_value(frame: &Frame, wanted: TypeSet, items: &mut Vec<Item>) {
    let boolean = if wanted == TypeSet::one(Type::Boolean) { 0 } else { 6 };
    word("true", boolean, items);
    word("false", boolean, items);
    word("null", 6, items);
    word("not", 5, items);
    items.push(
        Item::new(ItemKind::Keyword, "case", 5)
            .detail("one value or another")
            .snippet("case when $1 then $2 else $3 end"),
    );
    if frame.clause == Clause::Select && frame.inside != Inside::Filter {
        word("*", 2, items);
        if frame.operand.is_none() && frame.operator.is_none() {
            word("distinct", 5, items);
        }
    }
    for text in ["today()", "now()"] {
        let date = wanted.has(Type::FloatingTimestamp) || wanted.has(Type::FixedTimestamp);
        let rank = if date { 1 } else { 6 };
        items.push(
            Item::new(ItemKind::Function, text, rank)
                .detail("when the request is built; days can be added: `today() - 30`"),
        );
    }
}

/// The rules that a comment `-- allow(` can name, and the text that one replaces.
pub(super) fn rules(text: &str, comment: Span) -> (Span, Vec<Item>) {
    let written = comment.text(text);
    let here = Span::empty(comment.end);
    let Some(open) = written.find("allow(").filter(|_| !written.contains(')')) else {
        return (here, Vec::new());
    };
    let inside = written.get(open + 6..).unwrap_or("");
    let word = inside.rsplit([',', ' ']).next().unwrap_or("");
    let length = u32::try_from(word.len()).unwrap_or(0);
    let rules = CODES.iter().filter(|info| info.has_level());
    let items = rules
        .map(|info| {
            Item::new(ItemKind::Rule, info.name, 0)
                .detail(info.summary)
                .about(About::Text(tule_core::diagnostics::explain(info.code).why))
        })
        .collect();
    (Span::new(comment.end - length, comment.end), items)
}
