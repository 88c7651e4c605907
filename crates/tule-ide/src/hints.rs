//! What a query leaves unsaid: generated names, types of results, the limit of a portal.

use tule_core::check::OutputItem;
use tule_core::plan::DEFAULT_LIMIT;
use tule_core::types::Type;
use tule_syntax::ast::{Atom, SelectItem};
use tule_syntax::span::Span;

use crate::document::{Document, Part};
use crate::tree::selects;

/// A few words to show in the text without being part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// Where they belong: behind the byte at this offset of the document.
    pub offset: u32,
    /// The words.
    pub text: String,
    /// What sort of thing they say.
    pub sort: HintSort,
}

/// A sort of hint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HintSort {
    /// The name that the portal gives a result column.
    Name,
    /// The type of a result column.
    Type,
    /// The rows that a portal gives without LIMIT.
    Limit,
}

impl Hint {
    /// What the text needs to say the same itself; nothing for types, which need not be written.
    #[must_use]
    pub fn insert(&self) -> Option<String> {
        (self.sort != HintSort::Type).then(|| format!(" {}", self.text))
    }
}

impl HintSort {
    /// What such a hint means.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Name => "the name that the portal gives to this result column",
            Self::Type => "the type of this result column",
            Self::Limit => {
                "without `limit` a portal gives so many rows and does not say that it stopped"
            }
        }
    }
}

/// What the statements in `range` leave unsaid, in order of place.
#[must_use]
pub fn hints(document: &Document, range: Span) -> Vec<Hint> {
    let mut hints = Vec::new();
    for part in document.parts() {
        if part.range.start <= range.end && range.start <= part.range.end {
            of_part(part, &mut hints);
        }
    }
    hints.retain(|hint| range.touches(hint.offset));
    hints.sort_by_key(|hint| hint.offset);
    hints
}

fn of_part(part: &Part, hints: &mut Vec<Hint>) {
    let analysis = &part.analysis;
    let typed = &analysis.checked.typed;
    let base = part.range.start;
    selects(&analysis.parsed.statement, &mut |select| {
        let Some(facts) = typed.select(select.span) else { return };
        let mut columns = facts.output.items.iter().filter_map(|item| match item {
            OutputItem::Column(column) => Some(column),
            OutputItem::Star { .. } => None,
        });
        let mut position = 0_u32;
        for item in &select.items {
            let SelectItem::Expr { alias, span, .. } = item else { continue };
            let column = columns.next();
            let generated = facts.generated.iter().find(|(at, _)| *at == position);
            position += 1;
            let at = base + span.end;
            if let Some((_, name)) = generated {
                let text = format!("as {}", crate::completion::written(name));
                hints.push(Hint { offset: at, text, sort: HintSort::Name });
            }
            // The type of a plain column is where its name is known from.
            if let (true, Some(ty)) =
                (generated.is_some() || alias.is_some(), column.and_then(|column| column.ty))
            {
                hints.push(Hint {
                    offset: at,
                    text: Type::name(ty).to_owned(),
                    sort: HintSort::Type,
                });
            }
        }
    });
    if let Some(end) = unlimited(part) {
        let text = format!("limit {DEFAULT_LIMIT}");
        hints.push(Hint { offset: base + end, text, sort: HintSort::Limit });
    }
}

/// Where the result of a statement ends that says nothing about how many rows it wants.
fn unlimited(part: &Part) -> Option<u32> {
    let query = part.analysis.parsed.statement.query.as_ref()?;
    if !part.analysis.parsed.errors.is_empty() {
        return None;
    }
    let last = query.rest.last().map_or(&query.first, |step| &step.right);
    let Atom::Select(select) = last else { return None };
    let facts = part.analysis.checked.typed.select(select.span)?;
    let one_row = facts.aggregated && select.group_by.is_none();
    (select.limit.is_none() && !one_row).then_some(select.span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::world;

    fn shown(text: &str) -> String {
        let document = Document::new(text.to_owned(), world());
        let all = Span::new(0, u32::try_from(text.len()).unwrap());
        let mut text = text.to_owned();
        for hint in hints(&document, all).iter().rev() {
            text.insert_str(hint.offset as usize, &format!("[{}]", hint.text));
        }
        text
    }

    #[test]
    fn names_types_and_limits() {
        assert_eq!(
            shown("select beat, x + 1, upper(beat) as b from calls"),
            "select beat, x + 1[as x_1][number], upper(beat) as b[text] from calls[limit 1000]"
        );
        assert_eq!(
            shown("select count(*) as n from calls"),
            "select count(*) as n[number] from calls"
        );
        assert_eq!(shown("select beat from calls limit all"), "select beat from calls limit all");
    }
}
