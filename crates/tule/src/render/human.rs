//! Findings for people, with the lines they are about.
//!
//! The only place that builds ariadne reports. It counts in bytes, as the rest of the program
//! does, and hands over text that [`super::excerpt`] has made safe. The headline is written here,
//! since ariadne's cannot do without colour and says `Error` in its own order.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use ariadne::{Color, Config, IndexType, Label, LabelAttach, Report, ReportKind, Source};
use clap::builder::styling::Style;
use tule_core::diagnostics::{Code, Severity};
use tule_syntax::span::Span;

use super::excerpt::{Excerpt, is_long};
use super::finding::Finding;
use crate::escape::inert;
use crate::output::{ERROR, INFO, Paint, STRONG, WARNING};
use crate::source::SourceFile;

/// All findings of one file, a blank line behind each.
pub(crate) fn findings(file: &SourceFile, findings: &[Finding<'_>], paint: Paint) -> String {
    let mut out = String::new();
    if findings.is_empty() {
        return out;
    }
    let name = inert(&file.name);
    let text = without_secrets(&file.text, findings);
    let whole = Excerpt::whole(&text);
    let source = Source::from(whole.text.as_str());
    for finding in findings {
        headline(&mut out, finding, paint);
        let spans = spans(finding);
        if spans.is_empty() {
            bare(&mut out, finding, paint);
        } else if is_long(&text, file.index(), &spans) {
            let around = Excerpt::around(&text, file.index(), &spans);
            let source = Source::from(around.text.as_str());
            let body = body(finding, &around, &source, &name, paint);
            out.push_str(&relocated(&body, file, finding, &name));
        } else {
            out.push_str(&body(finding, &whole, &source, &name, paint));
        }
        out.push('\n');
    }
    out
}

/// The text of a file with stars in place of the secrets found in it: what is shown ends in logs.
fn without_secrets<'t>(text: &'t str, findings: &[Finding<'_>]) -> Cow<'t, str> {
    let mut shown = Cow::Borrowed(text);
    let secrets =
        findings.iter().filter(|finding| finding.code == Some(Code::SecretInQuery.name()));
    for (span, _) in secrets.flat_map(|finding| &finding.labels) {
        let range = span.start as usize..span.end as usize;
        if text.is_char_boundary(range.start) && text.is_char_boundary(range.end) {
            shown.to_mut().replace_range(range.clone(), &"*".repeat(range.len()));
        }
    }
    shown
}

/// The style of a severity.
pub(crate) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Info => INFO,
    }
}

fn spans(finding: &Finding<'_>) -> Vec<Span> {
    let others = finding.labels.iter().map(|(span, _)| *span);
    finding.span.into_iter().chain(others).collect()
}

/// `error[unknown-column]: no column ...`
fn headline(out: &mut String, finding: &Finding<'_>, paint: Paint) {
    let severity = finding.severity.name();
    let head = match finding.code {
        Some(code) => format!("{severity}[{code}]"),
        None => severity.to_owned(),
    };
    out.push_str(&paint.on(style(finding.severity), &head));
    out.push_str(&paint.on(STRONG, &format!(": {}", inert(finding.message))));
    out.push('\n');
}

/// Notes and help of a finding without a place.
fn bare(out: &mut String, finding: &Finding<'_>, paint: Paint) {
    let notes = finding.notes.iter().map(|note| ("Note", *note));
    for (kind, text) in notes.chain(finding.help.map(|help| ("Help", help))) {
        let _ = writeln!(out, "  {}: {}", paint.on(INFO, kind), inert(text));
    }
}

