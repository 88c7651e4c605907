//! The wording of type errors.

mod dialects;
mod names;
mod places;

use tule_syntax::ast::{ExprId, ExprKind, Ident, Literal};
use tule_syntax::literal::{name_text, quote_string, string_value};
use tule_syntax::span::Span;

use super::Checker;
use super::overload::Misfit;
use super::typed::{Target, flag};
use crate::diagnostics::{Applicability, Code, Diagnostic};
use crate::names::fold;
use crate::types::{Type, TypeSet};

/// What applies a function, for messages.
#[derive(Clone, Copy, Debug)]
pub(in crate::check) enum Applied {
    /// An operator.
    Operator(&'static str),
    /// A comparison: its operands share one type.
    Compare(&'static str),
    /// A call by this name.
    Call(Ident),
    /// `x[key]`
    Subscript,
    /// The values of a CASE.
    Branches,
}

/// `text`, `text or number`, or a class where the list would be long.
pub(in crate::check) fn type_list(types: TypeSet) -> String {
    let named = [
        (TypeSet::GEOSPATIAL, "a geometry"),
        (TypeSet::ORDERED, "a value with an order"),
        (TypeSet::EQUATABLE, "a value that can be compared"),
    ];
    if let Some((_, name)) = named.iter().find(|(class, _)| *class == types) {
        return (*name).to_owned();
    }
    if types.len() > 4 {
        return "another type".to_owned();
    }
    let names: Vec<&str> = types.iter().map(Type::name).collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

impl Checker<'_> {
    pub(in crate::check) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// An expression as written, shortened for a message.
    pub(in crate::check) fn excerpt(&self, id: ExprId) -> String {
        let written = self.written(self.arena.span(id));
        let mut line: String = written.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() > 40 {
            line = line.chars().take(37).collect::<String>() + "...";
        }
        line
    }

    /// `text`, or what kind of literal it is.
    fn type_of(&self, id: ExprId) -> String {
        let literal = self.typed.get(id).flags & flag::LITERAL != 0;
        if !literal {
            return type_list(self.types(id));
        }
        match self.arena.expr(self.arena.strip(id)).kind {
            ExprKind::Literal(Literal::Null) => "null",
            ExprKind::Literal(Literal::Integer | Literal::Number) => "a number",
            _ => "text",
        }
        .to_owned()
    }

    /// Where the type of a column comes from.
    fn evidence(&self, id: ExprId) -> Option<String> {
        let id = self.arena.strip(id);
        let Target::Column { column: key, outer: 0, .. } = self.typed.target(id) else {
            return None;
        };
        let written = name_text(match self.arena.expr(id).kind {
            ExprKind::Column(name) => self.written(name),
            ExprKind::Qualified { column, .. } => self.written(column),
            _ => return None,
        });
        // The key is the column's position in its dataset; the name tells datasets apart.
        let folded = fold(written);
        let (dataset, column) = self.typed.datasets.iter().find_map(|(_, dataset)| {
            let (position, column) = dataset.column(&folded)?;
            (u32::try_from(position) == Ok(key)).then_some((dataset, column))
        })?;
        let ty = column.ty?;
        let spelling = if column.portal_type.is_empty() || column.portal_type == ty.name() {
            String::new()
        } else {
            format!(" (`{}` on the portal)", column.portal_type)
        };
        Some(format!(
            "`{}` of {}/{} is {ty}{spelling} in the locked schema",
            column.name, dataset.host, dataset.id
        ))
    }

    /// No overload fits: say which argument is at fault and why.
    pub(in crate::check) fn report_misfit(
        &mut self,
        misfit: Misfit,
        args: &[ExprId],
        applied: Applied,
    ) {
        let Some(&at) = args.get(misfit.argument) else { return };
        if self.typed.get(at).flags & flag::UNKNOWN != 0 && self.types(at) == TypeSet::ALL {
            return;
        }
        if let Applied::Call(name) = applied
            && let Some(diagnostic) = self.misplaced(misfit, at, name)
        {
            return self.report(diagnostic);
        }
        let span = self.arena.span(at);
        let (this, ty) = (self.excerpt(at), self.type_of(at));
        let wanted = type_list(misfit.expected);
        let message = match applied {
            Applied::Compare(_) | Applied::Branches if misfit.argument > 0 => {
                let first = self.partner(args, misfit);
                format!("`{this}` is {ty}, but {first}")
            }
            Applied::Compare(op) => format!("`{op}` needs {wanted}, `{this}` is {ty}"),
            Applied::Branches => format!("the values of `case` are of one type, `{this}` is {ty}"),
            Applied::Operator(op) => format!("`{op}` takes {wanted} here, `{this}` is {ty}"),
            Applied::Call(name) => {
                format!("`{}` takes {wanted} here, `{this}` is {ty}", self.written(name))
            }
            Applied::Subscript => format!("`[...]` needs json, `{this}` is {ty}"),
        };
        let mut diagnostic = Diagnostic::new(Code::TypeMismatch, span, message);
        for arg in args {
            if let Some(evidence) = self.evidence(*arg) {
                diagnostic = diagnostic.note(evidence);
                break;
            }
        }
        let diagnostic = self.with_repair(diagnostic, at, misfit.expected);
        self.report(diagnostic);
    }

    fn partner(&self, args: &[ExprId], misfit: Misfit) -> String {
        let other = args
            .iter()
            .take(misfit.argument)
            .find(|arg| self.typed.get(**arg).flags & flag::LITERAL == 0)
            .or(args.first());
        match other {
            Some(other) => format!("`{}` is {}", self.excerpt(*other), self.type_of(*other)),
            None => format!("{} is wanted", type_list(misfit.expected)),
        }
    }

    /// What to do about a value of the wrong type.
    fn with_repair(&self, diagnostic: Diagnostic, at: ExprId, expected: TypeSet) -> Diagnostic {
        let inner = self.arena.strip(at);
        let span = self.arena.span(inner);
        let written = self.written(span);
        let date = TypeSet::of(&[Type::FloatingTimestamp, Type::FixedTimestamp, Type::Datestamp]);
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
            ExprKind::Literal(Literal::String | Literal::DoubleString)
                if !expected.intersect(date).is_empty() && expected.len() <= 3 =>
            {
                Self::date_repair(diagnostic, span, written, expected)
            }
            ExprKind::Literal(Literal::String | Literal::DoubleString)
                if expected == TypeSet::one(Type::Boolean) =>
            {
                let value = string_value(written).to_ascii_lowercase();
                let truth = matches!(&*value, "y" | "yes" | "t" | "on");
                let lie = matches!(&*value, "n" | "no" | "f" | "off");
                if truth || lie {
                    let word = if truth { "true" } else { "false" };
                    return diagnostic.help(format!("a boolean is compared with `{word}`")).fix(
                        Applicability::Safe,
                        format!("write `{word}`"),
                        span,
                        word,
                    );
                }
                diagnostic.help("a boolean is compared with `true` or `false`")
            }
            ExprKind::Binary { .. } | ExprKind::Literal(_)
                if !expected.intersect(date).is_empty() && looks_like_date(written) =>
            {
                let quoted = format!("'{written}'");
                diagnostic.help("a date stands in quotes").fix(
                    Applicability::Safe,
                    format!("write {quoted}"),
                    span,
                    quoted,
                )
            }
            ExprKind::Column(_) | ExprKind::Qualified { .. }
                if self.types(inner) == TypeSet::one(Type::Text)
                    && expected.has(Type::Number)
                    && expected.len() <= 2 =>
            {
                let cast = format!("{written}::number");
                diagnostic.help(format!("convert the text: `{cast}`")).fix(
                    Applicability::Unsafe,
                    format!("write `{cast}`"),
                    span,
                    cast,
                )
            }
            _ if expected == TypeSet::GEOSPATIAL || expected == TypeSet::one(Type::Point) => {
                diagnostic.help(
                    "a geometry column or text such as 'POINT (longitude latitude)' goes here",
                )
            }
            _ => diagnostic,
        }
    }

    fn date_repair(
        diagnostic: Diagnostic,
        span: Span,
        written: &str,
        expected: TypeSet,
    ) -> Diagnostic {
        let value = string_value(written);
        let zoned = value.strip_suffix('Z').or(value.strip_suffix('z'));
        if let Some(local) = zoned.filter(|_| expected == TypeSet::one(Type::FloatingTimestamp)) {
            let better = quote_string(local);
            return diagnostic.note("a floating timestamp is a local time without a zone").fix(
                Applicability::Unsafe,
                format!("write {better}"),
                span,
                better,
            );
        }
        if value.contains('{') {
            return diagnostic.note("braces look like a placeholder of a host language").help(
                "declare a parameter, `query name($x floating_timestamp) as ...`, and write `$x`",
            );
        }
        match iso_date(&value) {
            Some(date) => {
                let better = quote_string(&date);
                diagnostic.help(format!("write {better}")).fix(
                    Applicability::Unsafe,
                    format!("write {better}"),
                    span,
                    better,
                )
            }
            None => diagnostic.help("dates are written '2024-05-31', times '2024-05-31T23:59:59'"),
        }
    }

    pub(in crate::check) fn report_not_boolean(&mut self, at: ExprId, place: &str) {
        if self.typed.get(at).flags & flag::UNKNOWN != 0 && self.types(at) == TypeSet::ALL {
            return;
        }
        let message =
            format!("{place} needs a condition, `{}` is {}", self.excerpt(at), self.type_of(at));
        let diagnostic = Diagnostic::new(Code::TypeMismatch, self.arena.span(at), message);
        self.report(diagnostic);
    }
}

fn looks_like_date(written: &str) -> bool {
    let bytes = written.as_bytes();
    bytes.len() >= 8
        && bytes.iter().take(4).all(u8::is_ascii_digit)
        && bytes.get(4) == Some(&b'-')
        && iso_date(written).is_some()
}

/// `2015/01/31`, `8/18/11`, `2015-01-31 12:00` as the language writes it; month first where the
/// order is open.
fn iso_date(value: &str) -> Option<String> {
    let (day, time) = match value.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (value, None),
    };
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [a, b, c] = parts[..] else { return None };
    let number = |part: &str| part.parse::<u32>().ok();
    let (year, month, day) = if a.len() == 4 {
        (number(a)?, number(b)?, number(c)?)
    } else {
        let year = number(c)?;
        let year = if c.len() == 2 { 2000 + year } else { year };
        (year, number(a)?, number(b)?)
    };
    let mut date = format!("{year:04}-{month:02}-{day:02}");
    if let Some(time) = time.filter(|time| !time.is_empty()) {
        date = format!("{date}T{}", time.trim_end_matches(['Z', 'z']));
    }
    crate::check::text_reads_as(&date, Type::FloatingTimestamp).then_some(date)
}
