//! The queries fit the grammar, and colour every word of every sound statement once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use streaming_iterator::StreamingIterator;
use tree_sitter::{Node, Query, QueryCursor};
use tule_grammar_check::{children, folder, language, parse};
use tule_tests::documents::documents;
use tule_tests::statements::statements;

/// The names that each editor knows, by the kind of query; of `highlight` names the first part
/// is enough, since editors fall back to it.
const KNOWN: &[(&str, &str, &[&str])] = &[
    ("", "folds.scm", &["fold"]),
    ("", "indents.scm", &["indent.begin", "indent.branch", "indent.end", "indent.auto"]),
    ("", "injections.scm", &["injection.content"]),
    (
        "",
        "locals.scm",
        &[
            "local.scope",
            "local.definition.parameter",
            "local.definition.type",
            "local.definition.var",
            "local.definition.field",
            "local.reference",
        ],
    ),
    (
        "",
        "tags.scm",
        &["name", "definition.function", "definition.type", "reference.type", "reference.call"],
    ),
    (
        "",
        "textobjects.scm",
        &[
            "function.outer",
            "function.inner",
            "statement.outer",
            "block.outer",
            "block.inner",
            "parameter.outer",
            "parameter.inner",
            "call.outer",
            "call.inner",
            "conditional.outer",
            "conditional.inner",
            "assignment.outer",
            "assignment.lhs",
            "assignment.rhs",
            "number.inner",
            "comment.outer",
        ],
    ),
    (
        "",
        "highlights.scm",
        &[
            "attribute",
            "boolean",
            "comment.block",
            "comment.line",
            "constant.builtin",
            "function",
            "function.builtin",
            "function.call",
            "keyword",
            "keyword.conditional",
            "keyword.function",
            "keyword.modifier",
            "keyword.operator",
            "number",
            "number.float",
            "operator",
            "property",
            "punctuation.bracket",
            "punctuation.delimiter",
            "spell",
            "string",
            "string.escape",
            "type",
            "type.builtin",
            "type.definition",
            "variable",
            "variable.builtin",
            "variable.member",
            "variable.parameter",
        ],
    ),
    (
        "helix",
        "highlights.scm",
        &[
            "attribute",
            "comment.block",
            "comment.line",
            "constant.builtin",
            "constant.builtin.boolean",
            "constant.character.escape",
            "constant.numeric.float",
            "constant.numeric.integer",
            "function",
            "function.builtin",
            "keyword",
            "keyword.control.conditional",
            "keyword.function",
            "keyword.operator",
            "keyword.storage.modifier",
            "operator",
            "punctuation.bracket",
            "punctuation.delimiter",
            "string",
            "type",
            "type.builtin",
            "type.definition",
            "variable",
            "variable.builtin",
            "variable.other.member",
            "variable.parameter",
        ],
    ),
    ("helix", "indents.scm", &["indent", "outdent"]),
    ("helix", "injections.scm", &["injection.content"]),
    (
        "helix",
        "locals.scm",
        &["local.scope", "local.definition.variable.parameter", "local.reference"],
    ),
    ("helix", "tags.scm", &["definition.function", "definition.type"]),
    (
        "helix",
        "textobjects.scm",
        &[
            "function.around",
            "function.inside",
            "class.around",
            "class.inside",
            "parameter.around",
            "parameter.inside",
            "comment.around",
            "comment.inside",
        ],
    ),
    (
        "zed",
        "highlights.scm",
        &[
            "attribute",
            "boolean",
            "comment",
            "constant.builtin",
            "function",
            "function.builtin",
            "keyword",
            "keyword.control",
            "keyword.operator",
            "number",
            "operator",
            "property",
            "punctuation.bracket",
            "punctuation.delimiter",
            "string",
            "string.escape",
            "type",
            "type.builtin",
            "type.definition",
            "variable",
            "variable.parameter",
            "variable.special",
        ],
    ),
    ("zed", "brackets.scm", &["open", "close"]),
    ("zed", "indents.scm", &["indent", "end"]),
    ("zed", "injections.scm", &["injection.content"]),
    ("zed", "outline.scm", &["item", "name", "context"]),
    (
        "zed",
        "textobjects.scm",
        &["function.around", "function.inside", "class.around", "class.inside", "comment.around"],
    ),
];

