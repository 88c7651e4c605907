//! What can be typed at the cursor.
//!
//! The place is worked out from tokens (`place`), what can be named there from the last analysis
//! (`scope`), so that there are answers in the middle of a word and in a query that does
//! not parse. Items are ranked: what has the type that is wanted comes first, then what is nearest.
//! Matching what was typed against the items is the editor's business; everything that fits the
//! place is returned. Deliberately absent: searching a portal's catalogue, which needs a network.

mod names;
mod tables;
#[cfg(test)]
mod tests;
mod values;
mod words;

pub(crate) use names::written;
pub use tables::{Naming, naming};

use std::cell::Cell;
use std::sync::Arc;

use tule_core::check::text_reads_as;
use tule_core::functions::by_name;
use tule_core::names::fold;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::types::{Type, TypeSet};
use tule_syntax::lexer::{Lexed, lex};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use crate::cards;
use crate::document::{Document, Part};
use crate::place::{Clause, Frame, Inside, Want, frames};
use crate::scope::Scope;
use crate::tree::selects;

/// What can be typed at a place.
#[derive(Clone, Debug, Default)]
pub struct Completions {
    /// The text that an item replaces, in the document: the word being typed, up to the cursor.
    pub replaced: Span,
    /// The items, best first.
    pub items: Vec<Item>,
    /// Whether there are more, which typing on would find.
    pub incomplete: bool,
}

/// One thing that can be typed.
#[derive(Clone, Debug)]
pub struct Item {
    /// What is shown.
    pub label: String,
    /// What sort of thing it is.
    pub kind: ItemKind,
    /// One line on it: a type, a title.
    pub detail: String,
    /// What is put in place of the word being typed.
    pub insert: String,
    /// Whether `insert` is a snippet: `$1` and `$0` are places for the cursor.
    pub snippet: bool,
    /// What else changes, in the document: a FROM that the item needs.
    pub also: Option<(Span, String)>,
    /// How near it is; less is nearer.
    pub rank: u8,
    /// What more can be said; see [`documentation`].
    pub about: About,
}

/// A sort of item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum ItemKind {
    Column,
    Alias,
    Table,
    Dataset,
    Function,
    Parameter,
    Value,
    Keyword,
    Type,
    Field,
    Rule,
}

/// What an item is about, for its documentation.
#[derive(Clone, Debug, Default)]
pub enum About {
    /// Nothing more is known.
    #[default]
    Nothing,
    /// The column of this name.
    Column(Arc<Dataset>, String),
    /// A dataset.
    Dataset(Arc<Dataset>),
    /// The function of this name.
    Function(&'static str),
    /// A type.
    Type(Type),
    /// Some text.
    Text(&'static str),
}

impl About {
    /// A short text that stands for this, to be sent away and brought back; empty for nothing.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Column(dataset, name) => format!("c {} {} {name}", dataset.host, dataset.id),
            Self::Dataset(dataset) => format!("d {} {}", dataset.host, dataset.id),
            Self::Function(name) => format!("f {name}"),
            Self::Type(ty) => format!("t {}", ty.name()),
            Self::Text(text) => format!("x {text}"),
        }
    }

    /// The documentation of what a key stands for, in Markdown; empty where nothing is known.
    #[must_use]
    pub fn documentation_of(key: &str, catalog: &Catalog) -> String {
        let (sort, rest) = key.split_once(' ').unwrap_or((key, ""));
        let mut words = rest.splitn(3, ' ');
        let mut word = || words.next().unwrap_or("");
        let mut dataset = || {
            let (host, id) = (word(), word());
            catalog.datasets().find(|dataset| dataset.host == host && dataset.id == id)
        };
        match sort {
            "c" => {
                let Some(found) = dataset() else { return String::new() };
                documentation(&Self::Column(Arc::clone(found), word().to_owned()))
            }
            "d" => dataset().map_or(String::new(), |found| cards::dataset(found)),
            "f" => cards::function(by_name(rest)),
            "t" => Type::from_name(rest).map_or(String::new(), cards::ty),
            "x" => rest.to_owned(),
            _ => String::new(),
        }
    }
}

