//! Markdown documents and the blocks of code in them.

use std::path::{Path, PathBuf};

/// One document.
#[derive(Debug)]
pub struct Document {
    /// Its path from the root of the workspace, with `/`.
    pub name: String,
    /// Its blocks of statements.
    pub blocks: Vec<Block>,
    /// Faults of the document itself: blocks that are not closed or of an unknown sort.
    pub faults: Vec<String>,
}

/// One block of statements.
#[derive(Debug)]
pub struct Block {
    /// The line of its first statement, from 1.
    pub line: usize,
    /// The text between the fences.
    pub text: String,
    /// Whether lints look at it as well; elsewhere only what the portal would refuse counts.
    pub linted: bool,
}

/// Sorts of block that are somebody else's business: layout is tested beside the formatter, the
/// others show output or files.
const OTHER_SORTS: &[&str] =
    &["", "text", "toml", "json", "sh", "tule norun", "tule input", "tule output"];

/// Every document under `spec/`, in order of name. `TULE_SPEC=word` keeps those whose name has
/// the word in it.
///
/// # Errors
///
/// What the system says when a folder or file cannot be read.
pub fn documents() -> std::io::Result<Vec<Document>> {
    let root = crate::root();
    let mut paths = Vec::new();
    collect(&root.join("tests/spec"), &mut paths)?;
    paths.sort();
    let only = std::env::var("TULE_SPEC").unwrap_or_default();
    let mut documents = Vec::new();
    for path in paths {
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if name.contains(&only) {
            documents.push(read(name, &std::fs::read_to_string(&path)?));
        }
    }
    Ok(documents)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Takes the blocks out of a document.
#[must_use]
pub fn read(name: String, text: &str) -> Document {
    let mut document = Document { name, blocks: Vec::new(), faults: Vec::new() };
    let mut open: Option<(usize, String, String)> = None;
    for (line, content) in (1..).zip(text.lines()) {
        let fence = content.strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(sort)) => open = Some((line + 1, sort.trim().to_owned(), String::new())),
            (None, None) => {}
            (Some((_, _, text)), None) => {
                text.push_str(content);
                text.push('\n');
            }
            (Some((line, sort, text)), Some(_)) => {
                let linted = sort == "tule lint";
                if sort == "tule" || linted {
                    let text = std::mem::take(text);
                    document.blocks.push(Block { line: *line, text, linted });
                } else if !OTHER_SORTS.contains(&sort.as_str()) {
                    let fault =
                        format!("{}:{line}: a block of the unknown sort `{sort}`", document.name);
                    document.faults.push(fault);
                }
                open = None;
            }
        }
    }
    if let Some((line, ..)) = open {
        document.faults.push(format!("{}:{line}: a block that is never closed", document.name));
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keep_their_lines_and_foreign_ones_are_passed_over() {
        let text = "# t\n```tule\nselect 1\n```\n```sh\nls\n```\n```rust\n```\n```tule\nx";
        let document = read("t.md".to_owned(), text);
        let blocks: Vec<_> =
            document.blocks.iter().map(|block| (block.line, block.text.as_str())).collect();
        assert_eq!(blocks, [(3, "select 1\n")]);
        assert_eq!(document.faults.len(), 2);
    }
}
