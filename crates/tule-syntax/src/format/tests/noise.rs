//! Comments between any two tokens, and texts that are no statements.

use super::statements::STATEMENTS;
use super::{WIDTHS, at, check};
use crate::lexer::lex;
use crate::token::TokenKind;

/// Together, one of almost everything; in pieces, so that each place costs little.
const SAMPLES: &[&str] = &[
    "query q($a text default 'x', $b number) as with t as (select 1 as one from u), v as (from w) \
     select hint(no_rollup) distinct on (a, b) * (except c, d), -x + y * 2 as z",
    "select f(p, q, r)[1]::text, - -count(*), case when a = 1 and b = 2 then 'long enough to break' \
     else -1 end as kind, case x when 1 then 2 end",
    "select sum(a) filter (where b) over (partition by c, d order by e desc rows 1 preceding) as s \
     from calls as @c where (x = 'one' or y like 'two%') and z in (1, 'two', f(3), -4)",
    "select a left outer join lateral (select a from b) as @d on @d.a = @c.a and true \
     join @f(a, b) on c is not distinct from d group by a, b having n > 1",
    "from c where w between 5 and 6 order by n desc nulls last, m limit 10 offset 5 \
     |> select a union all (select b minus select c); select 'one\ntwo';",
];

const COMMENTS: &[&str] = &[
    " /* c */ ",
    " -- c\n",
    "\n-- c\n",
    "\n/* c */\n",
    "\n/* c */ ",
    " /* c */\n",
    " /* one\n two */ ",
    "\n\n-- c  \n\n\n-- d\n\n",
    " /* c */ /* d */ -- e\n /* f */\n /* g */ /* h */ ",
    "/*c*/",
    "\n-- c\n/* d */ ",
    " -- c\n\n/* d */\n\n",
];

/// `text` with `comment` before the significant token that `wanted` picks.
fn insert(text: &str, comment: &str, wanted: impl Fn(usize) -> bool) -> String {
    let lexed = lex(text);
    let mut out = String::new();
    let mut place = 0;
    for (kind, span) in lexed.iter() {
        if kind != TokenKind::Whitespace {
            if wanted(place) {
                out += comment;
            }
            place += 1;
        }
        out += span.text(text);
    }
    if wanted(place) {
        out += comment;
    }
    out
}

#[test]
fn a_comment_may_stand_anywhere() {
    for text in SAMPLES {
        let places = lex(text).iter().filter(|(kind, _)| *kind != TokenKind::Whitespace).count();
        for comment in COMMENTS {
            for place in 0..=places {
                check(&insert(text, comment, |at| at == place));
            }
            check(&insert(text, comment, |_| true));
            check(&insert(text, comment, |at| at % 2 == 0));
            check(&insert(text, comment, |at| at % 3 == 1));
        }
    }
}

#[test]
fn comments_may_stand_everywhere_in_every_production() {
    for text in STATEMENTS {
        for comment in COMMENTS {
            check(&insert(text, comment, |_| true));
        }
    }
}

/// A small generator of pseudo-random numbers, so that failures repeat.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn any_text_is_formatted_without_loss() {
    let pieces = [
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        ";",
        "; ",
        ";\n\n",
        "-- c\n",
        "-- d\r\n",
        "/* e */",
        "/* f\r\n */",
        "\n-- g\n",
        "/*",
        "*/",
        "'",
        "\"",
        "`",
        "(",
        ")",
        "[",
        "]",
        ",",
        "'x\ny'",
        "\u{a0}",
        "{x}",
        "selec",
        "--",
        "\\",
        "é",
        "$",
        ":",
        "@",
        "case",
        "(select",
    ];
    let mut random = Random(7);
    for round in 0..500 {
        let source = STATEMENTS[random.below(STATEMENTS.len())];
        let mut text = String::new();
        let changes = 1 + random.below(6);
        let lexed = lex(source);
        for (_, span) in lexed.iter() {
            for _ in 0..changes {
                if random.below(lexed.len()) == 0 {
                    text += pieces[random.below(pieces.len())];
                }
            }
            if random.below(40) != 0 || round % 3 != 0 {
                text += span.text(source);
            }
        }
        check(&text);
    }
}

#[test]
fn every_prefix_is_formatted_without_loss() {
    let text = SAMPLES.join(";\n").replace(", ", ", /* c */\n").replace("and", "-- d\nand");
    for (end, _) in text.char_indices() {
        let prefix = &text[..end];
        let first = at(WIDTHS[1], prefix);
        assert_eq!(first, at(WIDTHS[1], &first), "{prefix}");
    }
}