/// The documentation of an item, in Markdown; empty where there is none.
#[must_use]
pub fn documentation(about: &About) -> String {
    match about {
        About::Nothing => String::new(),
        About::Column(dataset, name) => dataset
            .column(&fold(name))
            .map_or(String::new(), |(_, column)| cards::column(dataset, column)),
        About::Dataset(dataset) => cards::dataset(dataset),
        About::Function(name) => cards::function(by_name(name)),
        About::Type(ty) => cards::ty(*ty),
        About::Text(text) => (*text).to_owned(),
    }
}

impl Item {
    fn new(kind: ItemKind, label: impl Into<String>, rank: u8) -> Self {
        let label = label.into();
        let insert = label.clone();
        let (detail, about) = (String::new(), About::Nothing);
        Self { label, kind, detail, insert, snippet: false, also: None, rank, about }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn insert(mut self, insert: impl Into<String>) -> Self {
        self.insert = insert.into();
        self
    }

    fn snippet(mut self, insert: impl Into<String>) -> Self {
        self.insert = insert.into();
        self.snippet = true;
        self
    }

    fn about(mut self, about: About) -> Self {
        self.about = about;
        self
    }
}

/// What can be typed at `offset` of a document.
#[must_use]
pub fn complete(document: &Document, offset: u32) -> Completions {
    let Some(part) = document.part_at(offset) else { return Completions::default() };
    let base = part.range.start;
    let local = offset.saturating_sub(base);
    let text: &str = &part.analysis.text;
    let Some(before) = text.get(..local as usize) else {
        return Completions { replaced: Span::empty(offset), ..Completions::default() };
    };
    let lexed = lex(before);
    let cut = Cell::new(false);
    let cursor = Cursor { document, part, text, lexed: &lexed, offset: local, cut };
    let (replaced, mut items) = cursor.items();
    let incomplete = shorten(&mut items, replaced.text(text)) || cursor.cut.get();
    items.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    items.dedup_by(|b, a| a.label == b.label && a.insert == b.insert && a.also == b.also);
    for (span, _) in items.iter_mut().filter_map(|item| item.also.as_mut()) {
        *span = span.shift(base);
    }
    Completions { replaced: replaced.shift(base), items, incomplete }
}

/// Datasets that are offered at once.
const MOST: usize = 500;

/// Columns of datasets that are not read yet that are offered at once: nobody reads on in a longer
/// list, and every key asks for it anew.
const MOST_UNREAD: usize = 50;

/// Keeps of what a big catalogue offers what has the typed word in it, and so many at most; says
/// whether something was left out.
fn shorten(items: &mut Vec<Item>, typed: &str) -> bool {
    let count = items.iter().filter(|item| item.kind == ItemKind::Dataset).count();
    if count <= MOST {
        return false;
    }
    let typed = sought(typed);
    let mut left = MOST;
    items.retain(|item| {
        if item.kind != ItemKind::Dataset {
            return true;
        }
        let fits = fold(&item.label).contains(&typed) || fold(&item.detail).contains(&typed);
        let kept = fits && left > 0;
        left -= usize::from(kept);
        kept
    });
    true
}

/// A typed word as names are compared with it.
fn sought(typed: &str) -> String {
    fold(name_text(typed.trim_start_matches('@'))).into_owned()
}

/// A place in a statement. The tokens are those of the text in front of it.
struct Cursor<'d> {
    document: &'d Document,
    part: &'d Part,
    /// The statement's text.
    text: &'d str,
    lexed: &'d Lexed,
    offset: u32,
    /// Whether something was left out of a long list.
    cut: Cell<bool>,
}

impl<'d> Cursor<'d> {
    fn items(&self) -> (Span, Vec<Item>) {
        let here = Span::empty(self.offset);
        let Some(last) = self.lexed.len().checked_sub(1) else {
            return (here, self.at(&frames(self.lexed, 0), here));
        };
        let (kind, span) = (self.lexed.kind(last), self.lexed.span(last));
        match kind {
            TokenKind::LineComment | TokenKind::UnterminatedComment => {
                return words::rules(self.text, span);
            }
            TokenKind::UnterminatedString => {
                let frames = frames(self.lexed, last);
                return (Span::new(span.start + 1, self.offset), self.quoted(&frames, span));
            }
            TokenKind::UnterminatedDoubleString | TokenKind::Integer | TokenKind::Number => {
                return (here, Vec::new());
            }
            _ => {}
        }
        let is_word = kind.is_keyword()
            || kind.is_name()
            || matches!(kind, TokenKind::TableIdent | TokenKind::SystemIdent | TokenKind::Param)
            // One character that begins a word: `@`, `:`, `$`.
            || kind == TokenKind::Unknown;
        if is_word {
            (span, self.at(&frames(self.lexed, last), span))
        } else {
            (here, self.at(&frames(self.lexed, last + 1), here))
        }
    }

