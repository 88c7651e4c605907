//! Comparisons with constants, in one form for every lint that judges them.
//!
//! Nothing here allocates before a comparison with a constant is found.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use tule_syntax::ast::{Arena, BinaryOp, ExprId, ExprKind, Literal, UnaryOp};
use tule_syntax::literal::name_text;

use super::pass::Pass;
use crate::check::{Relation, Target};
use crate::names::fold;
use crate::print;
use crate::reading::{Day, Moment, timestamp};
use crate::schema::{Column, Dataset};
use crate::types::Type;

/// How two values are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Compare {
    pub(super) fn of(op: BinaryOp) -> Option<Self> {
        Some(match op {
            BinaryOp::Equal | BinaryOp::EqualEqual => Self::Equal,
            BinaryOp::LessGreater | BinaryOp::BangEqual => Self::NotEqual,
            BinaryOp::Less => Self::Less,
            BinaryOp::LessEqual => Self::LessEqual,
            BinaryOp::Greater => Self::Greater,
            BinaryOp::GreaterEqual => Self::GreaterEqual,
            _ => return None,
        })
    }

    /// The same comparison with its sides exchanged.
    fn flipped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }

    /// Whether it asks which one is greater.
    pub(super) const fn is_ordered(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Whether it bounds the value from above.
    pub(super) const fn is_upper(self) -> bool {
        matches!(self, Self::Less | Self::LessEqual)
    }

    /// Whether it bounds the value from below.
    pub(super) const fn is_lower(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterEqual)
    }
}

/// `value op constant`, whichever side the constant stands on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    /// The node that says so.
    pub(super) node: ExprId,
    pub(super) value: ExprId,
    pub(super) op: Compare,
    pub(super) constant: ExprId,
}

/// The operands of a comparison, without a copy of a list.
pub(super) enum Operands<'a> {
    Two([ExprId; 2]),
    Many(&'a [ExprId]),
}

impl std::ops::Deref for Operands<'_> {
    type Target = [ExprId];

    fn deref(&self) -> &[ExprId] {
        match self {
            Self::Two(two) => two,
            Self::Many(many) => many,
        }
    }
}

/// What an infix operator, BETWEEN, IN, LIKE or a call is applied to; nothing for other nodes.
pub(super) fn operands(arena: &Arena, kind: ExprKind) -> Operands<'_> {
    match kind {
        ExprKind::Binary { left, right, .. } => Operands::Two([left, right]),
        ExprKind::Like { operand, pattern, .. } => Operands::Two([operand, pattern]),
        ExprKind::Between { operands, .. }
        | ExprKind::In { operands, .. }
        | ExprKind::Call { args: operands, .. } => Operands::Many(arena.list(operands)),
        _ => Operands::Many(&[]),
    }
}

/// How much of a point in time is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Precision {
    Year,
    Month,
    Day,
    Time,
}

/// A date or time that is written out.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Instant {
    /// The point in time; in UTC for an instant.
    pub(super) at: DateTime,
    pub(super) precision: Precision,
    /// Whether an offset from UTC is written.
    pub(super) zoned: bool,
}

impl Instant {
    /// Reads text as the portal does.
    pub(super) fn read(text: &str, instant: bool) -> Option<Self> {
        let Moment { day, nanoseconds, offset } = timestamp(text, instant)?;
        let at = DateTime::from_parts(day.date()?, Time::midnight())
            .checked_add(SignedDuration::from_nanos(nanoseconds))
            .ok()?
            .checked_sub(SignedDuration::from_secs(i64::from(offset.unwrap_or(0))))
            .ok()?;
        let precision = if text.contains('T') {
            Precision::Time
        } else {
            match (day, text.trim_start_matches(['-', '+']).matches('-').count()) {
                (Day::Month { .. }, 0) => Precision::Year,
                (Day::Month { .. }, 1) => Precision::Month,
                _ => Precision::Day,
            }
        };
        Some(Self { at, precision, zoned: offset.is_some() })
    }

    /// Whether no time of day is written, or midnight.
    pub(super) fn is_midnight(&self) -> bool {
        self.at.time() == Time::midnight()
    }

