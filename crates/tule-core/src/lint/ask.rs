//! Questions that several lints ask: numbers, texts tested, letter case, known values.
//!
//! Each answers `None` as soon as a node is not of its kind, before anything is allocated.

use tule_syntax::ast::{
    BinaryOp, Clause, Count, ExprId, ExprKind, ExprList, Literal, Select, SelectItem, UnaryOp,
};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use super::pass::{Pass, SelectView};
use crate::check::{Relation, Target};
use crate::functions::Syntax;
use crate::names::fold;
use crate::schema::{Column, Dataset};
use crate::types::Type;

/// How a text is tested.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum How {
    /// `=`, `in`
    Equal,
    /// `like`
    Like,
    /// `starts_with`
    Starts,
    /// `contains`
    Contains,
}

/// A value that is tested against others, constants as a rule.
pub(super) struct TextTest<'a> {
    /// What is tested.
    pub(super) operand: ExprId,
    pub(super) how: How,
    /// `!=`, `not in`, `not like`
    pub(super) negated: bool,
    one: [ExprId; 1],
    many: &'a [ExprId],
}

impl TextTest<'_> {
    /// What it is tested against.
    pub(super) fn members(&self) -> &[ExprId] {
        if self.many.is_empty() { &self.one } else { self.many }
    }
}

/// The letter case that a function leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Case {
    Upper,
    Lower,
}

impl Case {
    /// The function's name.
    pub(super) const fn function(self) -> &'static str {
        match self {
            Self::Upper => "upper",
            Self::Lower => "lower",
        }
    }

    /// `text` as the function leaves it. Letters that would become several stay, as they do on
    /// the portal.
    pub(super) fn apply(self, text: &str) -> String {
        text.chars().map(|c| self.letter(c)).collect()
    }

    /// Whether the function would change `text`.
    pub(super) fn changes(self, text: &str) -> bool {
        text.chars().any(|c| self.letter(c) != c)
    }

    fn letter(self, c: char) -> char {
        fn only(mut letters: impl Iterator<Item = char>, c: char) -> char {
            match (letters.next(), letters.next()) {
                (Some(letter), None) => letter,
                _ => c,
            }
        }
        match self {
            Self::Upper => only(c.to_uppercase(), c),
            Self::Lower => only(c.to_lowercase(), c),
        }
    }
}

impl<'a> Pass<'a> {
    /// The name of the function that `id` calls and its arguments.
    pub(super) fn call(&self, id: ExprId) -> Option<(&'static str, &'a [ExprId])> {
        let id = self.arena.strip(id);
        let ExprKind::Call { args, .. } = self.arena.expr(id).kind else { return None };
        let function = self.overload(id).filter(|function| function.syntax == Syntax::Call)?;
        Some((function.internal_name, self.arena.list(args)))
    }

    /// The value of a number, with its sign.
    pub(super) fn number(&self, id: ExprId) -> Option<f64> {
        let id = self.arena.strip(id);
        match self.arena.expr(id).kind {
            ExprKind::Literal(Literal::Integer | Literal::Number) => self.source(id).parse().ok(),
            ExprKind::Unary { op: UnaryOp::Minus, operand } => {
                self.number_without_sign(operand).map(|value| -value)
            }
            ExprKind::Unary { op: UnaryOp::Plus, operand } => self.number_without_sign(operand),
            _ => None,
        }
    }

    fn number_without_sign(&self, id: ExprId) -> Option<f64> {
        let id = self.arena.strip(id);
        match self.arena.expr(id).kind {
            ExprKind::Literal(Literal::Integer | Literal::Number) => self.source(id).parse().ok(),
            _ => None,
        }
    }

    /// The number of LIMIT or OFFSET, where one is written.
    pub(super) fn count(&self, clause: Option<&Clause<Count>>) -> Option<u64> {
        match clause?.value {
            Count::Number(span) => self.written(span).parse().ok(),
            Count::Missing(_) | Count::All(_) | Count::Param(_) => None,
        }
    }

