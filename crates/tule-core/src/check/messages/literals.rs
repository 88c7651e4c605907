//! Literals of the wrong type: what is wrong with each sort, and what to write instead.

use tule_syntax::ast::{BinaryOp, ExprId, ExprKind, Literal};
use tule_syntax::literal::{quote_string, string_value};
use tule_syntax::span::Span;

use super::dates::{epoch, is_attempt, meant, month, unquoted_date, weekday};
use super::{Applied, Checker};
use crate::check::text_reads_as;
use crate::diagnostics::{Applicability, Code, Diagnostic};
use crate::reading::timestamp;
use crate::types::{Type, TypeSet};

const DATES: TypeSet =
    TypeSet::of(&[Type::FloatingTimestamp, Type::FixedTimestamp, Type::Datestamp]);

impl Checker<'_> {
    /// A finding of its own for a literal (or what looks like a date) that stands where
    /// `expected` is wanted; `None` if the general one says all there is to say.
    pub(super) fn wrong_literal(
        &self,
        at: ExprId,
        expected: TypeSet,
        args: &[ExprId],
    ) -> Option<Diagnostic> {
        let inner = self.arena.strip(at);
        let span = self.arena.span(inner);
        let dated = expected.len() <= 3 && !expected.intersect(DATES).is_empty();
        match self.arena.expr(inner).kind {
            ExprKind::Literal(Literal::String | Literal::DoubleString) => {
                let value = string_value(self.written(span));
                if dated {
                    return date_literal(span, self.written(span), &value, expected);
                }
                self.checkbox(span, expected, args)
            }
            ExprKind::Literal(Literal::Integer) if dated => {
                number_for_date(span, self.written(span)).or_else(|| self.year(span, args))
            }
            ExprKind::Literal(Literal::Integer | Literal::Number) => {
                self.checkbox(span, expected, args)
            }
            ExprKind::Binary { .. } if dated || expected.has(Type::Text) => {
                let date = unquoted_date(self.arena, self.text, inner, dated)?;
                let written = self.written(span);
                // Text is compared as it is written.
                let better = quote_string(if dated { &date } else { written });
                let same = date == written || !dated;
                let how = if same { Applicability::Safe } else { Applicability::Unsafe };
                Some(
                    Diagnostic::new(Code::UnquotedDate, span, "a date stands in quotes")
                        .note(format!("without quotes, `{written}` is a calculation"))
                        .help(format!("write {better}"))
                        .fix(how, format!("write {better}"), span, better),
                )
            }
            _ => None,
        }
    }

    /// A text or number beside a checkbox.
    fn checkbox(&self, span: Span, expected: TypeSet, args: &[ExprId]) -> Option<Diagnostic> {
        let column = args.iter().map(|arg| self.arena.strip(*arg)).find(|arg| {
            matches!(self.arena.expr(*arg).kind, ExprKind::Column(_) | ExprKind::Qualified { .. })
                && self.types(*arg) == TypeSet::one(Type::Boolean)
        });
        let column = column.filter(|_| expected == TypeSet::one(Type::Boolean))?;
        let written = self.written(span);
        let value = string_value(written).to_ascii_lowercase();
        let shown = if written.starts_with(['\'', '"']) {
            written.to_owned()
        } else {
            format!("`{written}`")
        };
        let message =
            format!("`{}` is a checkbox, {shown} is none of its values", self.excerpt(column));
        let diagnostic = Diagnostic::new(Code::CheckboxCompare, span, message);
        let word = match value.trim() {
            "y" | "yes" | "t" | "on" | "x" | "checked" | "1" => "true",
            "n" | "no" | "f" | "off" | "unchecked" | "0" => "false",
            _ => return Some(diagnostic.help("a checkbox is `true` or `false`")),
        };
        Some(diagnostic.help(format!("write `{word}`")).fix(
            Applicability::Safe,
            format!("write `{word}`"),
            span,
            word,
        ))
    }

    /// `opened = 2024`: the year of a date is compared with a number.
    fn year(&self, span: Span, args: &[ExprId]) -> Option<Diagnostic> {
        let written = self.written(span);
        let is_year = written.len() == 4 && written.starts_with(['1', '2']);
        let column = args.iter().map(|arg| self.arena.span(*arg)).find(|arg| *arg != span)?;
        let part = format!("date_extract_y({})", self.written(column));
        let message = format!("`{written}` is a number, not a date");
        is_year.then(|| {
            Diagnostic::new(Code::TypeMismatch, span, message)
                .help(format!("compare the year: `{part}`"))
                .fix(Applicability::Unsafe, format!("write `{part}`"), column, part)
        })
    }

    /// `1 < x < 3`: a comparison compared with a third value.
    pub(super) fn chained(&self, args: &[ExprId], applied: Applied) -> Option<Diagnostic> {
        let (Applied::Compare(op), [first, third]) = (applied, args) else { return None };
        let ExprKind::Binary { op: inner, left: _, right, .. } = self.arena.expr(*first).kind
        else {
            return None;
        };
        if inner as u8 > BinaryOp::GreaterEqual as u8 {
            return None;
        }
        let span = self.arena.span(*first).cover(self.arena.span(*third));
        let part = |id: ExprId| self.written(self.arena.span(id));
        let better = format!("{} and {} {op} {}", part(*first), part(right), part(*third));
        let message =
            format!("`{}` is true or false, `{}` is not", self.excerpt(*first), part(*third));
        Some(
            Diagnostic::new(Code::TypeMismatch, self.arena.span(*third), message)
                .note("comparisons do not form a row")
                .help(format!("write `{better}`"))
                .fix(Applicability::Unsafe, format!("write `{better}`"), span, better),
        )
    }

    /// Repairs of other values in the wrong place, added to the general finding.
    pub(super) fn with_repair(
        &self,
        diagnostic: Diagnostic,
        at: ExprId,
        expected: TypeSet,
        applied: Applied,
    ) -> Diagnostic {
        let inner = self.arena.strip(at);
        let span = self.arena.span(inner);
        let written = self.written(span);
        match self.arena.expr(inner).kind {
            ExprKind::Literal(Literal::Integer | Literal::Number) if expected.has(Type::Text) => {
                let quoted = quote_string(written);
                diagnostic.help(format!("write {quoted} to compare text")).fix(
                    Applicability::Unsafe,
                    format!("write {quoted}"),
                    span,
                    quoted,
                )
            }
            ExprKind::Literal(Literal::String | Literal::DoubleString) => {
                self.with_text_repair(diagnostic, span, expected)
            }
            ExprKind::Column(_) | ExprKind::Qualified { .. } => {
                self.with_cast(diagnostic, inner, expected, applied)
            }
            _ if expected == TypeSet::GEOSPATIAL || expected == TypeSet::one(Type::Point) => {
                diagnostic.help(
                    "a geometry column or text such as 'POINT (longitude latitude)' goes here",
                )
            }
            _ => diagnostic,
        }
    }

    /// Text where something else is wanted: a column's name, a month, a relative day.
    fn with_text_repair(
        &self,
        diagnostic: Diagnostic,
        span: Span,
        expected: TypeSet,
    ) -> Diagnostic {
        let value = string_value(self.written(span));
        let write = |diagnostic: Diagnostic, better: String| {
            diagnostic.help(format!("write `{better}`")).fix(
                Applicability::Unsafe,
                format!("write `{better}`"),
                span,
                better,
            )
        };
        let folded = crate::names::fold(&value);
        let column = self.typed.datasets.iter().find_map(|(_, dataset)| dataset.column(&folded));
        if let Some((_, column)) = column {
            let name = crate::print::column(&column.name);
            let note = format!("quotes make text: {} is not the column", self.written(span));
            return write(diagnostic.note(note), name);
        }
        if !expected.intersect(DATES).is_empty() {
            let relative = match &*value.trim().to_ascii_lowercase() {
                "today" | "today()" => "today()",
                "now" | "now()" => "now()",
                "yesterday" => "today() - 1",
                "tomorrow" => "today() + 1",
                _ => {
                    return diagnostic
                        .help("dates are written '2024-05-31', times '2024-05-31T23:59:59'");
                }
            };
            return write(diagnostic, relative.to_owned());
        }
        if expected.has(Type::Number) && expected.len() <= 2 {
            let number = value.trim().trim_start_matches('$').replace([',', ' '], "");
            if text_reads_as(&number, Type::Number) {
                return write(diagnostic, number);
            }
            let part = month(&value).map(|month| month.to_string());
            if let Some(part) = part.or_else(|| weekday(&value).map(|day| day.to_string())) {
                return write(diagnostic, part);
            }
        }
        if expected == TypeSet::GEOSPATIAL || expected == TypeSet::one(Type::Point) {
            return diagnostic
                .help("a geometry column or text such as 'POINT (longitude latitude)' goes here");
        }
        diagnostic
    }

    /// A column of another type, where a conversion does what was meant.
    fn with_cast(
        &self,
        diagnostic: Diagnostic,
        column: ExprId,
        expected: TypeSet,
        applied: Applied,
    ) -> Diagnostic {
        let (span, Some(ty)) = (self.arena.span(column), self.types(column).single()) else {
            return diagnostic;
        };
        let target = if ty == Type::Text && expected.has(Type::Number) && expected.len() <= 2 {
            "number"
        } else if ty == Type::Text && expected == TypeSet::one(Type::FloatingTimestamp) {
            "floating_timestamp"
        } else if matches!(ty, Type::Number | Type::Boolean)
            && expected == TypeSet::one(Type::Text)
            && !matches!(applied, Applied::Compare(_) | Applied::Branches)
        {
            "text"
        } else {
            return diagnostic;
        };
        let cast = format!("{}::{target}", self.written(span));
        let from = if target == "text" { "value" } else { "text" };
        diagnostic.help(format!("convert the {from}: `{cast}`")).fix(
            Applicability::Unsafe,
            format!("write `{cast}`"),
            span,
            cast,
        )
    }

    /// `x > 100000`, where `x` is text: a conversion is what was meant, more than quotes.
    pub(super) fn with_order_repair(
        &self,
        diagnostic: Diagnostic,
        at: ExprId,
        args: &[ExprId],
        applied: Applied,
    ) -> Diagnostic {
        let ordered = matches!(applied, Applied::Compare("<" | "<=" | ">" | ">=" | "between"));
        let number = matches!(
            self.arena.expr(self.arena.strip(at)).kind,
            ExprKind::Literal(Literal::Integer | Literal::Number)
        );
        let text = args.iter().find(|arg| {
            matches!(
                self.arena.expr(self.arena.strip(**arg)).kind,
                ExprKind::Column(_) | ExprKind::Qualified { .. }
            ) && self.types(**arg) == TypeSet::one(Type::Text)
        });
        let Some(text) = text.filter(|_| ordered && number) else { return diagnostic };
        let span = self.arena.span(*text);
        let cast = format!("{}::number", self.written(span));
        diagnostic
            .note("text is compared letter by letter: '9' is greater than '10'")
            .help(format!("convert the text: `{cast}`"))
            .fix(Applicability::Unsafe, format!("write `{cast}`"), span, cast)
    }

    /// `opened like '2024-05%'`: the beginning of a date is a year, a month or a day.
    pub(super) fn date_pattern(&self, args: &[ExprId], applied: Applied) -> Option<Diagnostic> {
        let (Applied::Operator("like"), [column, pattern]) = (applied, args) else { return None };
        if self.types(*column) != TypeSet::one(Type::FloatingTimestamp) {
            return None;
        }
        let span = self.arena.span(*pattern);
        let value = string_value(self.written(span));
        let start = value.trim_end_matches(['%', 'T', '-']);
        let (function, length) = match start.len() {
            4 => ("date_trunc_y", "-01-01"),
            7 => ("date_trunc_ym", "-01"),
            10 => ("date_trunc_ymd", ""),
            _ => return None,
        };
        if !text_reads_as(start, Type::FloatingTimestamp) || start.starts_with(['-', '+']) {
            return None;
        }
        let whole = self.arena.span(*column).cover(span);
        let column = self.written(self.arena.span(*column));
        // The operator stands between the two and says whether the test is negated.
        let between = whole.text(self.text).get(column.len()..)?;
        let negated =
            between.trim_start().get(..3).is_some_and(|word| word.eq_ignore_ascii_case("not"));
        let op = if negated { "!=" } else { "=" };
        let better = format!("{function}({column}) {op} '{start}{length}'");
        let message = format!("`like` is for text, `{column}` is floating_timestamp");
        Some(
            Diagnostic::new(Code::TypeMismatch, self.arena.span(*args.first()?), message)
                .help(format!("write `{better}`"))
                .fix(Applicability::Unsafe, format!("write `{better}`"), whole, better),
        )
    }
}

