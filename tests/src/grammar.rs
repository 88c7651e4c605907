//! The parts of the grammars for editors that are lists of the compiler's words.
//!
//! Everything else in these files is written by hand; here are the words, from the tables that the
//! compiler reads, and where in each file they stand. What is deliberately absent: the language's
//! structure, which `grammar/check` compares with the parser's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;
use tule_core::functions::{Kind, Syntax, by_name, names};
use tule_core::types::TYPES;
use tule_syntax::lexer::lex;
use tule_syntax::token::{KEYWORDS, TokenKind};

use crate::ebnf::{Grammar, Maker};

/// The folder of the grammars, from the root.
pub const FOLDER: &str = "grammar";

const WRITTEN: &str = "TULE_BLESS=1 cargo test -p tule-tests --test grammar";

/// What a keyword is to a reader. Every other keyword is a plain one.
const SORTS: &[(Sort, &[&str])] = &[
    (Sort::Conditional, &["case", "when", "then", "else", "end"]),
    (
        Sort::Operator,
        &[
            "and",
            "or",
            "not",
            "is",
            "like",
            "ilike",
            "between",
            "in",
            "union",
            "intersect",
            "minus",
        ],
    ),
    (Sort::Modifier, &["asc", "desc", "nulls", "first", "last"]),
    (Sort::Definition, &["query", "with"]),
    (Sort::Constant, &["true", "false", "null"]),
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Plain,
    Conditional,
    Operator,
    Modifier,
    Definition,
    Constant,
}

/// Calls that the compiler works out itself, besides the functions of the table.
const OWN_CALLS: &[&str] = &["now", "param", "today"];

fn keywords(sort: Sort) -> Vec<&'static str> {
    let sort_of = |word: &str| {
        let found = SORTS.iter().find(|(_, words)| words.contains(&word));
        found.map_or(Sort::Plain, |(sort, _)| *sort)
    };
    KEYWORDS.iter().map(|keyword| keyword.text).filter(|word| sort_of(word) == sort).collect()
}

/// Names that can be called, in order: functions, then aggregates and window functions.
fn functions() -> (Vec<&'static str>, Vec<&'static str>) {
    let over_rows = |name: &&str| {
        by_name(name).iter().any(|row| matches!(row.kind, Kind::Aggregate | Kind::Window))
    };
    // The flat names of fields (`floating_timestamp_year`) are for programs.
    let written = names().filter(|name| by_name(name).iter().any(|row| row.syntax == Syntax::Call));
    let (rows, mut plain): (Vec<_>, Vec<_>) = written.partition(over_rows);
    plain.extend(OWN_CALLS);
    plain.sort_unstable();
    (plain, rows)
}

fn types() -> Vec<&'static str> {
    TYPES.iter().map(|info| info.name).collect()
}

/// Words in quotes on lines that fit.
fn quoted(words: &[&str], indent: &str, between: &str) -> String {
    let mut out = String::new();
    let mut line = indent.to_owned();
    for (at, word) in words.iter().enumerate() {
        let end = if at + 1 == words.len() { "" } else { between };
        let word = format!("\"{word}\"{end}");
        if line.len() + word.len() >= 100 {
            let _ = writeln!(out, "{}", line.trim_end());
            indent.clone_into(&mut line);
        }
        let _ = write!(line, "{word} ");
    }
    out + line.trim_end() + "\n"
}

/// `words.js`, which the tree-sitter grammar reads.
#[must_use]
pub fn words_js() -> String {
    let list = |reserved: bool| {
        let words = KEYWORDS.iter().filter(|word| word.reserved == reserved).map(|word| word.text);
        quoted(&words.collect::<Vec<_>>(), "    ", ",").replace('"', "'")
    };
    format!(
        "// The compiler's keywords, written by `{WRITTEN}`.\n\nmodule.exports = {{\n  // No names.\n  reserved: [\n{}  ],\n  \
         // Names everywhere but in one place.\n  contextual: [\n{}  ],\n}};\n",
        list(true),
        list(false)
    )
}

