//! Repairs that get in each other's way, and repairs that would do harm.

use tule_syntax::parser::parse_file;
use tule_syntax::span::Span;

use super::*;
use crate::diagnostics::{Edit, Fix, from_syntax};

/// A rule that wants every `from` in the text to be replaced by `to`.
fn replace(code: Code, applicability: Applicability, from: &str, to: &str) -> Rule {
    let (from, to) = (from.to_owned(), to.to_owned());
    Box::new(move |text| {
        text.match_indices(&from)
            .map(|(at, _)| {
                let span = span(at, from.len());
                Diagnostic::new(code, span, "message").fix(
                    applicability,
                    format!("write `{to}`"),
                    span,
                    to.clone(),
                )
            })
            .map(|found| Diagnostic { severity: crate::diagnostics::Severity::Warning, ..found })
            .collect()
    })
}

type Rule = Box<dyn Fn(&str) -> Vec<Diagnostic>>;

fn span(at: usize, length: usize) -> Span {
    Span::new(u32::try_from(at).unwrap(), u32::try_from(at + length).unwrap())
}

fn syntax(text: &str) -> Vec<Diagnostic> {
    let parsed = parse_file(text);
    let found = parsed.iter().flat_map(|statement| {
        let own = statement.range.text(text);
        statement.errors.iter().map(|error| from_syntax(error, own).shift(statement.range.start))
    });
    found.collect()
}

/// What `rules` and the parser make of `text`.
fn fix(text: &str, most: Applicability, rules: &[Rule]) -> Fixed {
    fix_all(text, most, |text| {
        let mut found = syntax(text);
        found.extend(rules.iter().flat_map(|rule| rule(text)));
        found
    })
}

fn harms(fixed: &Fixed) -> Vec<Harm> {
    fixed.refused.iter().map(|refused| refused.harm).collect()
}

const A: Code = Code::UnusedParameter;
const B: Code = Code::LiteralInGroupBy;
const SAFE: Applicability = Applicability::Safe;

#[test]
fn only_what_may_be_applied_is_applied() {
    let rules = [replace(A, SAFE, "one", "1"), replace(B, Applicability::Unsafe, "two", "2")];
    let text = "select one, two from t";
    let safe = fix(text, SAFE, &rules);
    assert_eq!((safe.text.as_str(), safe.applied.as_slice()), ("select 1, two from t", &[A][..]));
    assert_eq!(safe.remaining.len(), 1);
    let all = fix(text, Applicability::Unsafe, &rules);
    assert_eq!(all.text, "select 1, 2 from t");
    assert!(all.remaining.is_empty() && all.settled);
}

#[test]
fn of_overlapping_repairs_the_first_by_place_comes_first_and_the_other_is_looked_at_again() {
    let rules = [replace(B, SAFE, "b, c", "d"), replace(A, SAFE, "a, b", "x, b")];
    let fixed = fix("select a, b, c from t", SAFE, &rules);
    assert_eq!(fixed.text, "select x, d from t");
    assert_eq!(fixed.applied, [A, B]);
}

#[test]
fn insertions_at_one_place_are_not_applied_together() {
    let rule = |code, text: &'static str| -> Rule {
        Box::new(move |source: &str| {
            let at = span(source.len(), 0);
            let found = Diagnostic::new(code, at, "message");
            let wanted = !source.contains("limit");
            wanted.then(|| found.fix(SAFE, "add", at, text)).into_iter().collect()
        })
    };
    let fixed = fix("select a from t", SAFE, &[rule(A, " limit 1"), rule(B, " limit 2")]);
    assert_eq!(fixed.applied.len(), 1);
    assert!(fixed.settled && syntax(&fixed.text).is_empty(), "{}", fixed.text);
}

#[test]
fn what_would_break_a_statement_is_left_out_and_the_rest_applied() {
    let rules = [
        replace(A, SAFE, "one", "1"),
        replace(B, SAFE, "bad", "((("),
        replace(Code::MissingParameter, SAFE, "two", "2"),
    ];
    let fixed = fix("select one, bad, two from t; select one from u;", SAFE, &rules);
    assert_eq!(fixed.text, "select 1, bad, 2 from t; select 1 from u;");
    assert_eq!(harms(&fixed), [Harm::Unreadable]);
    assert_eq!(fixed.applied.len(), 3);
    assert!(fixed.settled);
}