    fn scope(&self) -> Scope<'d> {
        Scope::at(&self.part.analysis, self.offset)
    }

    /// What can stand at the place that the frames describe, where `word` is typed.
    fn at(&self, frames: &[Frame], word: Span) -> Vec<Item> {
        let Some(frame) = frames.last() else { return Vec::new() };
        let mut items = Vec::new();
        match frame.want {
            Want::Start => words::starts(frame, frames.len() == 1, &mut items),
            Want::Operand => self.operands(frames, frame, word, &mut items),
            Want::Operator => words::behind_value(frames, frame, self.has_input(), &mut items),
            Want::AfterTable => words::behind_table(frame, &mut items),
            Want::Table => self.datasets(frame, &mut items),
            Want::Type => names::types(&mut items),
            Want::Field => self.fields(frame, &mut items),
            Want::ColumnOf(table) => {
                let columns = self.scope().columns_of(table.text(self.text));
                names::columns(columns, TypeSet::NONE, 0, &mut items);
            }
            Want::Excluded => names::columns(self.scope().columns(), TypeSet::NONE, 0, &mut items),
            Want::Count => self.counts(frame, &mut items),
            Want::Word(expected) => {
                items.extend(expected.iter().map(|word| Item::new(ItemKind::Keyword, *word, 0)));
                if frame.clause == Clause::Header && frame.inside == Inside::Parameters {
                    items.retain(|item| item.label != "as");
                }
            }
            Want::NewName | Want::Nothing => {}
        }
        items
    }

    /// Whether a select here has rows to read without FROM.
    fn has_input(&self) -> bool {
        self.document.world().input.is_some()
    }

    fn operands(&self, frames: &[Frame], frame: &Frame, word: Span, items: &mut Vec<Item>) {
        let scope = self.scope();
        let wanted = self.wanted(frames, frame, scope);
        if frame.clause != Clause::Header {
            names::columns(scope.columns(), wanted, 1, items);
            names::tables(scope, items);
            if let Some(select) = self.select_without_from(frame, scope) {
                let catalog = &self.document.world().catalog;
                let typed = sought(word.text(self.text));
                if names::columns_with_from(catalog, select, &typed, MOST_UNREAD, wanted, items) {
                    self.cut.set(true);
                }
            }
            if frame.clause > Clause::Select {
                names::aliases(scope, wanted, items);
            }
            names::functions(wanted, frame, items);
        }
        names::parameters(&self.part.analysis.checked.typed.parameters, wanted, items);
        words::in_value(frame, wanted, items);
        if frame.operator.is_some() {
            values::literals(self.compared(frames, frame, scope).as_ref(), items);
        }
    }

    /// Where the SELECT begins whose list the cursor is in, if it has no FROM yet and nothing else
    /// to read.
    fn select_without_from(&self, frame: &Frame, scope: Scope<'_>) -> Option<u32> {
        if frame.clause != Clause::Select || frame.has(Clause::From) || self.has_input() {
            return None;
        }
        // For every parenthesis the SELECT in it, and whether it continues a pipe.
        let mut open = vec![(None, false)];
        for (kind, span) in self.lexed.iter().filter(|(kind, _)| !kind.is_trivia()) {
            match kind {
                TokenKind::LeftParen => open.push((None, false)),
                TokenKind::RightParen if open.len() > 1 => drop(open.pop()),
                TokenKind::PipeGreater => *open.last_mut()? = (None, true),
                TokenKind::Union | TokenKind::Intersect | TokenKind::Minus => {
                    *open.last_mut()? = (None, false);
                }
                TokenKind::Select => open.last_mut()?.0 = Some(span.start),
                _ => {}
            }
        }
        // The cursor may be inside calls of the list.
        let (select, piped) = open.iter().rev().find_map(|(at, piped)| Some(((*at)?, *piped)))?;
        if piped || !scope.columns().is_empty() {
            return None;
        }
        let mut reads = false;
        selects(&self.part.analysis.parsed.statement, &mut |known| {
            let here = known.keyword.is_some_and(|keyword| keyword.start == select);
            reads |= here && known.from.is_some();
        });
        (!reads).then_some(select)
    }

    /// The types that fit at this operand; none where any does.
    fn wanted(&self, frames: &[Frame], frame: &Frame, scope: Scope<'_>) -> TypeSet {
        if let Some(column) = self.compared(frames, frame, scope) {
            return column.ty.map_or(TypeSet::NONE, TypeSet::one);
        }
        if let (Inside::Call { name, argument }, None) = (frame.inside, frame.operator) {
            let overloads = by_name(&fold(name_text(name.text(self.text)))).iter();
            return overloads
                .filter(|function| !function.params.is_empty())
                .filter_map(|function| function.param_at(argument))
                .fold(TypeSet::NONE, TypeSet::union);
        }
        TypeSet::NONE
    }

    /// The column that a value at the cursor is compared with.
    fn compared<'s>(
        &self,
        frames: &[Frame],
        frame: &Frame,
        scope: Scope<'s>,
    ) -> Option<crate::scope::Visible<'s>>
    where
        'd: 's,
    {
        use TokenKind as T;
        let frame = match frame.inside {
            Inside::List => frames.get(frames.len().checked_sub(2)?)?,
            _ => frame,
        };
        let operator = frame.operator?;
        let compares =
            operator.is_comparison() || matches!(operator, T::In | T::Like | T::Ilike | T::Between);
        if compares { scope.column(self.text, frame.operand?) } else { None }
    }

    /// Inside quotes: a dataset's place, or a value of the column it is compared with.
    fn quoted(&self, frames: &[Frame], token: Span) -> Vec<Item> {
        let Some(frame) = frames.last() else { return Vec::new() };
        let closed = self.text.get(self.offset as usize..).is_some_and(|rest| {
            let line = rest.lines().next().unwrap_or("");
            line.contains('\'')
        });
        let mut items = Vec::new();
        if frame.want == Want::Table {
            values::places(&self.document.world().catalog, closed, &mut items);
        } else {
            let scope = self.scope();
            let typed = Span::new(token.start + 1, self.offset).text(self.text);
            let column = self.compared(frames, frame, scope);
            values::known(column.as_ref(), typed, closed, &mut items);
        }
        items
    }

    fn datasets(&self, frame: &Frame, items: &mut Vec<Item>) {
        for cte in &self.part.analysis.parsed.statement.ctes {
            let name = name_text(cte.name.text(self.text));
            items.push(Item::new(ItemKind::Table, name, 0).detail("with"));
        }
        let join = frame.clause == Clause::Join;
        let taken: Vec<&str> = self.scope().tables().collect();
        names::datasets(&self.document.world().catalog, join, &taken, items);
        items.push(Item::new(ItemKind::Keyword, "(select", 9).snippet("(select $1) as ${2:name}"));
        if join {
            items.push(Item::new(ItemKind::Keyword, "lateral", 9));
        }
    }

    /// The parts of the value in front of the dot.
    fn fields(&self, frame: &Frame, items: &mut Vec<Item>) {
        let scope = self.scope();
        let ty = frame.operand.and_then(|operand| scope.column(self.text, operand)?.ty);
        names::fields(ty, items);
    }

    fn counts(&self, frame: &Frame, items: &mut Vec<Item>) {
        if frame.clause == Clause::Limit {
            items.push(Item::new(ItemKind::Keyword, "all", 0).detail("every row, page by page"));
        }
        let parameters = &self.part.analysis.checked.typed.parameters;
        names::parameters(parameters, TypeSet::one(Type::Number), items);
    }
}

/// Whether a text can be put in quotes where a value of this type is wanted.
fn fits(text: &str, ty: Option<Type>) -> bool {
    ty.is_none_or(|ty| text_reads_as(text, ty))
}
