//! Completion: what `tule-ide` says can stand at the cursor, ranked by what was typed.
//!
//! Whatever holds the letters in their order fits; what begins with them comes first, then what
//! the place makes likely, then how well the letters fit. Columns and datasets are found by their
//! labels and titles too. Deliberately absent: anything that asks a portal.

use std::path::{MAIN_SEPARATOR, Path};
use std::sync::{Arc, Mutex, PoisonError};

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use reedline::{Completer, Span, Suggestion};
use tule_ide::completion::{Item, ItemKind, complete, documentation};

use super::super::chart::Kind;
use super::super::commands::{COMMANDS, Completes, find, format_names, split};
use super::super::input::is_command;
use super::{Live, plain};
use crate::escape::{inert, one_line, replacement};

/// Most entries of a menu.
const MOST: usize = 100;
/// Widest name in a menu before what is said of it.
const NAME: usize = 28;

/// The completer.
pub(super) struct Names {
    live: Arc<Mutex<Live>>,
    matcher: Matcher,
}

impl Names {
    pub(super) fn new(live: &Arc<Mutex<Live>>) -> Self {
        Self { live: Arc::clone(live), matcher: Matcher::new(Config::DEFAULT) }
    }

    /// The entries that fit what was typed, best first.
    fn ranked(&mut self, entries: Vec<Entry>, typed: &str) -> Vec<Entry> {
        let mut fits: Vec<((u8, u8, i32), Entry)> = entries
            .into_iter()
            .filter_map(|entry| Some((self.key(&entry, typed)?, entry)))
            .collect();
        fits.sort_by_key(|(key, _)| *key);
        // Two letters are in almost every name; what begins with them is what is meant.
        if typed.chars().count() < 3 && fits.first().is_some_and(|(key, _)| key.0 == 0) {
            fits.retain(|(key, _)| key.0 == 0);
        }
        fits.truncate(MOST);
        fits.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Where an entry stands among the others; nothing where it does not fit.
    fn key(&mut self, entry: &Entry, typed: &str) -> Option<(u8, u8, i32)> {
        if typed.is_empty() {
            return Some((0, entry.rank, 0));
        }
        let begins =
            entry.name.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed));
        if begins {
            return Some((0, entry.rank, i32::try_from(entry.name.len()).unwrap_or(i32::MAX)));
        }
        let kind = AtomKind::Fuzzy;
        let atom = Atom::new(typed, CaseMatching::Ignore, Normalization::Smart, kind, false);
        let mut buffer = Vec::new();
        let score = atom.score(Utf32Str::new(&entry.name, &mut buffer), &mut self.matcher);
        if let Some(score) = score {
            return Some((1, 0, -i32::from(score)));
        }
        let also = entry.also.as_ref().filter(|_| typed.chars().count() > 1)?;
        let score = atom.score(Utf32Str::new(also, &mut buffer), &mut self.matcher)?;
        Some((2, 0, -i32::from(score)))
    }
}

/// Something that can be put in.
struct Entry {
    name: String,
    /// What else it is found by.
    also: Option<String>,
    rank: u8,
    insert: String,
    detail: String,
    about: String,
    space: bool,
}

impl Completer for Names {
    fn complete(&mut self, line: &str, pos: usize) -> Vec<Suggestion> {
        let live = Arc::clone(&self.live);
        let mut live = live.lock().unwrap_or_else(PoisonError::into_inner);
        let (span, entries, typed) = if is_command(line) {
            let (span, entries) = command(&live, line, pos);
            let typed = line.get(span.start..pos).unwrap_or("").to_owned();
            (span, entries, typed)
        } else {
            let document = live.sync(line);
            let found = complete(document, u32::try_from(pos).unwrap_or(u32::MAX));
            let span = Span::new(found.replaced.start as usize, found.replaced.end as usize);
            let typed = line.get(span.start..pos).unwrap_or("").to_owned();
            (span, found.items.iter().map(entry).collect(), typed)
        };
        drop(live);
        // What a terminal could obey is never put into a line.
        let safe = |entry: &Entry| !entry.insert.chars().any(|c| replacement(c).is_some());
        let entries = entries.into_iter().filter(safe).collect();
        let ranked = self.ranked(entries, &typed);
        ranked.into_iter().map(|entry| suggestion(entry, span)).collect()
    }
}

