//! Inputs at the limits: long, deep and wide.

use super::at;
use crate::format::{Options, format};
use crate::limits::{MAX_BYTES, MAX_NESTING, MAX_QUERIES};

/// Runs `test` on as small a stack as the threads of a server have.
fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(test).unwrap().join().unwrap();
}

#[test]
fn a_list_of_a_million_members() {
    let members: Vec<String> = (0..1_000_000).map(|n: u32| n.to_string()).collect();
    let text = format!("select a where b in ({})", members.join(","));
    let done = at(88, &text);
    let lines: Vec<&str> = done.lines().collect();
    assert_eq!(lines[..3], ["select a", "where", "  b in ("]);
    assert!(lines.iter().all(|line| line.len() <= 88));
    assert!(lines[3..lines.len() - 2].iter().all(|line| line.len() > 70));
    assert_eq!(at(88, &done), done);
}

#[test]
fn a_chain_of_many_operands() {
    let text = format!("select a where b{}", " and b or c".repeat(100_000));
    let done = at(88, &text);
    assert_eq!(done.lines().count(), 100_003);
    assert_eq!(at(88, &done), done);
}

#[test]
fn everything_as_deep_as_it_may_be() {
    on_small_stack(|| {
        let deep = |before: &str, inside: &str, after: &str, depth: usize| {
            format!("{}{inside}{}", before.repeat(depth), after.repeat(depth))
        };
        let nesting = MAX_NESTING - 1;
        for text in [
            format!("select {}", deep("(", "a", ")", nesting)),
            format!("select {}", deep("f(a, ", "a", ")", nesting)),
            format!("select {}", deep("a or (b and ", "c", ")", nesting)),
            format!("select {}", deep("case when a in (", "b", ") then c end", nesting)),
            format!("select {}", deep("- ", "a", "", nesting)),
            format!("select {}", deep("not ", "a", "", nesting)),
            format!("select a{}", deep("", "", " + a", 500)),
            format!("select a{}", deep("", "", "::text", 500)),
            format!("select a{}", deep("", "", ".b[1]", 250)),
            format!("select a{}", deep("", "", " between 1 and 2", 250)),
            format!("select a{}", deep(" ^ a", "", "", nesting)),
        ] {
            for width in [40, 200] {
                let first = at(width, &text);
                assert_eq!(first, at(width, &first));
                assert!(first.len() < 400 * text.len(), "{}: {}", text.len(), first.len());
            }
        }
    });
}

#[test]
fn queries_as_deep_as_they_may_be() {
    on_small_stack(|| {
        for (before, inside, after) in [
            ("(", "select a", ")"),
            ("from (", "select a", ") as x"),
            ("(select b union ", "select a", ")"),
            ("select a join lateral (", "select b", ") as x on true"),
        ] {
            let text =
                format!("{}{inside}{}", before.repeat(MAX_QUERIES), after.repeat(MAX_QUERIES));
            let done = format(&text, &Options::default());
            assert_eq!(done.skipped, []);
            assert_eq!(at(88, &done.text), done.text);
        }
    });
}

#[test]
fn a_text_that_is_too_long_is_left_alone() {
    let text = " ".repeat(MAX_BYTES) + "select  1";
    let done = format(&text, &Options::default());
    assert!(done.text == text);
    assert_eq!(done.skipped.len(), 1);
}