/// The highlighting queries with their lists of words as they should be.
///
/// # Errors
///
/// A list has no place in the file.
pub fn highlights(text: &str) -> Result<String, String> {
    let mut out = text.to_owned();
    for (name, body) in sections() {
        let (open, close) = (format!("; <{name}>\n"), format!("; </{name}>\n"));
        let from = out.find(&open).ok_or_else(|| format!("no `{}`", open.trim()))? + open.len();
        let to = out.find(&close).ok_or_else(|| format!("no `{}`", close.trim()))?;
        out = [out.get(..from).unwrap_or(""), &body, out.get(to..).unwrap_or("")].concat();
    }
    Ok(out)
}

fn sections() -> Vec<(&'static str, String)> {
    let mut keyword_rules = String::new();
    for (sort, capture) in [
        (Sort::Plain, "keyword"),
        (Sort::Conditional, "keyword.conditional"),
        (Sort::Operator, "keyword.operator"),
        (Sort::Modifier, "keyword.modifier"),
        (Sort::Definition, "keyword.function"),
    ] {
        let words = quoted(&keywords(sort), "  ", "");
        let _ = write!(keyword_rules, "[\n{words}] @{capture}\n\n");
    }
    let (plain, rows) = functions();
    let all: Vec<_> = plain.iter().chain(&rows).copied().collect();
    let call = |capture: &str, test: &str| {
        format!(
            "(call\n  name: (identifier) @{capture}\n  (#{test} @{capture}\n{}))\n",
            both_cases(&all).trim_end()
        )
    };
    let cast = |capture: &str, test: &str| {
        format!(
            "((type (identifier) @{capture})\n  (#{test} @{capture}\n{}))\n",
            both_cases(&types()).trim_end()
        )
    };
    vec![
        ("keywords", keyword_rules),
        (
            "functions",
            call("function.builtin", "any-of?") + "\n" + &call("function.call", "not-any-of?"),
        ),
        ("types", cast("type.builtin", "any-of?") + "\n" + &cast("type", "not-any-of?")),
    ]
}

/// Names are the same in every case. Queries have no test for that which all editors know, so the
/// two spellings that people use are listed.
fn both_cases(words: &[&str]) -> String {
    let upper: Vec<String> = words.iter().map(|word| word.to_uppercase()).collect();
    let both: Vec<&str> = words.iter().copied().chain(upper.iter().map(String::as_str)).collect();
    quoted(&both, "    ", "")
}

/// An editor whose names for highlights differ from the common ones.
#[derive(Debug)]
pub struct Dialect {
    /// The folder of its queries.
    pub folder: &'static str,
    /// Its names, where they differ.
    pub captures: &'static [(&'static str, &'static str)],
}

/// The editors with names of their own.
pub const DIALECTS: &[Dialect] = &[
    Dialect {
        folder: "helix",
        captures: &[
            ("boolean", "constant.builtin.boolean"),
            ("function.call", "function"),
            ("keyword.conditional", "keyword.control.conditional"),
            ("keyword.modifier", "keyword.storage.modifier"),
            ("number", "constant.numeric.integer"),
            ("number.float", "constant.numeric.float"),
            ("property", "variable.other.member"),
            ("string.escape", "constant.character.escape"),
            ("variable.member", "variable.other.member"),
        ],
    },
    Dialect {
        folder: "zed",
        captures: &[
            ("comment.block", "comment"),
            ("comment.line", "comment"),
            ("function.call", "function"),
            ("keyword.conditional", "keyword.control"),
            ("keyword.function", "keyword"),
            ("keyword.modifier", "keyword"),
            ("number.float", "number"),
            ("variable.builtin", "variable.special"),
            ("variable.member", "property"),
        ],
    },
];

