//! Text that holds numbers and is compared or sorted by order.

use tule_syntax::ast::{CallStyle, Distinct, ExprId, ExprKind};

use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Explanation, Fix};
use crate::lint::compare::{Bound, Compare};
use crate::lint::pass::{Clause, Pass};
use crate::lint::{Lint, Look};
use crate::schema::Column;
use crate::types::Type;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::TextComparedAsNumber,
        why: "The column is text, and text is compared letter by letter: `'9'` is greater than \
              `'100000'`, and `'10'` sorts before `'2'`. The rows that come back are wrong and \
              look right. Years, postal codes and other codes of one length are spared, and so \
              are columns whose known values sort the same either way.\n\n\
              Convert the column with `::number`. Values such as `10,075` are not numbers to the \
              portal: look at some first.",
        failing: "select request_id from requests where fee >= '1000' limit 10",
        repaired: "select request_id from requests where fee::number >= 1000 limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    match kind {
        ExprKind::Binary { .. } | ExprKind::Between { .. } => compared(pass, id, kind, found),
        ExprKind::Call { style: CallStyle::Plain, args, .. } => {
            let [arg] = *pass.arena.list(args) else { return };
            if pass.overload(id).is_some_and(|found| matches!(found.name, "min" | "max")) {
                sorted(pass, arg, "compares", found);
            }
        }
        ExprKind::Column(_) | ExprKind::Qualified { .. }
            if pass.clause(id) == Clause::OrderBy && pass.parent(id).is_none() =>
        {
            sorted(pass, id, "sorts", found);
        }
        _ => {}
    }
}

fn compared(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let negated = matches!(pass.between(kind), Some((_, true)));
    let bounds: Vec<Bound> = if negated {
        let Some(([value, low, high], _)) = pass.between(kind) else { return };
        let bound = |constant| Bound { node: id, value, op: Compare::Less, constant };
        vec![bound(low), bound(high)]
    } else {
        let bounds = pass.bounds(id, kind);
        bounds.into_iter().flatten().filter(|bound| bound.op.is_ordered()).collect()
    };
    let Some(first) = bounds.first() else { return };
    if pass.ty(first.value) != Some(Type::Text) {
        return;
    }
    let Some((_, column)) = pass.column(first.value) else { return };
    let mut constants = Vec::new();
    for bound in &bounds {
        match pass.string(bound.constant) {
            Some(text) if is_number(&text) => constants.push(text.into_owned()),
            _ => return,
        }
    }
    let Some((low, high)) = contradiction(column, &constants) else { return };
    let (written, value) = (pass.source(first.value), pass.arena.span(first.value));
    let message = format!("`{written}` is text and compared letter by letter, not as a number");
    let mut diagnostic = Diagnostic::new(Code::TextComparedAsNumber, pass.arena.span(id), message)
        .note(format!("as text, '{high}' comes before '{low}'"));
    diagnostic.notes.extend(pass.type_evidence(first.value));
    let cast = format!("{written}::number");
    let mut edits = vec![Edit { span: value, text: cast.clone() }];
    for (bound, number) in bounds.iter().zip(&constants) {
        let span = pass.arena.span(bound.constant);
        edits.push(Edit { span, text: number.replace(',', "") });
    }
    edits.sort_by_key(|edit| edit.span);
    let title = format!("convert the text: `{cast}`");
    diagnostic.fixes.push(Fix {
        title: title.clone(),
        applicability: Applicability::Unsafe,
        edits,
    });
    found.push(diagnostic.help(title));
}

