//! Text that holds dates or times and is compared by order.

use tule_syntax::ast::{ExprId, ExprKind};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};
use crate::schema::Column;
use crate::types::Type;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::TextDateOrder,
        why: "The column is text, and text is compared letter by letter. `'10:00'` comes before \
              `'8:05'`, and `'01/05/2024'` before `'12/31/1999'`: only dates and times with the \
              largest part first and every part filled up with zeros sort as time does. In a \
              column that was not loaded as a date, they rarely are.\n\n\
              Use another column with a real date, or test for equality. Where every value has \
              the form 2024-05-31, `::floating_timestamp` makes dates of them.",
        failing: "select request_id from requests where filed_time >= '8:05' limit 10",
        repaired: "select request_id from requests where date_extract_hh(created_date) >= 8 limit 10",
    },
    look: Look::Node(look),
};

/// How a text writes a date or time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `2024-05-31`, with everything filled up: sorts as it should if all values are like it.
    Iso,
    /// `12:30` or `08:05:00`, filled up.
    Time,
    /// `8:05`
    ShortTime,
    /// `8:05 PM`
    HalfDay,
    /// `5/31/2024`
    Slashes,
    /// `May` or `Monday`
    Word,
}

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let bounds = match kind {
        ExprKind::Binary { .. } | ExprKind::Between { .. } => pass.bounds(id, kind),
        _ => return,
    };
    for bound in bounds.into_iter().flatten().filter(|bound| bound.op.is_ordered()) {
        if pass.ty(bound.value) != Some(Type::Text) {
            return;
        }
        let Some((_, column)) = pass.column(bound.value) else { return };
        let Some(text) = pass.string(bound.constant) else { continue };
        let Some(form) = form(&text) else { continue };
        if !misleads(form, &text, column) {
            continue;
        }
        let written = pass.source(bound.value);
        let example = match form {
            Form::Iso => "'01/31/2024' comes before '2024-05-31'",
            Form::Time | Form::ShortTime => "'10:00' comes before '8:05'",
            Form::HalfDay => "'01:00 PM' comes before '11:00 AM'",
            Form::Slashes => "'01/31/2024' comes before '12/31/1999'",
            Form::Word => "'April' comes before 'January', 'Friday' before 'Monday'",
        };
        let message = format!("`{written}` is text and compared letter by letter, not by time");
        let mut diagnostic = Diagnostic::new(Code::TextDateOrder, pass.arena.span(id), message)
            .note(format!("as text, {example}"));
        diagnostic.notes.extend(pass.type_evidence(bound.value));
        if form == Form::Iso {
            let cast = format!("{written}::floating_timestamp");
            let title = format!("write `{cast}` if every value has the form 2024-05-31");
            let span = pass.arena.span(bound.value);
            diagnostic =
                diagnostic.help(title.clone()).fix(Applicability::Unsafe, title, span, cast);
        } else {
            diagnostic = diagnostic.help("use a date column, or test for equality");
        }
        found.push(diagnostic);
        return;
    }
}

/// Whether an ordered comparison of the column with such a constant goes wrong.
fn misleads(form: Form, text: &str, column: &Column) -> bool {
    if column.values.iter().any(|value| value == text) {
        let all = column.values.iter().all(|value| value.len() == text.len());
        return !(matches!(form, Form::Iso | Form::Time) && all);
    }
    match form {
        Form::ShortTime | Form::HalfDay | Form::Slashes => true,
        // Words are compared as words in other columns than those of months and weekdays.
        Form::Word => says(&column.name, &["month", "day", "weekday", "dow"]),
        // The column is not a date, and its values are known to be written otherwise or its name
        // says date: what is loaded as text is mostly written in another form.
        Form::Iso => {
            let described = column.description.contains("YYYY-MM-DD");
            !described
                && says(&column.name, &["date", "dt", "day", "on", "at", "datetime", "timestamp"])
        }
        Form::Time => false,
    }
}

fn says(name: &str, words: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("date") || name.split('_').any(|word| words.contains(&word))
}

fn form(text: &str) -> Option<Form> {
    const WORDS: &[&str] = &[
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
    ];
    let bytes = text.as_bytes();
    if !bytes.first()?.is_ascii_digit() {
        let word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
        return word.then_some(Form::Word);
    }
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let (head, tail) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let dashes: Vec<&str> = head.split('-').collect();
    if let [year, month, rest @ ..] = dashes.as_slice()
        && digits(year, 4..=4)
        && digits(month, 2..=2)
        && rest.len() < 2
        && rest.iter().all(|day| digits(day, 2..=2))
    {
        return Some(Form::Iso);
    }
    let slashes: Vec<&str> = head.split('/').collect();
    if let [month, day, year] = slashes.as_slice() {
        let short = digits(month, 1..=2) && digits(day, 1..=2) && digits(year, 2..=4);
        return short.then_some(Form::Slashes);
    }
    let clock: Vec<&str> = head.split(':').collect();
    if !(2..=3).contains(&clock.len()) || !clock.iter().all(|part| digits(part, 1..=2)) {
        return None;
    }
    let half = tail.trim().trim_end_matches('.').to_ascii_lowercase();
    let glued = head.to_ascii_lowercase();
    if matches!(&*half, "am" | "pm" | "a.m" | "p.m")
        || glued.ends_with("am")
        || glued.ends_with("pm")
    {
        return Some(Form::HalfDay);
    }
    Some(if clock.first().is_some_and(|hour| hour.len() == 1) {
        Form::ShortTime
    } else {
        Form::Time
    })
}
