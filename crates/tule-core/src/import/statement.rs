//! From the parts of a call to one statement.
//!
//! A call says which dataset it is about beside the query; a statement says so in FROM. Clauses
//! keep their wording, and a whole query is edited in place, never printed from its tree.
//! Deliberately absent: layout, which is the formatter's, and names for datasets, which are the
//! project's.

use std::ops::Range;

use tule_syntax::ast::{
    Atom, Clause as AstClause, Compound, Count, ExprKind, Select, SelectItem, Source, Step, StepOp,
};
use tule_syntax::lexer::lex;
use tule_syntax::literal::{name_text, quote_string};
use tule_syntax::parser::{ParsedStatement, parse_one};
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use super::address::Endpoint;
use super::clause::{self, Clause, Slot};
use super::params::shown;
use super::placeholder::{self, Fill};
use super::text::Text;
use super::{ImportError, Result};

/// The dataset that a call is about, as far as it says.
#[derive(Clone, Debug, Default)]
pub(super) struct Dataset {
    pub(super) host: Option<String>,
    pub(super) id: Option<String>,
}

impl Dataset {
    /// What stands behind FROM.
    fn source(&self) -> Option<String> {
        let id = self.id.as_deref()?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        match &self.host {
            Some(host) => Some(quote_string(&format!("{host}/{id}"))),
            None if !id.is_empty() && id.bytes().all(plain) => Some(format!("@{id}")),
            None => Some(quote_string(id)),
        }
    }
}

/// What a 2.x call says in parameters of its own.
#[derive(Debug, Default)]
pub(super) struct Parts {
    select: Option<Clause>,
    filter: Option<Clause>,
    group: Option<Clause>,
    having: Option<Clause>,
    order: Option<Clause>,
    /// Columns and the literals they must equal.
    pub(super) equals: Vec<(String, String)>,
    /// A literal.
    pub(super) search: Option<String>,
    pub(super) limit: Option<u64>,
    pub(super) offset: Option<u64>,
    /// System columns were asked for.
    pub(super) system: bool,
    /// A whole query; then nothing else is set.
    pub(super) query: Option<Query>,
}

impl Parts {
    pub(super) fn set(&mut self, slot: Slot, clause: Clause) {
        let place = match slot {
            Slot::Select => &mut self.select,
            Slot::Where => &mut self.filter,
            Slot::Group => &mut self.group,
            Slot::Having => &mut self.having,
            Slot::Order => &mut self.order,
        };
        *place = Some(clause);
    }

    pub(super) fn statement(
        &self,
        dataset: &Dataset,
        endpoint: Endpoint,
        notes: &mut Vec<String>,
    ) -> Result<String> {
        let whole = endpoint == Endpoint::Whole;
        if let Some(query) = &self.query {
            let cut = if whole { Cut::All } else { Cut::AsWritten };
            return query.statement(dataset, cut, self.system, notes);
        }
        let mut text = format!("select {}", self.select_list(notes));
        let mut add = |words: &str, clause: Option<&str>| {
            if let Some(clause) = clause {
                text.push_str(words);
                text.push_str(clause);
            }
        };
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        let limit = if whole { Some("all".to_owned()) } else { number(self.limit) };
        let written =
            |clause: &'_ Option<Clause>| clause.as_ref().map(|clause| clause.text.clone());
        add(" from ", dataset.source().as_deref());
        add(" where ", self.condition().as_deref());
        add(" group by ", written(&self.group).as_deref());
        add(" having ", written(&self.having).as_deref());
        add(" order by ", written(&self.order).as_deref());
        add(" search ", self.search.as_deref());
        add(" limit ", limit.as_deref());
        add(" offset ", number(self.offset).as_deref());
        finished(text)
    }

    fn select_list(&self, notes: &mut Vec<String>) -> String {
        let list = match (&self.select, &self.group) {
            (Some(select), _) => select.text.clone(),
            // What a portal selects when it is only told how to group.
            (None, Some(group)) => format!("{}, count(*)", group.text),
            (None, None) => "*".to_owned(),
        };
        if !self.system {
            return list;
        }
        if list == "*" {
            return ":*, *".to_owned();
        }
        notes.push("`$$exclude_system_fields` has no effect beside a select list".to_owned());
        list
    }

    /// `$where` and all simple filters.
    fn condition(&self) -> Option<String> {
        let mut terms = Vec::new();
        if let Some(filter) = &self.filter {
            let apart = filter.is_or && !self.equals.is_empty();
            terms.push(if apart { format!("({})", filter.text) } else { filter.text.clone() });
        }
        terms.extend(self.equals.iter().map(|(column, literal)| format!("{column} = {literal}")));
        (!terms.is_empty()).then(|| terms.join(" and "))
    }
}

/// How many rows a call takes beyond what its query says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cut {
    AsWritten,
    /// All of them, unless the query has a LIMIT.
    All,
    Page {
        size: u64,
        skip: u64,
    },
}

/// A whole query that parses.
#[derive(Debug)]
pub(super) struct Query {
    text: String,
    parsed: ParsedStatement,
}