fn entry(item: &Item) -> Entry {
    let named = matches!(item.kind, ItemKind::Column | ItemKind::Dataset);
    Entry {
        name: item.label.clone(),
        also: named.then(|| item.detail.clone()),
        rank: item.rank,
        insert: if item.snippet { before_holes(&item.insert) } else { item.insert.clone() },
        detail: item.detail.clone(),
        about: about(item),
        space: false,
    }
}

/// What more is known; name and type of a column stand beside it already.
fn about(item: &Item) -> String {
    let card = plain(&documentation(&item.about));
    match card.split_once('\n') {
        Some((_, rest)) if item.kind == ItemKind::Column => rest.to_owned(),
        _ => card,
    }
}

/// The part of a snippet in front of its first place for the cursor.
fn before_holes(snippet: &str) -> String {
    let hole = snippet.match_indices('$').find(|(at, _)| {
        snippet
            .get(at + 1..)
            .is_some_and(|rest| rest.starts_with(|c: char| c == '{' || c.is_ascii_digit()))
    });
    let end = hole.map_or(snippet.len(), |(at, _)| at);
    snippet.get(..end).unwrap_or(snippet).to_owned()
}

fn suggestion(entry: Entry, span: Span) -> Suggestion {
    let name = one_line(&entry.name);
    let shown = if entry.detail.is_empty() {
        name
    } else {
        format!("{name:NAME$} {}", one_line(&entry.detail))
    };
    Suggestion {
        value: entry.insert,
        display_override: Some(shown),
        description: Some(entry.about).filter(|about| !about.is_empty()),
        span,
        append_whitespace: entry.space,
        ..Suggestion::default()
    }
}

/// What can stand in a command, and what it replaces.
fn command(live: &Live, line: &str, pos: usize) -> (Span, Vec<Entry>) {
    let before = line.get(..pos).unwrap_or(line);
    let begin = before.len() - before.trim_start().len();
    let Some(blank) = before.get(begin..).and_then(|rest| rest.find(char::is_whitespace)) else {
        // Behind the sign, which stays as it was written.
        let start = (begin + 1).min(pos);
        return (Span::new(start, pos), COMMANDS.iter().flat_map(names).collect());
    };
    let (name, _) = split(before);
    let last = before.rfind(char::is_whitespace).map_or(begin + blank, |at| {
        at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    });
    let span = Span::new(last, pos);
    let Some(command) = find(name) else { return (span, Vec::new()) };
    let typed = before.get(last..).unwrap_or("");
    (span, arguments(live, command.completes, typed))
}

fn simple(name: impl Into<String>, detail: &str) -> Entry {
    let name = name.into();
    let insert = name.clone();
    let (also, about) = (None, String::new());
    Entry { name, also, rank: 0, insert, detail: detail.to_owned(), about, space: false }
}

fn names(command: &'static super::super::commands::Command) -> Vec<Entry> {
    let all = std::iter::once(command.name).chain(command.aliases.iter().copied());
    all.enumerate()
        .map(|(at, name)| {
            let mut entry = simple(name, command.help);
            entry.rank = u8::from(at > 0);
            entry.space = !command.arguments.is_empty();
            entry
        })
        .collect()
}

fn arguments(live: &Live, what: Completes, typed: &str) -> Vec<Entry> {
    match what {
        Completes::Nothing => Vec::new(),
        Completes::Dataset => datasets(live),
        Completes::File => files(typed),
        Completes::Format => {
            let mut all = vec![simple("auto", "fitted to the screen")];
            all.extend(format_names().map(|name| simple(name, "")));
            all
        }
        Completes::Chart => Kind::ALL.iter().map(|(_, name, help)| simple(*name, help)).collect(),
        Completes::Parameter => live.known.parameters.iter().map(|name| simple(name, "")).collect(),
        Completes::Portal => live.known.portals.iter().map(|name| simple(name, "")).collect(),
        Completes::Command => COMMANDS.iter().flat_map(names).collect(),
        Completes::Switch => vec![simple("on", ""), simple("off", "")],
    }
}