/// The highlighting queries in the names of another editor.
#[must_use]
pub fn in_dialect(text: &str, dialect: &Dialect) -> String {
    let names: BTreeMap<_, _> = dialect.captures.iter().copied().collect();
    let mut out = format!(
        "; Written from ../highlights.scm by `{WRITTEN}`:\n; the same rules in the names of this editor.\n"
    );
    let body = text.find("\n\n").map_or(text, |at| text.get(at + 1..).unwrap_or(text));
    let mut rest = body;
    while let Some(at) = rest.find('@') {
        let (before, name) = rest.split_at(at);
        let end = name.get(1..).and_then(|name| {
            name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_')))
        });
        let (name, behind) = name.split_at(end.map_or(name.len(), |end| end + 1));
        let own = name.get(1..).unwrap_or("");
        out += before;
        // `@spell` marks text for a spelling checker of one editor.
        if own == "spell" {
            out.truncate(out.trim_end().len());
        } else {
            let _ = write!(out, "@{}", names.get(own).copied().unwrap_or(own));
        }
        rest = behind;
    }
    out += rest;
    out.lines().filter(|line| !line.starts_with("; <")).fold(String::new(), |mut out, line| {
        out += line;
        out.push('\n');
        out
    })
}

/// The `TextMate` grammar with its lists of words as they should be.
///
/// # Errors
///
/// It is no JSON, or a list has no place in it.
pub fn textmate(text: &str) -> Result<String, String> {
    let mut grammar: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let (plain, rows) = functions();
    let lists = [
        ("keyword", word_of(&keywords(Sort::Plain))),
        ("conditional", word_of(&keywords(Sort::Conditional))),
        ("word-operator", word_of(&keywords(Sort::Operator))),
        ("modifier", word_of(&keywords(Sort::Modifier))),
        ("definition", word_of(&keywords(Sort::Definition))),
        ("constant", word_of(&keywords(Sort::Constant))),
        ("function", word_of(&plain) + r"(?=\s*\()"),
        ("aggregate", word_of(&rows) + r"(?=\s*\()"),
        ("cast-type", format!(r"(?i)(::)\s*({}){END}", types().join("|"))),
        ("parameter-type", format!(r"(?i)(\$[\p{{L}}\p{{N}}_$]+)\s+({}){END}", types().join("|"))),
    ];
    for (name, pattern) in lists {
        let place = grammar.pointer_mut(&format!("/repository/{name}/match"));
        *place.ok_or_else(|| format!("no `repository.{name}.match`"))? = Value::String(pattern);
    }
    let written = serde_json::to_string_pretty(&grammar).map_err(|error| error.to_string())?;
    Ok(written + "\n")
}

/// A pattern for any of the words, in any case, with nothing of a name beside it.
fn word_of(words: &[&str]) -> String {
    format!(r"(?i)(?<![\p{{L}}\p{{N}}_$.])(?:{}){END}", words.join("|"))
}

/// Nothing of a name follows.
const END: &str = r"(?![\p{L}\p{N}_$])";

/// Rules in whose place sentences have another one: what these may be is said in words in the file.
const INSTEAD: &[(&str, &str)] = &[("bareQuery", "namedSource"), ("subject", "column")];

/// Files that the rules of `tule.ebnf` make, short ones and long ones; always the same.
#[must_use]
pub fn sentences(grammar: &Grammar) -> BTreeSet<String> {
    let make = |seed: u64| {
        let depth = 14 + usize::try_from(seed % 32).unwrap_or(0);
        Maker::new(grammar, INSTEAD, seed).sentence("file", depth)
    };
    (0..4000).map(make).filter(|text| !ends_an_empty_list_early(text)).collect()
}

/// Whether MINUS, or a join from the left or right, may stand right behind an empty select list.
/// The compiler takes these words for what was meant to be selected, as the file says.
fn ends_an_empty_list_early(text: &str) -> bool {
    let mut before = TokenKind::End;
    lex(text).kinds().iter().filter(|kind| !kind.is_trivia()).any(|kind| {
        let list =
            matches!(before, TokenKind::Select | TokenKind::Distinct | TokenKind::RightParen);
        before = *kind;
        list && matches!(kind, TokenKind::Minus | TokenKind::Left | TokenKind::Right)
    })
}
