//! What changes in a text, as `patch` and `git apply` take it.

use similar::{ChangeTag, TextDiff};

use crate::escape::inert;
use crate::exit::Outcome;
use crate::output::{ADDED, FAINT, Output, REMOVED};

/// Prints a unified diff.
pub(crate) fn print_diff(out: &mut Output, name: &str, old: &str, new: &str) -> Outcome<()> {
    let diff = TextDiff::from_lines(old, new);
    let (before, after) = (format!("a/{name}"), format!("b/{name}"));
    out.print(&format!("--- {}\n+++ {}\n", inert(&before), inert(&after)))?;
    for hunk in diff.unified_diff().iter_hunks() {
        let head = hunk.header().to_string();
        out.print(&format!("{}\n", out.paint.on(FAINT, &head)))?;
        for change in hunk.iter_changes() {
            let line = change.value();
            let text = line.strip_suffix('\n').unwrap_or(line);
            let text = format!("{}{text}", change.tag());
            let styled = match change.tag() {
                ChangeTag::Delete => Some(REMOVED),
                ChangeTag::Insert => Some(ADDED),
                ChangeTag::Equal => None,
            };
            let paint = out.paint;
            match styled.filter(|_| paint.0) {
                Some(style) => out.print(&paint.on(style, &inert(&text)))?,
                None => out.foreign(&text)?,
            }
            out.print("\n")?;
            if !line.ends_with('\n') {
                out.print("\\ No newline at end of file\n")?;
            }
        }
    }
    Ok(())
}