fn read(path: &Path) -> Query {
    let text = fs::read_to_string(path).unwrap();
    Query::new(&language(), &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn query(editor: &str, name: &str) -> Query {
    read(&folder().join("queries").join(editor).join(name))
}

/// What a query captures in a text: names and nodes, in order of place.
fn captures<'t>(query: &Query, root: Node<'t>, text: &str) -> Vec<(String, Node<'t>)> {
    let mut cursor = QueryCursor::new();
    let mut found = Vec::new();
    let mut matches = cursor.matches(query, root, text.as_bytes());
    while let Some(found_match) = matches.next() {
        for capture in found_match.captures {
            let name = query.capture_names()[capture.index as usize];
            found.push((name.to_owned(), capture.node));
        }
    }
    found.sort_by_key(|(_, node)| (node.start_byte(), std::cmp::Reverse(node.end_byte())));
    found
}

#[test]
fn the_queries_fit_the_grammar_and_use_names_that_editors_know() {
    let root = folder().join("queries");
    let mut files: Vec<PathBuf> = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    assert_eq!(files.len(), KNOWN.len(), "a list of names for every file: {files:?}");
    for (editor, name, known) in KNOWN {
        let query = query(editor, name);
        let used: BTreeSet<&str> = query.capture_names().iter().copied().collect();
        assert_eq!(used, known.iter().copied().collect(), "{editor}/{name}");
    }
}

#[test]
fn every_word_of_every_sound_statement_has_one_colour() {
    let mut seen = BTreeMap::new();
    for editor in ["", "helix", "zed"] {
        let query = query(editor, "highlights.scm");
        for statement in statements(&documents().unwrap()) {
            if !statement.parsed.errors.is_empty() {
                continue;
            }
            let tree = parse(&statement.text);
            let mut colours: BTreeMap<usize, Vec<String>> = BTreeMap::new();
            for (name, node) in captures(&query, tree.root_node(), &statement.text) {
                if name != "spell" {
                    *seen.entry(name.clone()).or_insert(0) += 1;
                    colours.entry(node.id()).or_default().push(name);
                }
            }
            let mut open = vec![(tree.root_node(), false)];
            while let Some((node, inside)) = open.pop() {
                let own = colours.get(&node.id()).map_or(&[][..], Vec::as_slice);
                let place = || format!("{editor} {}: {node:?} {own:?}", statement.place);
                assert!(own.len() <= 1, "two colours: {}", place());
                let inside = inside || own.len() == 1;
                assert!(inside || node.child_count() > 0, "no colour: {}", place());
                open.extend(children(node).into_iter().map(|child| (child, inside)));
            }
        }
    }
    for (name, least) in [("keyword", 1000), ("function.builtin", 100), ("type.builtin", 20)] {
        assert!(seen[name] > least, "{name}: {seen:?}");
    }
}

const EXAMPLE: &str = "query busy($since date, $beat text) as
from police_calls as c
select beat, count(*) as n, -- per area
  case when n > 1 then 'many' else 'few' end as how
where d >= $since and beat = upper($beat)
group by beat;
with d as (select 1) select 2";

#[test]
fn the_queries_find_what_they_are_for() {
    let cases: &[(&str, &str, &str, &[&str])] = &[
        ("", "folds.scm", "fold", &["query", "case", "d", "with"]),
        ("", "textobjects.scm", "function.inner", &["from", "select"]),
        (
            "",
            "textobjects.scm",
            "parameter.inner",
            &["$since", "$beat", "beat", "count", "case", "$beat", "1", "2"],
        ),
        ("", "textobjects.scm", "conditional.inner", &["'many'", "'few'"]),
        ("", "locals.scm", "local.definition.parameter", &["$since", "$beat"]),
        (
            "",
            "locals.scm",
            "local.reference",
            &[
                "$since",
                "police_calls",
                "beat",
                "n",
                "d",
                "$since",
                "beat",
                "$beat",
                "beat",
                "$beat",
            ],
        ),
        ("", "tags.scm", "definition.function", &["query"]),
        ("", "injections.scm", "injection.content", &["--"]),
        ("helix", "textobjects.scm", "function.around", &["query", "with"]),
        ("helix", "locals.scm", "local.reference", &["$since", "$beat", "$since", "$beat"]),
        ("zed", "outline.scm", "name", &["busy", "d"]),
        ("zed", "brackets.scm", "open", &["(", "(", "case", "(", "("]),
    ];
    let tree = parse(EXAMPLE);
    assert!(!tree.root_node().has_error());
    for (editor, name, capture, wanted) in cases {
        let query = query(editor, name);
        let found: Vec<&str> = captures(&query, tree.root_node(), EXAMPLE)
            .into_iter()
            .filter(|(name, _)| name == capture)
            .map(|(_, node)| first_word(&EXAMPLE[node.byte_range()]))
            .collect();
        let sorted = |words: &[&str]| {
            let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            words.sort();
            words
        };
        assert_eq!(sorted(&found), sorted(wanted), "{editor}/{name}: {capture}");
    }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || "(,".contains(c)).filter(|end| *end > 0);
    &text[..end.unwrap_or(text.len())]
}
