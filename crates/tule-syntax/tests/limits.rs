//! No input exhausts the stack: every test here runs on a thread of 2 MiB.

#![expect(clippy::unwrap_used, reason = "a thread that cannot be made or panics fails the test")]

use tule_syntax::error::SyntaxErrorKind;
use tule_syntax::limits::{MAX_BYTES, MAX_QUERIES};
use tule_syntax::parser::{ParsedStatement, parse_file, parse_one};

fn on_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap()
}

fn parse(text: String) -> ParsedStatement {
    on_small_stack(move || parse_one(&text))
}

#[track_caller]
fn too_deep(text: String) {
    let parsed = parse(text);
    let kinds: Vec<_> = parsed.errors.iter().map(|error| error.kind).collect();
    assert_eq!(kinds, [SyntaxErrorKind::TooDeep]);
}

#[track_caller]
fn fine(text: String) {
    let parsed = parse(text);
    assert_eq!(parsed.errors, []);
}

#[test]
fn nesting_is_limited() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("select {}x{}", open.repeat(depth), close.repeat(depth))
    };
    fine(nested("(", ")", 200));
    fine(nested("f(", ")", 200));
    too_deep(nested("(", ")", 100_000));
    too_deep(nested("f(", ")", 100_000));
    too_deep(nested("x[", "]", 100_000));
    too_deep(nested("not ", "", 100_000));
    too_deep(nested("- ", "", 100_000));
    too_deep(nested("case when ", "", 100_000));
    too_deep(nested("2 ^ ", "", 100_000));
}

#[test]
fn chains_that_lean_to_the_left_are_limited() {
    too_deep(format!("select x{}", " + x".repeat(100_000)));
    too_deep(format!("select x{}", "::text".repeat(100_000)));
    too_deep(format!("select x{}", ".a".repeat(100_000)));
    fine(format!("select x{}", " + x".repeat(500)));
}

#[test]
fn flat_chains_and_lists_are_not() {
    fine(format!("select x where a = 1{}", " and a = 1".repeat(100_000)));
    fine(format!("select x where a = 1{}", " or a = 1 and b".repeat(100_000)));
    fine(format!("select x where a in (1{})", ", 2".repeat(1_000_000)));
    fine(format!("select a{}", ", a".repeat(100_000)));
    fine(format!("select a from @b{}", " |> select a".repeat(20_000)));
    fine(format!("select a from @b{}", " union select a from @b".repeat(20_000)));
    fine(format!("select a from @b{}", " join @c as d on e".repeat(20_000)));
}

#[test]
fn queries_in_queries_are_limited() {
    let nested = |depth: usize| {
        format!("select * from {}@x{}", "(select * from ".repeat(depth), ")".repeat(depth))
    };
    fine(nested(MAX_QUERIES));
    too_deep(nested(MAX_QUERIES + 1));
    too_deep(nested(100_000));
    too_deep(format!("{}select a{}", "(".repeat(100_000), ")".repeat(100_000)));
}

#[test]
fn long_texts_are_refused_or_read() {
    let text = " ".repeat(MAX_BYTES + 1);
    let kinds: Vec<_> = parse_file(&text).iter().flat_map(|s| s.errors.clone()).collect();
    assert!(matches!(kinds.as_slice(), [error] if error.kind == SyntaxErrorKind::TooLong));
    let many = "select a from @b;".repeat(100_000);
    assert_eq!(on_small_stack(move || parse_file(&many).len()), 100_001);
}
