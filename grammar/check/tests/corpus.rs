//! The examples give the trees beside them, and leave no node out. `TULE_BLESS=1` writes the trees
//! anew, to be read before they are committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use tule_grammar_check::corpus::{Example, laid_out, read, write};
use tule_grammar_check::{children, folder, language, parse};

fn files() -> Vec<PathBuf> {
    let folder = fs::read_dir(folder().join("test/corpus")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_examples_give_their_trees() {
    for file in files() {
        let text = fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
        let examples = read(&text);
        assert!(!examples.is_empty(), "{}", file.display());
        let found: Vec<Example> = examples
            .iter()
            .map(|example| Example {
                name: example.name.clone(),
                text: example.text.clone(),
                tree: laid_out(&parse(&example.text).root_node().to_sexp()),
            })
            .collect();
        if std::env::var_os("TULE_BLESS").is_some() {
            fs::write(&file, write(&found)).unwrap();
            continue;
        }
        for (example, found) in examples.iter().zip(&found) {
            let name = &example.name;
            assert_eq!(example.tree, found.tree, "{}: {name}", file.display());
        }
        assert_eq!(text, write(&found), "{}: the form of the file", file.display());
    }
}

#[test]
fn the_examples_have_every_node() {
    if std::env::var_os("TULE_BLESS").is_some() {
        // The files are being written.
        return;
    }
    let mut shown = BTreeSet::new();
    for file in files() {
        for example in read(&fs::read_to_string(&file).unwrap().replace("\r\n", "\n")) {
            let tree = parse(&example.text);
            let mut open = vec![tree.root_node()];
            while let Some(node) = open.pop() {
                shown.insert(node.kind_id());
                open.extend(children(node));
            }
        }
    }
    let language = language();
    let kinds = u16::try_from(language.node_kind_count()).unwrap();
    let visible = (1..kinds).filter(|id| language.node_kind_is_visible(*id));
    let names: BTreeSet<_> = shown.iter().filter_map(|id| language.node_kind_for_id(*id)).collect();
    let missing: BTreeSet<_> = visible
        .filter_map(|id| language.node_kind_for_id(id))
        .filter(|name| !names.contains(name))
        .collect();
    assert!(missing.is_empty(), "no example shows {missing:?}");
}