    /// The test of a text that a node is.
    pub(super) fn text_test(&self, id: ExprId, kind: ExprKind) -> Option<TextTest<'a>> {
        let one = |operand, how, negated, member| {
            Some(TextTest { operand, how, negated, one: [member], many: &[] })
        };
        match kind {
            ExprKind::Binary { op, left, right, .. } => {
                let negated = match op {
                    BinaryOp::Equal | BinaryOp::EqualEqual => false,
                    BinaryOp::LessGreater | BinaryOp::BangEqual => true,
                    _ => return None,
                };
                let (operand, member) =
                    if self.is_literal(left) { (right, left) } else { (left, right) };
                one(operand, How::Equal, negated, member)
            }
            ExprKind::In { operands, negated } => {
                let (operand, many) = self.arena.list(operands).split_first()?;
                let (operand, how) = (*operand, How::Equal);
                Some(TextTest { operand, how, negated, one: [*many.first()?], many })
            }
            ExprKind::Like { operand, pattern, negated, caseless: false } => {
                one(operand, How::Like, negated, pattern)
            }
            ExprKind::Call { .. } => {
                let (name, args) = self.call(id)?;
                let how = match name {
                    "starts_with" => How::Starts,
                    "contains" => How::Contains,
                    _ => return None,
                };
                let [operand, member] = *args else { return None };
                one(operand, how, false, member)
            }
            _ => None,
        }
    }

    /// The letter case that `id` has whatever the row holds, and what it is made of.
    pub(super) fn folded(&self, id: ExprId) -> Option<(Case, ExprId)> {
        let mut id = self.arena.strip(id);
        if let Some(item) = self.aliased(id) {
            id = item;
        }
        let (name, args) = self.call(id)?;
        let case = match name {
            "upper" => Case::Upper,
            "lower" => Case::Lower,
            _ => return None,
        };
        Some((case, *args.first()?))
    }

    /// The text column behind `id` whose values are all known.
    pub(super) fn known(&self, id: ExprId) -> Option<(&'a Dataset, &'a Column)> {
        self.column(id)
            .filter(|(_, column)| !column.values.is_empty() && column.ty == Some(Type::Text))
    }

    /// Whether two expressions say the same, blank space, letter case of names and parentheses
    /// aside. What is compared in no other way has to be written alike. The limit on nesting
    /// bounds the recursion.
    pub(super) fn same(&self, mine: ExprId, yours: ExprId) -> bool {
        let (mine, yours) = (self.arena.strip(mine), self.arena.strip(yours));
        let name = |mine: Span, yours: Span| {
            fold(name_text(self.written(mine))) == fold(name_text(self.written(yours)))
        };
        let all = |mine: ExprList, yours: ExprList| {
            let (mine, yours) = (self.arena.list(mine), self.arena.list(yours));
            mine.len() == yours.len()
                && mine.iter().zip(yours).all(|(mine, yours)| self.same(*mine, *yours))
        };
        match (self.arena.expr(mine).kind, self.arena.expr(yours).kind) {
            (ExprKind::Column(mine), ExprKind::Column(yours)) => name(mine, yours),
            (
                ExprKind::Qualified { table, column: mine },
                ExprKind::Qualified { table: other, column: yours },
            ) => name(table, other) && name(mine, yours),
            (ExprKind::Literal(_), ExprKind::Literal(_)) => {
                match (self.string(mine), self.string(yours)) {
                    (Some(mine), Some(yours)) => mine == yours,
                    (None, None) => self.source(mine).eq_ignore_ascii_case(self.source(yours)),
                    _ => false,
                }
            }
            (
                ExprKind::Binary { op: sign, left, right, .. },
                ExprKind::Binary { op: other, left: start, right: end, .. },
            ) => sign == other && self.same(left, start) && self.same(right, end),
            (
                ExprKind::Call { name: function, style, args: mine, suffix: None },
                ExprKind::Call { name: other, style: way, args: yours, suffix: None },
            ) => style == way && name(function, other) && all(mine, yours),
            (
                ExprKind::IsNull { operand: mine, negated: not },
                ExprKind::IsNull { operand: yours, negated: other },
            ) => not == other && self.same(mine, yours),
            (
                ExprKind::In { operands: mine, negated: not },
                ExprKind::In { operands: yours, negated: other },
            )
            | (
                ExprKind::Between { operands: mine, negated: not },
                ExprKind::Between { operands: yours, negated: other },
            ) => not == other && all(mine, yours),
            (
                ExprKind::Chain { op: word, operands: mine },
                ExprKind::Chain { op: other, operands: yours },
            ) => word == other && all(mine, yours),
            _ => self.source(mine) == self.source(yours),
        }
    }

    /// Whether `id` is the system column of this name.
    pub(super) fn is_system(&self, id: ExprId, name: &str) -> bool {
        let id = self.arena.strip(id);
        match self.arena.expr(id).kind {
            ExprKind::Column(written) | ExprKind::Qualified { column: written, .. } => {
                matches!(self.typed.target(id), Target::Column { .. })
                    && fold(name_text(self.written(written))) == name
            }
            _ => false,
        }
    }

    /// An expression as written, on one line and shortened for a message.
    pub(super) fn excerpt(&self, id: ExprId) -> String {
        let mut line = self.source(id).split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() > 40 {
            line = line.chars().take(37).collect::<String>() + "...";
        }
        line
    }
}