/// Everything below the headline.
fn body(
    finding: &Finding<'_>,
    excerpt: &Excerpt,
    source: &Source<&str>,
    name: &str,
    paint: Paint,
) -> String {
    let config = Config::new()
        .with_index_type(IndexType::Byte)
        .with_label_attach(LabelAttach::Start)
        .with_color(paint.0);
    let color = match finding.severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
        Severity::Info => Color::Cyan,
    };
    let main = excerpt.place(finding.span.unwrap_or_default());
    let mut labels = vec![(main.clone(), UNTOLD.into(), color)];
    labels.extend(
        finding.labels.iter().map(|(span, text)| (excerpt.place(*span), inert(text), Color::Blue)),
    );
    // Labels out of order would be taken for places of another file. On one line the main place
    // comes first, so that its arrow crosses no other.
    let line = |place: &Range<usize>| {
        let last = if place.is_empty() { place.start } else { place.end - 1 };
        source.get_byte_line(last).map(|(_, line, _)| line)
    };
    labels.sort_by_key(|(place, text, _)| (line(place), *text != UNTOLD, place.start));
    let drawn = (0..).zip(&labels).map(|(order, (place, text, color))| {
        Label::new((name, place.clone())).with_message(text).with_color(*color).with_order(order)
    });
    let mut report = Report::build(ReportKind::Error, (name, main.clone()))
        .with_config(config)
        .with_labels(drawn.collect::<Vec<_>>());
    for note in &finding.notes {
        report.add_note(inert(note));
    }
    if let Some(help) = finding.help {
        report.add_help(inert(help));
    }
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    let _ = report.finish().write((name, source), &mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let below = text.split_once('\n').map_or("", |(_, below)| below);
    let others = labels.iter().filter(|label| label.1 != UNTOLD).map(|(place, ..)| place);
    let others: Vec<_> = others.filter(|place| line(place) == line(&main)).collect();
    without_arrow(below, &main, &others)
}

/// Stands for the text of the main place, which has none: the headline says what is wrong. No
/// text that is shown holds it. Without a text ariadne draws no line under a place.
const UNTOLD: &str = "\u{1}";

