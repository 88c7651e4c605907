//! Where a name is given, where it is used, and giving it another.
//!
//! Names of a statement end with it: aliases, WITH tables, tables and parameters are found within
//! the statement. Columns and datasets belong to the world, so their uses are found in every
//! statement, and their definition is the dataset's card, which the caller shows as a document of
//! its own.

use std::sync::Arc;

use tule_core::names::fold;
use tule_core::schema::Dataset;
use tule_syntax::lexer::{is_ident_part, is_ident_start, lex};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use crate::document::{Document, Part};
use crate::names::{Name, Symbol, name_at};

/// Where a name is given.
#[derive(Clone, PartialEq, Debug)]
pub enum Definition {
    /// In the document.
    Here(Span),
    /// In the schema of a dataset; the column where the name is one.
    Schema(Arc<Dataset>, Option<String>),
}

/// One use of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Use {
    /// Where, in the document.
    pub span: Span,
    /// Whether the name is given here.
    pub defines: bool,
}

/// The statement at `offset` and the name there.
fn at(document: &Document, offset: u32) -> Option<(&Part, &Name)> {
    let part = document.part_at(offset)?;
    let name = name_at(&part.analysis, offset.checked_sub(part.range.start)?)?;
    Some((part, name))
}

/// Where the name at `offset` is given.
#[must_use]
pub fn definition(document: &Document, offset: u32) -> Option<Definition> {
    let (part, name) = at(document, offset)?;
    match &name.symbol {
        Symbol::Column(dataset, column) => {
            Some(Definition::Schema(Arc::clone(dataset), Some(column.clone())))
        }
        Symbol::Dataset(dataset) => Some(Definition::Schema(Arc::clone(dataset), None)),
        symbol => {
            let all = part.analysis.names();
            let given = all.iter().find(|other| other.defines && other.symbol == *symbol);
            given.map(|given| Definition::Here(given.span.shift(part.range.start)))
        }
    }
}

/// Uses of the name at `offset` in its own statement, in order of place.
#[must_use]
pub fn highlights(document: &Document, offset: u32) -> Vec<Use> {
    at(document, offset).map_or(Vec::new(), |(part, name)| uses_in(part, &name.symbol))
}

/// Every use of the name at `offset` in the document.
#[must_use]
pub fn references(document: &Document, offset: u32) -> Vec<Use> {
    let Some((part, name)) = at(document, offset) else { return Vec::new() };
    if belongs_to_world(&name.symbol) {
        uses(document, &name.symbol)
    } else {
        uses_in(part, &name.symbol)
    }
}

/// Every use in a document of something that belongs to the world: a column, a dataset, a function
/// or a type. For looking through the other documents of a project.
#[must_use]
pub fn uses(document: &Document, symbol: &Symbol) -> Vec<Use> {
    document.parts().iter().flat_map(|part| uses_in(part, symbol)).collect()
}

/// What the name at `offset` stands for.
#[must_use]
pub fn symbol_at(document: &Document, offset: u32) -> Option<Symbol> {
    at(document, offset).map(|(_, name)| name.symbol.clone())
}

/// Whether a name means the same in every statement.
#[must_use]
pub fn belongs_to_world(symbol: &Symbol) -> bool {
    matches!(
        symbol,
        Symbol::Column(..)
            | Symbol::Dataset(_)
            | Symbol::Function(_)
            | Symbol::Type(_)
            | Symbol::Field(_)
    )
}

fn uses_in(part: &Part, symbol: &Symbol) -> Vec<Use> {
    part.analysis
        .names()
        .iter()
        .filter(|name| name.symbol == *symbol)
        .map(|name| Use { span: name.span.shift(part.range.start), defines: name.defines })
        .collect()
}

/// The name at `offset` if it can be given another: those that the statement itself gives.
#[must_use]
pub fn renamable(document: &Document, offset: u32) -> Option<Span> {
    let (part, name) = at(document, offset)?;
    let given =
        part.analysis.names().iter().any(|other| other.defines && other.symbol == name.symbol);
    given.then(|| {
        let span = name.span.shift(part.range.start);
        // `@` and `$` are part of the token and not of the name.
        let sign = name.span.text(&part.analysis.text).starts_with(['@', '$']);
        Span::new(span.start + u32::from(sign), span.end)
    })
}

/// The places that have to be edited together with the name at `offset`, signs left out; none where
/// it stands alone, or is not written the same everywhere.
#[must_use]
pub fn linked(document: &Document, offset: u32) -> Vec<Span> {
    if renamable(document, offset).is_none() {
        return Vec::new();
    }
    let bare = |place: Use| {
        let sign = place.span.text(document.text()).starts_with(['@', '$']);
        Span::new(place.span.start + u32::from(sign), place.span.end)
    };
    let spans: Vec<Span> = highlights(document, offset).into_iter().map(bare).collect();
    let mut texts = spans.iter().map(|span| span.text(document.text()));
    let first = texts.next();
    let alike = texts.all(|text| Some(text) == first);
    if alike && spans.len() > 1 { spans } else { Vec::new() }
}