    /// The day behind the last one that is meant: behind a year, a month or a day.
    pub(super) fn next(&self) -> Option<Date> {
        let date = self.at.date();
        match self.precision {
            Precision::Year => Date::new(date.year().checked_add(1)?, 1, 1).ok(),
            Precision::Month => date.last_of_month().tomorrow().ok(),
            Precision::Day | Precision::Time => date.tomorrow().ok(),
        }
    }
}

/// A constant in the type it is compared as.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Constant {
    Number(f64),
    Text(String),
    Instant(Instant),
}

impl Constant {
    /// The order of two constants of one type, where it is beyond doubt.
    ///
    /// How a portal sorts letters beside signs and accents depends on its settings, so texts are
    /// told apart by ASCII letters and digits only.
    pub(super) fn order(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            // Beyond 15 digits two numbers may be equal here and unlike on the portal.
            (Self::Number(a), Self::Number(b)) if a.abs() < 1e15 && b.abs() < 1e15 => {
                a.partial_cmp(b)
            }
            (Self::Instant(a), Self::Instant(b)) => Some(a.at.cmp(&b.at)),
            (Self::Text(a), Self::Text(b)) => {
                if a == b {
                    return Some(std::cmp::Ordering::Equal);
                }
                let pair = a.chars().zip(b.chars()).find(|(a, b)| !a.eq_ignore_ascii_case(b));
                let (a, b) = pair.filter(|(a, b)| {
                    a.is_ascii_alphanumeric()
                        && b.is_ascii_alphanumeric()
                        && a.is_ascii_digit() == b.is_ascii_digit()
                })?;
                Some(a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()))
            }
            _ => None,
        }
    }
}

impl<'a> Pass<'a> {
    /// The comparison with a constant that a node is; BETWEEN and IN are not.
    pub(super) fn bound(&self, node: ExprId, kind: ExprKind) -> Option<Bound> {
        let ExprKind::Binary { op, left, right, .. } = kind else { return None };
        let op = Compare::of(op)?;
        match (self.is_constant(left), self.is_constant(right)) {
            (false, true) => Some(Bound { node, value: left, op, constant: right }),
            (true, false) => Some(Bound { node, value: right, op: op.flipped(), constant: left }),
            _ => None,
        }
    }

    /// What `x [not] between low and high` consists of.
    pub(super) fn between(&self, kind: ExprKind) -> Option<([ExprId; 3], bool)> {
        let ExprKind::Between { operands, negated } = kind else { return None };
        let [value, low, high] = *self.arena.list(operands) else { return None };
        Some(([value, low, high], negated))
    }

    /// The two bounds of `x between low and high` with constants, or the one of a comparison.
    pub(super) fn bounds(&self, node: ExprId, kind: ExprKind) -> [Option<Bound>; 2] {
        if let Some(bound) = self.bound(node, kind) {
            return [Some(bound), None];
        }
        let Some(([value, low, high], false)) = self.between(kind) else { return [None, None] };
        let bound = |op, constant| {
            let found = Bound { node, value, op, constant };
            (!self.is_constant(value) && self.is_constant(constant)).then_some(found)
        };
        [bound(Compare::GreaterEqual, low), bound(Compare::LessEqual, high)]
    }

    /// The value of `x [not] in (...)` and its members.
    pub(super) fn members(&self, kind: ExprKind) -> Option<(ExprId, &'a [ExprId], bool)> {
        let ExprKind::In { operands, negated } = kind else { return None };
        let (value, members) = self.arena.list(operands).split_first()?;
        Some((*value, members, negated))
    }

    /// Whether `id` is a literal other than null, perhaps with a sign or a conversion.
    pub(super) fn is_constant(&self, id: ExprId) -> bool {
        match self.arena.expr(self.arena.strip(id)).kind {
            ExprKind::Literal(literal) => literal != Literal::Null,
            ExprKind::Unary { op: UnaryOp::Minus | UnaryOp::Plus, operand }
            | ExprKind::Cast { operand, .. } => self.is_literal(operand),
            _ => false,
        }
    }