/// Takes away the arrow that leads from the main place to no text. `others` are the places with
/// a text on the same line.
fn without_arrow(body: &str, main: &Range<usize>, others: &[&Range<usize>]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in body.lines() {
        let Some((before, _)) = line.split_once(UNTOLD) else {
            lines.push(line.trim_end().to_owned());
            continue;
        };
        // Of a place on several lines the arrow is one side of the bracket.
        let Some(underline) = lines.last_mut().filter(|line| line.contains('┬')) else {
            lines.push(before.trim_end().to_owned());
            continue;
        };
        let column = |place: &Range<usize>| place.start;
        if others.iter().all(|other| column(other) != column(main)) {
            let mut before: Vec<usize> =
                others.iter().map(|other| column(other)).filter(|at| *at < column(main)).collect();
            before.sort_unstable();
            before.dedup();
            let joint = underline.match_indices('┬').nth(before.len()).map(|(at, _)| at);
            if let Some(at) = joint {
                underline.replace_range(at..at + '┬'.len_utf8(), "─");
            }
        }
    }
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

/// Puts the true place of a finding in place of that in a line that was cut.
fn relocated(body: &str, file: &SourceFile, finding: &Finding<'_>, name: &str) -> String {
    let place = file.position(finding.span.unwrap_or_default().start);
    let head = format!("{name}:{}:", place.line);
    let Some((before, rest)) = body.split_once(&head) else { return body.to_owned() };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}{head}{}{rest}", place.column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, finding: Finding<'_>) -> String {
        findings(&SourceFile::text("a.tule", text), &[finding], Paint(false))
    }

    #[test]
    fn a_finding_shows_its_place_its_labels_and_advice() {
        let text = "select été,\n  beet\nfrom calls";
        let mut finding = Finding::error(Span::new(16, 20), "no column `beet`", "write `beat`");
        finding.code = Some("unknown-column");
        finding.labels.push((Span::new(26, 31), "has no such column"));
        finding.notes.push("schema of today");
        assert_eq!(
            shown(text, finding),
            "\
error[unknown-column]: no column `beet`
   ╭─[ a.tule:2:3 ]
   │
 2 │   beet
   │   ────
 3 │ from calls
   │      ┬────
   │      ╰────── has no such column
   │
   │ Help: write `beat`
   │
   │ Note: schema of today
───╯

"
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let text = "-- é app_token=abcd1234\nselect 1";
        let mut finding = Finding::error(Span::new(6, 15), "message", "");
        finding.code = Some("secret-in-query");
        finding.labels.push((Span::new(16, 24), "this value"));
        let other = Finding::error(Span::new(3, 5), "message", "");
        let file = SourceFile::text("a.tule", text);
        let out = findings(&file, &[finding, other], Paint(false));
        assert!(!out.contains("abcd") && out.matches("app_token=********").count() == 2, "{out}");
    }

    #[test]
    fn several_places_on_a_line_keep_their_arrows() {
        let text = "select a, b, a from calls";
        let mut finding = Finding::error(Span::new(13, 14), "message", "");
        finding.labels.push((Span::new(20, 25), "of these"));
        finding.labels.push((Span::new(7, 8), "first"));
        let lines = |text: &str, finding: &Finding<'_>| {
            let out = shown(text, finding.clone());
            assert!(!out.contains(UNTOLD), "{out:?}");
            out.lines().skip(3).flat_map(|line| [line, "\n"]).collect::<String>()
        };
        assert_eq!(
            lines(text, &finding),
            " 1 │ select a, b, a from calls
   │        ┬     ─      ┬────
   │        │            │
   │        ╰─────────────────── first
   │                     │
   │                     ╰────── of these
───╯

"
        );
        finding.labels = vec![(Span::new(13, 19), "the same place")];
        assert_eq!(
            lines(text, &finding),
            " 1 │ select a, b, a from calls
   │              ┬─────
   │              │
   │              ╰─────── the same place
───╯

"
        );
        finding.span = Some(Span::new(0, 12));
        finding.labels.clear();
        assert_eq!(
            lines("select a,\n b\nfrom calls", &finding),
            " 1 │ ╭─▶ select a,
 2 │ ├─▶  b
   │ │
   │ ╰────────
───╯

"
        );
    }

    #[test]
    fn hostile_text_is_inert_wherever_it_stands() {
        let text = "select '\x1b[2J\u{202e}' x";
        let message = "bad \x1b[31m";
        let mut finding = Finding::error(Span::new(7, 20), message, "\u{9b}31m");
        finding.labels.push((Span::new(7, 8), "\x07"));
        finding.notes.push("\r\n");
        let file = SourceFile::text("\x1b]0;title\x07", text);
        for colour in [false, true] {
            let out = findings(&file, std::slice::from_ref(&finding), Paint(colour));
            let plain = strip(&out);
            assert!(!plain.contains(|c: char| c.is_control() && c != '\n'), "{out:?}");
            assert!(!plain.contains('\u{202e}') && plain.contains("␛]0;title␇"), "{out:?}");
        }
    }

    /// Without the colours of the program itself.
    fn strip(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("\x1b[") {
            out.push_str(before);
            let end = after.find('m').unwrap();
            assert!(after[..end].chars().all(|c| c.is_ascii_digit() || c == ';'), "{after:?}");
            rest = &after[end + 1..];
        }
        out + rest
    }

    #[test]
    fn a_line_of_megabytes_is_cut_and_keeps_its_column() {
        let text = format!("select {}beet", "x, ".repeat(100_000));
        let at = u32::try_from(text.len()).unwrap() - 4;
        let out = shown(&text, Finding::error(Span::new(at, at + 4), "no column", ""));
        assert!(out.contains("a.tule:1:300008 ]"), "{out}");
        assert!(out.contains("beet") && out.len() < 2_000, "{out}");
    }

    #[test]
    fn empty_sources_and_places_past_the_end_are_shown() {
        for (text, span) in [("", Span::default()), ("", Span::new(5, 9)), ("a", Span::new(1, 1))] {
            let out = shown(text, Finding::error(span, "message", "advice"));
            assert!(out.contains("Help: advice"), "{out}");
        }
    }
}