/// The edits that give the name at `offset` another, or why there are none.
///
/// # Errors
///
/// What is wrong with the new name, as a message for people.
pub fn rename(document: &Document, offset: u32, new: &str) -> Result<Vec<(Span, String)>, String> {
    if renamable(document, offset).is_none() {
        return Err("only names that the query itself gives can be changed".to_owned());
    }
    let bare = new.trim().trim_start_matches(['@', '$']).trim_matches('`');
    let proper = bare.starts_with(|c| is_ident_start(c) || c == '-')
        && bare.chars().all(|c| is_ident_part(c) || c == '-');
    if !proper {
        return Err(format!("`{new}` is not a name"));
    }
    let Some((part, name)) = at(document, offset) else { return Ok(Vec::new()) };
    let taken = part.analysis.names().iter().any(|other| {
        other.defines
            && other.symbol != name.symbol
            && std::mem::discriminant(&other.symbol) == std::mem::discriminant(&name.symbol)
            && fold(name_text(other.span.text(&part.analysis.text))) == fold(bare)
    });
    if taken {
        return Err(format!("`{bare}` is taken in this query"));
    }
    let lexed = lex(bare);
    let kind = lexed.kind(0);
    let quoted = lexed.len() != 1 || !(kind == TokenKind::Ident || kind.is_contextual());
    Ok(uses_in(part, &name.symbol)
        .into_iter()
        .map(|place| {
            let written = place.span.text(document.text());
            let text = match written.chars().next() {
                Some(sign @ ('@' | '$')) => format!("{sign}{bare}"),
                _ if quoted => format!("`{bare}`"),
                _ => bare.to_owned(),
            };
            (place.span, text)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{marked, world};

    fn open(text: &str) -> (Document, u32) {
        let (text, offset) = marked(text);
        (Document::new(text, world()), offset)
    }

    fn defined(text: &str) -> String {
        let (document, offset) = open(text);
        match definition(&document, offset) {
            Some(Definition::Here(span)) => {
                format!("{}@{}", span.text(document.text()), span.start)
            }
            Some(Definition::Schema(dataset, column)) => {
                format!("{}.{}", dataset.id, column.unwrap_or_default())
            }
            None => "nothing".to_owned(),
        }
    }

    fn renamed(text: &str, new: &str) -> Result<String, String> {
        let (document, offset) = open(text);
        let mut edits = rename(&document, offset, new)?;
        edits.sort_by_key(|(span, _)| span.start);
        let text = document.text().to_owned();
        Ok(edits.iter().rev().fold(text, |mut text, (span, new)| {
            text.replace_range(span.start as usize..span.end as usize, new);
            text
        }))
    }

    #[test]
    fn names_are_defined_where_they_are_given() {
        assert_eq!(defined("select x as y from calls order by §y"), "y@12");
        assert_eq!(defined("from calls as c select @§c.beat"), "c@14");
        assert_eq!(defined("select bea§t from calls"), "call-call.beat");
        assert_eq!(defined("select beat from cal§ls"), "call-call.");
        assert_eq!(defined("query q($b text) as from calls where beat = $§b"), "$b@8");
        assert_eq!(defined("with t as (select x as y from calls) select §y from t"), "y@23");
        assert_eq!(defined("select beat from calls |> select §beat"), "call-call.beat");
        assert_eq!(defined("select up§per(beat) from calls"), "nothing");
    }

    #[test]
    fn uses_of_a_column_are_found_in_every_statement() {
        let (document, offset) = open(
            "select be§at from calls where beat = 'a'; select beat from calls; select name from districts",
        );
        let starts: Vec<u32> =
            references(&document, offset).iter().map(|at| at.span.start).collect();
        assert_eq!(starts, [7, 29, 48]);
        assert_eq!(highlights(&document, offset).len(), 2);
    }

    #[test]
    fn names_written_alike_are_edited_together() {
        let starts = |text: &str| -> Vec<u32> {
            let (document, offset) = open(text);
            linked(&document, offset).iter().map(|span| span.start).collect()
        };
        assert_eq!(starts("from calls as c select @§c.beat, @c.x"), [14, 24, 33]);
        assert_eq!(starts("query q($§b text) as from calls where beat = $b"), [9, 45]);
        assert_eq!(starts("select x as §Y from calls order by y"), [] as [u32; 0]);
        assert_eq!(starts("select x as §y from calls"), [] as [u32; 0]);
    }

    #[test]
    fn renaming_keeps_signs_and_quotes_reserved_words() {
        assert_eq!(
            renamed("select x as §y from calls order by y", "total").unwrap(),
            "select x as total from calls order by total"
        );
        assert_eq!(
            renamed("select x as §y from calls order by y", "group").unwrap(),
            "select x as `group` from calls order by `group`"
        );
        assert_eq!(
            renamed("from calls as §c select @c.beat, x", "@k").unwrap(),
            "from calls as k select @k.beat, x"
        );
        assert_eq!(
            renamed("query q($§b text) as from calls where beat = $b", "beat").unwrap(),
            "query q($beat text) as from calls where beat = $beat"
        );
        assert_eq!(
            renamed("select x as y, beat as z from calls order by §y", "z"),
            Err("`z` is taken in this query".to_owned())
        );
        assert_eq!(
            renamed("select §beat from calls", "z"),
            Err("only names that the query itself gives can be changed".to_owned())
        );
        assert_eq!(
            renamed("select x as §y from calls", "a b"),
            Err("`a b` is not a name".to_owned())
        );
    }
}