/// Text that is no date, beside one.
fn date_literal(span: Span, written: &str, value: &str, expected: TypeSet) -> Option<Diagnostic> {
    if value.contains('{') {
        let message = format!("{written} is a placeholder of a host language, not a date");
        return Some(Diagnostic::new(Code::TemplatePlaceholder, span, message).help(
            "declare a parameter, `query name($x floating_timestamp) as ...`, and write `$x`",
        ));
    }
    if let Some(found) = zone(span, written, value, expected) {
        return Some(found);
    }
    if !is_attempt(value) {
        return None;
    }
    let message = format!("{written} is not a date to the portal");
    let mut diagnostic = Diagnostic::new(Code::BadDateLiteral, span, message);
    let Some(meant) = meant(value) else {
        return Some(
            diagnostic.help("dates are written '2024-05-31', times '2024-05-31T23:59:59'"),
        );
    };
    if let Some(fault) = meant.fault {
        diagnostic.message = format!("{written} is no day: {fault}");
    }
    let how = if meant.certain { Applicability::Safe } else { Applicability::Unsafe };
    // A day has no time: it is left off.
    let day_only = expected == TypeSet::one(Type::Datestamp);
    let as_expected = |text: String| match text.split_once('T') {
        Some((day, _)) if day_only => quote_string(day),
        _ => quote_string(&text),
    };
    let better = as_expected(meant.text);
    diagnostic = diagnostic.help(format!("write {better}")).fix(
        how,
        format!("write {better}"),
        span,
        better,
    );
    if let Some(other) = meant.other.map(as_expected) {
        diagnostic = diagnostic
            .note(format!("with day and month the other way round it is {other}"))
            .fix(Applicability::Unsafe, format!("write {other}"), span, other);
    }
    Some(diagnostic)
}