impl<'a> SelectView<'a> {
    /// The expressions of the select list with their names.
    pub(super) fn items(&self) -> impl Iterator<Item = (ExprId, Option<Span>)> + use<'a> {
        self.select.items.iter().filter_map(|item| match item {
            SelectItem::Expr { expr, alias, .. } => Some((expr.id, *alias)),
            SelectItem::Star(_) => None,
        })
    }

    /// The one dataset that it reads, if it reads nothing else.
    pub(super) fn only_dataset(&self) -> Option<&'a Dataset> {
        match self.facts?.tables.as_slice() {
            [table] => match &table.relation {
                Relation::Dataset(dataset) => Some(dataset),
                Relation::Result(_) | Relation::SingleRow | Relation::Unknown => None,
            },
            _ => None,
        }
    }
}

/// Whether a text holds a placeholder of a host language, so that its value is not known.
pub(super) fn is_template(text: &str) -> bool {
    let slot = |at: usize| {
        let next = text.get(at + 2..).and_then(|rest| rest.chars().next());
        next.is_none_or(|next| !next.is_alphanumeric())
    };
    text.contains(['{', '}', '…'])
        || text.contains("...")
        || text.contains("%(")
        || text.match_indices("%s").any(|(at, _)| slot(at))
}

/// Where a clause that belongs in front of LIMIT and OFFSET is put in, with the blanks around it.
pub(super) fn before_limit(select: &Select, clause: &str) -> (Span, String) {
    let starts = [&select.limit, &select.offset].into_iter().flatten().map(|count| count.keyword);
    match starts.map(|keyword| keyword.start).min() {
        Some(at) => (Span::empty(at), format!("{clause} ")),
        None => (Span::empty(select.span.end), format!(" {clause}")),
    }
}

/// The first values of a column for a note: `North`, `Park` and 5 more.
pub(super) fn some_values(values: &[String]) -> String {
    const SHOWN: usize = 6;
    let shown = if values.len() <= SHOWN + 1 { values.len() } else { SHOWN };
    let mut words: Vec<String> =
        values.iter().take(shown).map(|value| format!("`{value}`")).collect();
    if values.len() > shown {
        words.push(format!("{} more", values.len() - shown));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, head)) => format!("{} and {last}", head.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_listed_up_to_a_few() {
        let values: Vec<String> = ('a'..='j').map(String::from).collect();
        assert_eq!(some_values(&values[..1]), "`a`");
        assert_eq!(some_values(&values[..2]), "`a` and `b`");
        assert_eq!(some_values(&values), "`a`, `b`, `c`, `d`, `e`, `f` and 4 more");
    }

    #[test]
    fn placeholders_are_told_from_patterns() {
        for text in ["{zip}", "${zip}", "%s", "'%s'", "%(zip)s", "…"] {
            assert!(is_template(text), "{text}");
        }
        for text in ["%street%", "Main St", "%", "100%"] {
            assert!(!is_template(text), "{text}");
        }
    }

    #[test]
    fn letters_change_case_one_by_one() {
        assert_eq!(Case::Upper.apply("Straße"), "STRAßE");
        assert!(!Case::Upper.changes("STRAßE 12%") && Case::Lower.changes("É"));
    }
}
