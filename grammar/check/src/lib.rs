//! The tree-sitter grammar as its tests see it: the generated parser, built from the C file that
//! editors build, and what the tests ask of a tree.
//!
//! A package of its own, outside the workspace: nobody who builds Tule needs a generator of parsers.

pub mod corpus;

use std::path::PathBuf;

use tree_sitter::{Language, Node, Parser, Tree};
use tree_sitter_language::LanguageFn;

#[allow(unsafe_code, reason = "the parser is C; tree-sitter checks its version before use")]
mod parser {
    unsafe extern "C" {
        fn tree_sitter_tule() -> *const ();
    }

    pub(crate) const LANGUAGE: super::LanguageFn =
        unsafe { super::LanguageFn::from_raw(tree_sitter_tule) };
}

/// The language that the generated parser reads.
pub fn language() -> Language {
    parser::LANGUAGE.into()
}

/// The folder of the grammar.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tree-sitter")
}

/// A parser for the language.
pub fn parser() -> Parser {
    let mut parser = Parser::new();
    parser.set_language(&language()).expect("a parser of a version that tree-sitter knows");
    parser
}

/// The tree of a text.
pub fn parse(text: &str) -> Tree {
    parser().parse(text, None).expect("a parser with a language and without a limit gives a tree")
}

/// The first place in order of text that is an error or missing, as line and column from 1.
pub fn first_fault(tree: &Tree) -> Option<(usize, usize)> {
    let mut node = tree.root_node();
    while !(node.is_error() || node.is_missing()) {
        node = children(node).into_iter().find(Node::has_error)?;
    }
    let at = node.start_position();
    Some((at.row + 1, at.column + 1))
}

/// The children of a node, anonymous ones too.
pub fn children(node: Node<'_>) -> Vec<Node<'_>> {
    node.children(&mut node.walk()).collect()
}