impl Query {
    pub(super) fn read(value: &Text, param: &str, notes: &mut Vec<String>) -> Result<Self> {
        let mut text = clause::without_comments(value, param, notes);
        if let Some(rest) = text.as_str().strip_suffix(';') {
            notes.push(format!("`;` at the end of `{param}` was left out"));
            text = text.part(0..rest.len()).trim();
        }
        placeholder::refuse(&text, param, Fill::Value("number"))?;
        let parsed = parse_one(text.as_str());
        clause::refuse_errors(&parsed, text.as_str(), 0, &text, param)?;
        let statement = &parsed.statement;
        let ours = statement.header.is_some() || !statement.ctes.is_empty();
        if ours || statement.query.is_none() {
            let message = format!("`{param}` does not begin with `select`");
            return Err(ImportError::new("syntax", message).at(Some(text.whole())));
        }
        let text = text.as_str().to_owned();
        Ok(Self { text, parsed })
    }

    /// Whether the rows have every column of the dataset, system columns apart.
    pub(super) fn has_star(&self) -> bool {
        self.compound().and_then(last).is_some_and(|select| {
            let stars = |system| {
                select
                    .items
                    .iter()
                    .any(|item| matches!(item, SelectItem::Star(star) if star.system == system))
            };
            stars(false) && !stars(true)
        })
    }

    fn compound(&self) -> Option<&Compound> {
        self.parsed.statement.query.as_ref()
    }

    pub(super) fn statement(
        &self,
        dataset: &Dataset,
        cut: Cut,
        system: bool,
        notes: &mut Vec<String>,
    ) -> Result<String> {
        let mut edits = Edits { text: &self.text, list: Vec::new() };
        let Some(compound) = self.compound() else {
            return finished(self.text.clone());
        };
        if system {
            self.add_system_columns(compound, &mut edits, notes);
        }
        if let Some(source) = dataset.source() {
            edits.read_from(compound, dataset, &source, notes);
        }
        let tail = self.cut(compound, cut, &mut edits)?;
        finished(edits.apply() + &tail)
    }

    fn add_system_columns(
        &self,
        compound: &Compound,
        edits: &mut Edits<'_>,
        notes: &mut Vec<String>,
    ) {
        let first = compound.first.as_leaf().filter(|_| compound.rest.is_empty());
        match first.and_then(|select| select.items.first()) {
            Some(SelectItem::Star(star)) if self.has_star() && star.table.is_none() => {
                edits.insert(star.span.start, ":*, ");
            }
            _ if self.has_star() => {
                notes.push(
                    "system columns were left out: `:*` in each select asks for them".to_owned(),
                );
            }
            _ => {}
        }
    }

    /// Sets LIMIT and OFFSET; gives what has to stand behind the query.
    fn cut(&self, compound: &Compound, cut: Cut, edits: &mut Edits<'_>) -> Result<String> {
        let select = last(compound);
        let (limit, offset) = match select {
            Some(select) => {
                (self.count(select.limit.as_ref())?, self.count(select.offset.as_ref())?)
            }
            None => (None, None),
        };
        let clauses = match cut {
            Cut::AsWritten => return Ok(String::new()),
            Cut::All if limit.is_some() => return Ok(String::new()),
            Cut::All => " limit all".to_owned(),
            Cut::Page { size, skip } => {
                // A page of a query that has a LIMIT is a page of what that LIMIT leaves.
                let size = limit.map_or(size, |limit| size.min(limit.saturating_sub(skip)));
                let clauses = select.map(|select| (&select.limit, &select.offset));
                for clause in clauses.into_iter().flat_map(|(limit, offset)| [limit, offset]) {
                    edits.remove(clause.as_ref());
                }
                match offset.unwrap_or(0).saturating_add(skip) {
                    0 => format!(" limit {size}"),
                    start => format!(" limit {size} offset {start}"),
                }
            }
        };
        match select {
            Some(select) => {
                edits.insert(select.span.end, &clauses);
                Ok(String::new())
            }
            // LIMIT behind a set operation would belong to its last operand alone.
            None if self.has_system_columns(compound) => Ok(format!(" |> select :*, *{clauses}")),
            None => Ok(format!(" |> select *{clauses}")),
        }
    }

    fn count(&self, clause: Option<&AstClause<Count>>) -> Result<Option<u64>> {
        let Some(Count::Number(span)) = clause.map(|clause| clause.value) else {
            return Ok(None);
        };
        let digits = span.text(&self.text);
        digits.parse().map(Some).map_err(|_| {
            let message = format!("`{}` is too large a number of rows", shown(digits));
            ImportError::new("bad-number", message)
        })
    }

