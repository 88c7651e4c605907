//! Field names for the columns of a file.

use std::borrow::Cow;

use tule_core::names::fold;
use tule_syntax::lexer::{is_ident_part, is_ident_start};

use super::notes::Notes;

/// Names of system columns, which a file may bring along.
pub(crate) const SYSTEM: [&str; 4] = [":id", ":version", ":created_at", ":updated_at"];

/// Field names for the names of a header, in order, as the portals make them: lower case, and `_`
/// for everything that is neither letter nor digit. No two of them are one name in queries.
pub(crate) fn field_names(headers: &[Cow<'_, str>], notes: &mut Notes) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(headers.len());
    for (index, header) in headers.iter().enumerate() {
        let name = field_name(header, &names).unwrap_or_else(|| {
            let name = free(&format!("column_{}", index + 1), &names);
            notes.file(format!("column {} has no name and is called `{name}`", index + 1));
            name
        });
        if let Some(first) = headers.iter().take(index).position(|known| known == header) {
            let message =
                format!("columns {} and {} are both named `{header}`", first + 1, index + 1);
            notes.file(format!("{message}; the second is called `{name}`"));
        }
        names.push(name);
    }
    names
}

/// The field name for one name, different from those `taken`; `None` if nothing in it can be part
/// of a name.
pub(crate) fn field_name(header: &str, taken: &[String]) -> Option<String> {
    let header = header.trim();
    let system = header.strip_prefix(':').is_some_and(|rest| {
        SYSTEM.contains(&header) || rest.strip_prefix('@').is_some_and(is_plain)
    });
    if system && !taken.iter().any(|name| name == header) {
        return Some(header.to_owned());
    }
    let mut name = String::with_capacity(header.len());
    for c in header.chars().flat_map(char::to_lowercase) {
        if is_ident_part(c) && c != '$' {
            name.push(c);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_matches('_');
    let first = name.chars().next()?;
    let name = if is_ident_start(first) { name.to_owned() } else { format!("_{name}") };
    Some(free(&name, taken))
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `name`, with the first number behind it that makes it unlike those `taken`.
fn free(name: &str, taken: &[String]) -> String {
    let is_free = |name: &str| !taken.iter().any(|known| fold(known) == fold(name));
    if is_free(name) {
        return name.to_owned();
    }
    let numbered = (1..).map(|number: u64| format!("{name}_{number}"));
    numbered.into_iter().find(|name| is_free(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn headers_become_names_that_queries_can_write() {
        let headers = [
            "Call No.",
            "call_no",
            "  Beat ",
            "2024 total",
            "Größe (m²)",
            "%",
            "",
            "Call No.",
            ":id",
            ":@computed_region_ab12_cd34",
            "a-b",
            "a_b",
            "$cost",
        ];
        let mut notes = Notes::new(Path::new("x.csv"));
        let headers: Vec<Cow<'_, str>> = headers.into_iter().map(Cow::Borrowed).collect();
        let names = field_names(&headers, &mut notes);
        assert_eq!(
            names,
            [
                "call_no",
                "call_no_1",
                "beat",
                "_2024_total",
                "größe_m",
                "column_6",
                "column_7",
                "call_no_2",
                ":id",
                ":@computed_region_ab12_cd34",
                "a_b",
                "a_b_1",
                "cost",
            ]
        );
        let notes: Vec<String> = notes.finish().iter().map(ToString::to_string).collect();
        assert_eq!(notes.len(), 3, "{notes:?}");
        assert!(notes[2].contains("columns 1 and 8 are both named `Call No.`"), "{}", notes[2]);
    }
}