/// `order by x`, `min(x)` and `max(x)` of a text column whose known values are numbers that sort
/// otherwise as text.
fn sorted(pass: &Pass<'_>, id: ExprId, verb: &str, found: &mut Vec<Diagnostic>) {
    if pass.ty(id) != Some(Type::Text) {
        return;
    }
    let Some((_, column)) = pass.column(id).filter(|(_, column)| !column.values.is_empty()) else {
        return;
    };
    let Some((low, high)) = contradiction(column, &[]) else { return };
    let (written, span) = (pass.source(id), pass.arena.span(id));
    let cast = format!("{written}::number");
    let message = format!("`{written}` is text: this {verb} letter by letter, not by number");
    let mut diagnostic = Diagnostic::new(Code::TextComparedAsNumber, span, message)
        .note(format!("'{low}' and '{high}' are values of it; as text, '{high}' comes first"));
    diagnostic.notes.extend(pass.type_evidence(id));
    let title = format!("convert the text: `{cast}`");
    diagnostic = diagnostic.help(title.clone());
    // What DISTINCT is ordered by has to be selected as it is.
    let plain = pass.select_of(id).is_some_and(|view| matches!(view.select.distinct, Distinct::No));
    if plain {
        diagnostic = diagnostic.fix(Applicability::Unsafe, title, span, cast);
    }
    found.push(diagnostic);
}

/// Two numbers, the smaller first, that sort the other way as text: of the known values if there
/// are any, else of the constants and made up.
fn contradiction(column: &Column, constants: &[String]) -> Option<(String, String)> {
    let reversed = |(a, b): (&str, &str)| {
        let (low, high) = (value(a)?, value(b)?);
        (low < high && a > b).then(|| (a.to_owned(), b.to_owned()))
    };
    if !column.values.is_empty() {
        let known: Vec<&str> =
            column.values.iter().map(String::as_str).filter(|text| is_number(text)).collect();
        if 2 * known.len() < column.values.len() {
            return None;
        }
        let all = || known.iter().copied().chain(constants.iter().map(String::as_str));
        let mut pairs = all().flat_map(|a| all().map(move |b| (a, b)));
        return pairs.find_map(reversed);
    }
    if is_code(column) || constants.iter().any(|text| is_fixed_width(text)) {
        return None;
    }
    let mut pairs = constants.iter().flat_map(|a| constants.iter().map(move |b| (&**a, &**b)));
    if let Some(found) = pairs.find_map(reversed) {
        return Some(found);
    }
    // No two of them contradict each other: name a number that contradicts one.
    let number = constants.first()?.trim_start_matches(['-', '+', '$']).replace(',', "");
    let whole = number.split('.').next().unwrap_or_default();
    let pair = match whole.as_bytes() {
        [_] if is_scale(column) => return None,
        [b'0' | b'1'] => ("2".to_owned(), "10".to_owned()),
        [_] => (whole.to_owned(), "10".to_owned()),
        [b'9', rest @ ..] => (whole.to_owned(), format!("1{}", "0".repeat(rest.len() + 1))),
        _ => ("9".to_owned(), whole.to_owned()),
    };
    Some(pair)
}

/// A number as people write it: a sign, a dollar, commas between thousands.
fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '$'))
        && value(text).is_some()
}

fn value(text: &str) -> Option<f64> {
    let plain = text.trim_start_matches('$').replace(',', "");
    let shaped = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    plain.parse().ok().filter(|_| shaped)
}

/// A constant of a kind that has one length: with leading zeros, or a day without dashes.
fn is_fixed_width(text: &str) -> bool {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = digits && text.len() > 1 && text.starts_with('0');
    let day = digits
        && matches!(
            text.as_bytes(),
            [b'1' | b'2', b'0' | b'9', _, _, b'0' | b'1', _, b'0'..=b'3', _]
        );
    leading_zero || day
}

/// Whether the name says that values are codes of one length: years, postal and census codes.
fn is_code(column: &Column) -> bool {
    const CODES: &[&str] = &[
        "year", "yr", "zip", "zipcode", "postal", "postcode", "fips", "geoid", "tract", "block",
        "bbl", "bin", "code", "iucr", "naics", "sic", "phone", "ssn", "quarter",
    ];
    column.name.ends_with("year") || column.name.ends_with("zip") || has_word(column, CODES)
}

/// Whether the name says that values go from 1 to a number below 10, as a rule.
fn is_scale(column: &Column) -> bool {
    has_word(column, &["priority", "level", "grade", "rank", "severity", "class", "rating"])
}

fn has_word(column: &Column, words: &[&str]) -> bool {
    let plain = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase();
    column.name.split('_').any(|word| words.contains(&&*plain(word)))
}
