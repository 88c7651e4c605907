//! Any text is lexed without a gap, parsed, and formatted to something that formats to itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tule_syntax::format::{Options, format};
use tule_syntax::lexer::lex;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for (_, span) in lex(text).iter() {
        assert_eq!(span.start, end);
        end = span.end;
    }
    assert_eq!(end as usize, text.len());
    let options = Options::default();
    let once = format(text, &options).text;
    assert_eq!(format(&once, &options).text, once);
});