    /// The value of a constant, as the type it was given.
    pub(super) fn constant(&self, id: ExprId) -> Option<Constant> {
        let id = self.arena.strip(id);
        match self.ty(id)? {
            Type::Number | Type::Double => self.numeral(id).map(Constant::Number),
            Type::Text => self.string(id).map(|text| Constant::Text(text.into_owned())),
            _ => self.instant(id).map(Constant::Instant),
        }
    }

    fn numeral(&self, id: ExprId) -> Option<f64> {
        let id = self.arena.strip(id);
        match self.arena.expr(id).kind {
            ExprKind::Literal(Literal::Integer | Literal::Number) => self.source(id).parse().ok(),
            ExprKind::Literal(_) => self.string(id)?.parse().ok(),
            ExprKind::Unary { op: UnaryOp::Minus, operand } if self.is_literal(operand) => {
                self.numeral(operand).map(|value| -value)
            }
            _ => None,
        }
    }

    /// The point in time that a literal is, if it is compared as one.
    pub(super) fn instant(&self, id: ExprId) -> Option<Instant> {
        let id = self.arena.strip(id);
        let fixed = match self.ty(id)? {
            Type::FloatingTimestamp | Type::Datestamp => false,
            Type::FixedTimestamp => true,
            _ => return None,
        };
        let literal = match self.arena.expr(id).kind {
            ExprKind::Cast { operand, .. } => operand,
            _ => id,
        };
        Instant::read(&self.string(literal)?, fixed)
    }

    /// Whether `id` is a number that is written out, without quotes.
    pub(super) fn is_number(&self, id: ExprId) -> bool {
        matches!(
            self.arena.expr(self.arena.strip(id)).kind,
            ExprKind::Literal(Literal::Integer | Literal::Number)
        )
    }

    /// Whether both name the same column of the same table of one select.
    pub(super) fn same_column(&self, a: ExprId, b: ExprId) -> bool {
        let [a, b] = [a, b].map(|id| self.arena.strip(id));
        let target = self.typed.target(a);
        if matches!(target, Target::None) || target != self.typed.target(b) {
            return false;
        }
        let same_select = match (self.select_of(a), self.select_of(b)) {
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            _ => false,
        };
        let name = |id| match self.arena.expr(id).kind {
            ExprKind::Column(name) | ExprKind::Qualified { column: name, .. } => {
                Some(fold(name_text(self.written(name))))
            }
            _ => None,
        };
        same_select && name(a).is_some() && name(a) == name(b)
    }

    /// Where the type of a column comes from.
    pub(super) fn type_evidence(&self, id: ExprId) -> Option<String> {
        let (dataset, column) = self.column(id)?;
        dataset.type_evidence(column)
    }

    /// The column of the select around `id` whose name or label a text is, as it is written.
    pub(super) fn column_called(&self, id: ExprId, text: &str) -> Option<String> {
        let folded = fold(text.trim());
        let tables = &self.select_of(id)?.facts?.tables;
        tables.iter().find_map(|table| match &table.relation {
            Relation::Dataset(dataset) => {
                let labelled = || {
                    let mut columns = dataset.columns.iter();
                    columns.find(|column| column.label.eq_ignore_ascii_case(text.trim()))
                };
                let column = dataset.column(&folded).map(|(_, column)| column).or_else(labelled);
                column.map(|column| print::column(&column.name))
            }
            Relation::Result(_) => {
                table.relation.column(&folded).map(|_| print::column(text.trim()))
            }
            Relation::SingleRow | Relation::Unknown => None,
        })
    }

    /// The timestamp column behind `id`, if there is one whose values have times of day.
    ///
    /// Many columns are timestamps and hold days, each at midnight: then a day is what they are
    /// rightly compared with. See [`holds_days`] for what counts as evidence.
    pub(super) fn timed_column(&self, id: ExprId) -> Option<(&'a Dataset, &'a Column)> {
        if !matches!(self.ty(id)?, Type::FloatingTimestamp | Type::FixedTimestamp) {
            return None;
        }
        self.column(id).filter(|(dataset, column)| !holds_days(dataset, column))
    }
}