    /// Whether `select *` behind the query would lose a column.
    fn has_system_columns(&self, compound: &Compound) -> bool {
        let mut atom = &compound.first;
        while let Atom::Paren(inner, _) = atom {
            atom = &inner.first;
        }
        let Atom::Select(select) = atom else {
            return false;
        };
        select.items.iter().any(|item| match item {
            SelectItem::Star(star) => star.system,
            SelectItem::Expr { alias: Some(alias), .. } => self.is_system(*alias),
            SelectItem::Expr { expr, .. } => match self.parsed.statement.arena.expr(expr.id).kind {
                ExprKind::Column(column) | ExprKind::Qualified { column, .. } => {
                    self.is_system(column)
                }
                _ => false,
            },
        })
    }

    fn is_system(&self, name: Span) -> bool {
        name_text(name.text(&self.text)).starts_with(':')
    }
}

/// The select whose LIMIT is that of the whole query.
fn last(compound: &Compound) -> Option<&Select> {
    match compound.rest.last() {
        None => compound.first.as_leaf(),
        Some(Step { op: StepOp::Pipe, right, .. }) => right.as_leaf(),
        Some(_) => None,
    }
}

/// Changes to the text of a query.
struct Edits<'t> {
    text: &'t str,
    list: Vec<(Range<usize>, String)>,
}

impl Edits<'_> {
    fn insert(&mut self, at: u32, text: &str) {
        self.list.push((at as usize..at as usize, text.to_owned()));
    }

    fn remove(&mut self, clause: Option<&AstClause<Count>>) {
        if let Some(clause) = clause {
            let range = clause.keyword.cover(clause.value.span());
            self.list.push((range.start as usize..range.end as usize, String::new()));
        }
    }

    /// Names the dataset in every select that reads the call's dataset: the first one, and the
    /// right side of each set operation. What follows `|>` reads the rows before it.
    fn read_from(
        &mut self,
        compound: &Compound,
        dataset: &Dataset,
        source: &str,
        notes: &mut Vec<String>,
    ) {
        let rest = compound.rest.iter().filter(|step| step.op != StepOp::Pipe);
        for atom in std::iter::once(&compound.first).chain(rest.map(|step| &step.right)) {
            match atom {
                Atom::Paren(inner, _) => self.read_from(inner, dataset, source, notes),
                Atom::Select(select) => self.read_select(select, dataset, source, notes),
            }
        }
    }

    fn read_select(
        &mut self,
        select: &Select,
        dataset: &Dataset,
        source: &str,
        notes: &mut Vec<String>,
    ) {
        let Some(from) = &select.from else {
            match next_clause(select) {
                Some(at) => self.insert(at, &format!("from {source} ")),
                None => self.insert(select.span.end, &format!(" from {source}")),
            }
            return;
        };
        let Source::Named(span) = from.source else { return };
        let written = span.text(self.text);
        let name = name_text(written);
        if name.eq_ignore_ascii_case("this") || Some(name) == dataset.id.as_deref() {
            // Columns may be qualified with the name that goes.
            let alias = if from.alias.is_none() && self.qualifies(written) {
                format!("{source} as {written}")
            } else {
                source.to_owned()
            };
            self.list.push((span.start as usize..span.end as usize, alias));
        } else if !name.eq_ignore_ascii_case("single_row") {
            notes.push(format!("`{}` stands in FROM and was kept", shown(written)));
        }
    }

    /// Whether `table.` stands anywhere.
    fn qualifies(&self, table: &str) -> bool {
        let lexed = lex(self.text);
        (0..lexed.len()).any(|index| {
            lexed.kind(index + 1) == TokenKind::Dot && lexed.span(index).text(self.text) == table
        })
    }

    fn apply(mut self) -> String {
        self.list.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(self.text.len() + 64);
        // Changes stand between tokens, so two spaces in a row are never those of a string.
        let mut push = |piece: &str| {
            let blank = out.is_empty() || out.ends_with(' ');
            out.push_str(piece.strip_prefix(' ').filter(|_| blank).unwrap_or(piece));
        };
        let mut at = 0;
        for (range, text) in self.list {
            push(self.text.get(at..range.start).unwrap_or(""));
            push(&text);
            at = range.end;
        }
        push(self.text.get(at..).unwrap_or(""));
        out
    }
}

/// Where the first clause behind the select list begins.
fn next_clause(select: &Select) -> Option<u32> {
    [
        select.joins.first().map(|join| join.span),
        select.filter.as_ref().map(|clause| clause.keyword),
        select.group_by.as_ref().map(|clause| clause.keyword),
        select.having.as_ref().map(|clause| clause.keyword),
        select.order_by.as_ref().map(|clause| clause.keyword),
        select.search.as_ref().map(|clause| clause.keyword),
        select.limit.as_ref().map(|clause| clause.keyword),
        select.offset.as_ref().map(|clause| clause.keyword),
    ]
    .into_iter()
    .flatten()
    .map(|span| span.start)
    .min()
}

/// Ends a statement, and makes sure that it is one.
fn finished(mut statement: String) -> Result<String> {
    statement.push(';');
    let parsed = parse_one(&statement);
    if parsed.errors.is_empty() && parsed.terminated {
        return Ok(statement);
    }
    Err(ImportError::new("syntax", "clauses do not fit together in one statement"))
}