fn datasets(live: &Live) -> Vec<Entry> {
    let catalog = &live.document().world().catalog;
    let mut named = Vec::new();
    let mut entries = Vec::new();
    for (name, dataset) in catalog.names() {
        named.push((dataset.host.clone(), dataset.id.clone()));
        let mut entry = simple(name, &dataset.title);
        entry.also = Some(dataset.title.clone());
        entries.push(entry);
    }
    for dataset in catalog.datasets() {
        if !named.iter().any(|(host, id)| *host == dataset.host && *id == dataset.id) {
            let mut entry = simple(format!("@{}", dataset.id), &dataset.title);
            (entry.also, entry.rank) = (Some(dataset.title.clone()), 1);
            entries.push(entry);
        }
    }
    entries
}

/// What is in the folder that the path names so far.
fn files(typed: &str) -> Vec<Entry> {
    let cut = typed.rfind(['/', MAIN_SEPARATOR]).map_or(0, |at| at + 1);
    let (folder, start) = typed.split_at(cut);
    let path = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
    let Ok(listed) = std::fs::read_dir(path) else { return Vec::new() };
    let mut entries = Vec::new();
    for found in listed.flatten().take(1_000) {
        let Ok(name) = found.file_name().into_string() else { continue };
        let hidden = name.starts_with('.') && !start.starts_with('.');
        if hidden || name.contains(char::is_whitespace) {
            continue;
        }
        let is_folder = found.file_type().is_ok_and(|kind| kind.is_dir());
        let end = if is_folder { "/" } else { "" };
        let mut entry = simple(format!("{folder}{}{end}", inert(&name)), "");
        entry.rank = u8::from(is_folder);
        entries.push(entry);
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

#[cfg(test)]
mod tests {
    use tule_core::schema::catalog::Catalog;
    use tule_core::schema::{Column, Dataset};
    use tule_core::types::Type;
    use tule_ide::document::World;

    use super::*;

    fn world() -> World {
        let mut nature = Column::new("nature", Type::Text);
        nature.label = "Kind of incident".to_owned();
        nature.values = vec!["ALARM".to_owned(), "BAD\x1b[31m".to_owned()];
        let columns = vec![Column::new("beat", Type::Text), nature, Column::new("x", Type::Number)];
        let dataset = Dataset::new("a.gov", "abcd-1234", "Calls to the police", columns);
        let catalog = Arc::new(Catalog::of(vec![("police_calls", dataset)]));
        World { catalog, ..World::default() }
    }

    /// What is offered at the `§`, and what the line becomes with the first.
    fn offered(line: &str) -> (Vec<String>, String) {
        let pos = line.find('§').unwrap();
        let line = line.replace('§', "");
        let live = Arc::new(Mutex::new(Live::new(world())));
        let found = Names::new(&live).complete(&line, pos);
        let mut text = line.clone();
        if let Some(first) = found.first() {
            text.replace_range(first.span.start..first.span.end, &first.value);
        }
        (found.into_iter().map(|found| found.value).collect(), text)
    }

    #[test]
    fn letters_in_order_are_enough_and_beginnings_come_first() {
        assert_eq!(offered("select * from pcl§").1, "select * from police_calls");
        assert_eq!(offered("from police_calls select be§").0[0], "beat");
        assert_eq!(offered("from police_calls select incid§").0, ["nature"]);
        assert_eq!(offered("from police_calls select upp§").1, "from police_calls select upper(");
    }

    #[test]
    fn known_values_are_offered_unless_a_terminal_would_obey_them() {
        let (values, text) = offered("select * from police_calls where nature = '§");
        assert_eq!(values, ["ALARM'"]);
        assert_eq!(text, "select * from police_calls where nature = 'ALARM'");
    }

    #[test]
    fn commands_and_what_they_take_are_offered() {
        assert_eq!(offered(".sch§").1, ".schema");
        assert_eq!(offered("\\sch§").1, "\\schema");
        assert_eq!(offered(".schema pol§").1, ".schema police_calls");
        assert!(offered(".mode §").0.contains(&"geojson".to_owned()));
        assert_eq!(offered(".timing o§").0, ["on", "off"]);
        assert_eq!(offered(".nope x§").0, Vec::<String>::new());
    }

    #[test]
    fn every_place_of_every_line_has_an_answer() {
        let line = "from police_calls select beat, upper(nature) as é where nature = 'A';\n.x";
        let live = Arc::new(Mutex::new(Live::new(world())));
        let mut names = Names::new(&live);
        for pos in 0..=line.len() {
            names.complete(line, pos);
            if line.is_char_boundary(pos) {
                names.complete(&line[..pos], pos);
            }
        }
    }
}