/// What the lock says of the times of day in a timestamp column.
pub(super) fn time_evidence(dataset: &Dataset, column: &Column) -> String {
    let (name, host, id) = (&column.name, &dataset.host, &dataset.id);
    let range = dataset.range.as_ref().filter(|range| range.column == column.name);
    match range {
        Some(range) => {
            format!(
                "`{name}` of {host}/{id} goes from {} to {} in the lock",
                range.first, range.last
            )
        }
        None => format!("nothing in the lock says that `{name}` of {host}/{id} holds days only"),
    }
}

/// Whether there is evidence that a timestamp column holds days: the first and the last value in
/// the lock are at midnight, its description says so, or the time stands in a column of its own
/// (`crash_date` beside `crash_time`).
fn holds_days(dataset: &Dataset, column: &Column) -> bool {
    if let Some(range) = dataset.range.as_ref().filter(|range| range.column == column.name) {
        let midnight = |text: &str| {
            Instant::read(text.trim_end_matches('Z'), false).is_some_and(|at| at.is_midnight())
        };
        return midnight(&range.first) && midnight(&range.last);
    }
    let description = column.description.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| description.contains(word));
    if says(&["midnight", "date only", "day only", "no time", "without time", "without the time"]) {
        return true;
    }
    let Some((stem, _)) = column.name.rsplit_once("date") else { return false };
    let is_time = |other: &Column| {
        let rest = other.name.strip_prefix(stem);
        rest.is_some_and(|rest| rest.starts_with("time") && !rest.starts_with("timestamp"))
    };
    dataset.columns.iter().any(is_time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::DateRange;

    fn date_column(description: &str, others: &[&str], range: Option<[&str; 2]>) -> bool {
        let described = |column: Column| Column { description: description.to_owned(), ..column };
        let date = described(Column::new("crash_date", Type::FloatingTimestamp));
        let others = others.iter().map(|name| Column::new(name, Type::Text));
        let columns = std::iter::once(date.clone()).chain(others).collect();
        let mut dataset = Dataset::new("h", "abcd-1234", "t", columns);
        dataset.range = range.map(|[first, last]| DateRange {
            column: "crash_date".to_owned(),
            first: first.to_owned(),
            last: last.to_owned(),
        });
        holds_days(&dataset, &date)
    }

    #[test]
    fn days_are_told_from_times_by_evidence() {
        let (day, time) = ("2024-05-01T00:00:00.000", "2024-05-01T10:20:00.000");
        assert!(!date_column("", &[], None));
        assert!(date_column("", &[], Some([day, day])));
        assert!(!date_column("", &["crash_time"], Some([day, time])));
        assert!(date_column("The day, at midnight", &[], None));
        assert!(date_column("", &["crash_time"], None));
        assert!(!date_column("", &["crash_timestamp", "close_time"], None));
    }

    #[test]
    fn instants_know_how_much_of_them_is_written() {
        let read = |text| Instant::read(text, true).unwrap();
        assert_eq!(read("2024").precision, Precision::Year);
        assert_eq!(read("2024-5").precision, Precision::Month);
        assert_eq!(read("2024-123").precision, Precision::Day);
        assert_eq!(read("2024-05-01T00:00").precision, Precision::Time);
        assert_eq!(read("2024-02").next().unwrap().to_string(), "2024-03-01");
        assert_eq!(read("2024-12-31").next().unwrap().to_string(), "2025-01-01");
        let east = read("2024-05-01T01:00+02:00");
        assert!(east.zoned && east.at.to_string() == "2024-04-30T23:00:00");
    }

    #[test]
    fn texts_are_ordered_where_every_portal_agrees() {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let order =
            |a: &str, b: &str| Constant::Text(a.to_owned()).order(&Constant::Text(b.to_owned()));
        assert_eq!(order("apple", "Banana"), Some(Less));
        assert_eq!(order("M", "a"), Some(Greater));
        assert_eq!(order("x", "x"), Some(Equal));
        for (a, b) in [("a", "A"), ("a-b", "ab"), ("é", "f"), ("1", "a"), ("a", "ab")] {
            assert_eq!(order(a, b), None, "{a} {b}");
        }
    }
}
