//! `docs/pains.md`, read: what goes wrong for people, what finds it, and statements to show it.

/// The page, from the root.
pub const PAGE: &str = "docs/pains.md";

/// One row of the page.
#[derive(Debug)]
pub struct Pain {
    /// Its number in the collection.
    pub number: usize,
    /// What deals with it, in words.
    pub answer: String,
    /// The names in back-quotes in the answer.
    pub names: Vec<String>,
    /// Statements or addresses that show it.
    pub examples: Vec<String>,
}

/// The rows of the tables of a page.
///
/// # Errors
///
/// The line that is no row of four cells.
pub fn read(page: &str) -> Result<Vec<Pain>, String> {
    let rows = page.lines().filter(|line| {
        line.strip_prefix("| ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    rows.map(|line| row(line).ok_or_else(|| format!("no row of four cells: {line}"))).collect()
}

fn row(line: &str) -> Option<Pain> {
    let cells = cells(line);
    let [number, _, answer, examples] = cells.as_slice() else { return None };
    Some(Pain {
        number: number.parse().ok()?,
        names: quoted(answer),
        answer: answer.clone(),
        examples: quoted(examples),
    })
}

/// The cells of a row; `\|` is a stroke inside of one.
fn cells(line: &str) -> Vec<String> {
    let inside = line.trim().trim_start_matches('|').trim_end_matches('|');
    let inside = inside.replace("\\|", "\u{0}");
    inside.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect()
}

/// What stands between back-quotes, one of them or two.
fn quoted(cell: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = cell;
    while let Some(at) = rest.find('`') {
        let from = rest.get(at..).unwrap_or("");
        let fence = if from.starts_with("``") { "``" } else { "`" };
        let inside = from.strip_prefix(fence).unwrap_or("");
        let Some((text, behind)) = inside.split_once(fence) else { break };
        found.push(text.trim().to_owned());
        rest = behind;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_by_their_cells() {
        let page =
            "| # | x |\n| --- |\n| 3 | a \\| b | `one`, and `two` | ``x `y` z``, `a \\|> b` |\n";
        let pains = read(page).unwrap();
        assert_eq!((pains.len(), pains[0].number), (1, 3));
        assert_eq!(pains[0].names, ["one", "two"]);
        assert_eq!(pains[0].examples, ["x `y` z", "a |> b"]);
        assert!(read("| 1 | a | b |").is_err());
    }
}