/// A time with a zone beside a local time.
fn zone(span: Span, written: &str, value: &str, expected: TypeSet) -> Option<Diagnostic> {
    if expected != TypeSet::one(Type::FloatingTimestamp) {
        return None;
    }
    let upper = value.trim().replacen(' ', "T", 1).replace(" UTC", "Z").replace(" GMT", "Z");
    timestamp(&upper, true)?.offset?;
    let time = upper.find('T')?;
    let end = upper.get(time..)?.find(['Z', 'z', '+', '-'])?;
    let better = quote_string(upper.get(..time + end)?);
    let zone = upper.get(time + end..)?;
    let message = format!("{written} has the zone `{zone}`, a floating timestamp has none");
    Some(
        Diagnostic::new(Code::ZoneOnFloating, span, message)
            .note("a floating timestamp is the local time of the place")
            .help(format!("write {better}, in local time"))
            .fix(Applicability::Unsafe, format!("write {better}"), span, better),
    )
}

/// A number beside a date: a day without dashes, a year, seconds since 1970.
fn number_for_date(span: Span, written: &str) -> Option<Diagnostic> {
    let (message, better) = match written.len() {
        8 => (format!("`{written}` is a number, not a date"), meant(written)?.text),
        10 | 13 => {
            let message = format!("`{written}` is a number, not seconds since 1970");
            (message, epoch(written)?)
        }
        _ => return None,
    };
    let better = quote_string(&better);
    Some(Diagnostic::new(Code::BadDateLiteral, span, message).help(format!("write {better}")).fix(
        Applicability::Unsafe,
        format!("write {better}"),
        span,
        better,
    ))
}