#[test]
fn a_new_error_in_a_sound_statement_is_harm_and_in_a_faulty_one_is_not() {
    let wrong: Rule = Box::new(|text| {
        let errors = text.match_indices("wrong");
        errors.map(|(at, _)| Diagnostic::new(Code::UnknownColumn, span(at, 5), "message")).collect()
    });
    let rules = [replace(A, SAFE, "one", "wrong"), wrong];
    let fixed = fix("select one from t; select wrong, one from t", SAFE, &rules);
    assert_eq!(fixed.text, "select one from t; select wrong, wrong from t");
    assert_eq!(harms(&fixed), [Harm::NewError]);
}

#[test]
fn comments_are_kept_unless_the_repair_is_about_them() {
    let text = "select a, -- why\n b from t -- old";
    let fixed = fix(text, SAFE, &[replace(A, SAFE, "a, -- why\n b", "c")]);
    assert_eq!(harms(&fixed), [Harm::LosesComment]);
    assert_eq!(fixed.text, text);
    let fixed = fix(text, SAFE, &[replace(A, SAFE, "a, -- why\n b", "c -- why\n")]);
    assert_eq!(fixed.text, "select c -- why\n from t -- old");
    let fixed = fix(text, SAFE, &[replace(A, SAFE, " -- old", ""), replace(B, SAFE, "why", "so")]);
    assert_eq!(fixed.text, "select a, -- so\n b from t");
    // What is added behind a comment on its line becomes a part of it.
    let end: Rule = Box::new(|text| {
        let at = span(text.len(), 0);
        vec![Diagnostic::new(A, at, "message").fix(SAFE, "add", at, " limit 1")]
    });
    assert_eq!(harms(&fix(text, SAFE, &[end])), [Harm::LosesComment]);
}

#[test]
fn a_statement_does_not_run_into_the_next() {
    let text = "select a from t where; select b from t";
    let fixed = fix(text, SAFE, &[replace(A, SAFE, "where", "where '")]);
    assert_eq!((fixed.text.as_str(), harms(&fixed)), (text, vec![Harm::RunsOn]));
}

#[test]
fn places_outside_the_statement_or_inside_a_character_are_refused() {
    let rule = |spans: &'static [(u32, u32)]| -> Rule {
        Box::new(move |_| {
            let edits =
                spans.iter().map(|&(a, b)| Edit { span: Span::new(a, b), text: "x".to_owned() });
            let fix = Fix { title: "do".to_owned(), applicability: SAFE, edits: edits.collect() };
            let found = Diagnostic::new(A, Span::new(0, 1), "message");
            vec![Diagnostic { fixes: vec![fix], ..found }]
        })
    };
    let text = "select 'é' from t; select b from t";
    for spans in [&[(9, 10)][..], &[(7, 8), (25, 26)], &[(30, 99)], &[(5, 9), (8, 10)]] {
        let fixed = fix(text, SAFE, &[rule(spans)]);
        assert_eq!(
            (fixed.text.as_str(), harms(&fixed)),
            (text, vec![Harm::OutOfPlace]),
            "{spans:?}"
        );
    }
}

#[test]
fn repairs_that_undo_each_other_come_to_an_end() {
    let rules = [replace(A, SAFE, "one", "two"), replace(B, SAFE, "two", "one")];
    let fixed = fix("select one from t", SAFE, &rules);
    assert!(!fixed.settled);
    assert!(syntax(&fixed.text).is_empty());
    let idle = fix("select one from t", SAFE, &[replace(A, SAFE, "one", "one")]);
    assert!(idle.settled && idle.applied.is_empty());
    let growing = fix("select one from t", SAFE, &[replace(A, SAFE, "one", "one, one")]);
    assert!(!growing.settled && growing.text.len() < 1 << 20, "{}", growing.text.len());
}

#[test]
fn line_breaks_are_those_of_the_text() {
    let rules = [replace(A, SAFE, "a, b", "a,\nb")];
    assert_eq!(fix("select a, b\r\nfrom t", SAFE, &rules).text, "select a,\r\nb\r\nfrom t");
    assert_eq!(fix("select a, b\nfrom t", SAFE, &rules).text, "select a,\nb\nfrom t");
}
