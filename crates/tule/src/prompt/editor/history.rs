//! What was submitted, kept whole in a file that only the user can read.
//!
//! Every entry is on the disk before it is carried out. Left out is what should not be kept:
//! statements with a token in them, and texts that a terminal would obey. The file is reedline's,
//! with a line for each entry.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy as _, choose_base_strategy};
use reedline::{
    FileBackedHistory, History, HistoryItem, HistoryItemId, HistorySessionId, Result,
    SearchDirection, SearchQuery,
};
use tule_core::diagnostics::Code;
use tule_ide::document::{Document, World};

use super::super::commands::split;
use super::super::input::is_command;
use crate::escape::replacement;
use crate::exit::reason;

/// Entries that are kept.
const CAPACITY: usize = 10_000;

/// The history of the user, and what is odd about it; without a file, that of this session.
pub(super) fn open() -> (Kept, Option<String>) {
    let Some(path) = path() else { return (Kept::in_memory(), None) };
    match at(&path) {
        Ok(history) => (Kept(history), None),
        Err(why) => {
            let text = format!("nothing is kept of this session: `{}`: {why}", path.display());
            (Kept::in_memory(), Some(text))
        }
    }
}

/// The file: `TULE_HISTORY`, else `history` in the user's folder for state.
fn path() -> Option<PathBuf> {
    let named = std::env::var_os("TULE_HISTORY");
    if let Some(path) = named {
        return (!path.is_empty()).then(|| PathBuf::from(path));
    }
    let base = choose_base_strategy().ok()?;
    let folder = base.state_dir().unwrap_or_else(|| base.data_dir());
    Some(folder.join("tule").join("history"))
}

fn at(path: &Path) -> std::result::Result<FileBackedHistory, String> {
    let told = |error: &io::Error| reason(error);
    create(path).map_err(|error| told(&error))?;
    FileBackedHistory::with_file(CAPACITY, path.to_owned()).map_err(|error| error.to_string())
}

/// Makes the file, or an older one, readable for the user alone.
fn create(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let file = options.mode(0o600).open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    options.open(path)?;
    Ok(())
}

/// Every entry, oldest first.
pub(super) fn all(history: &dyn History) -> Vec<String> {
    let query = SearchQuery::everything(SearchDirection::Forward, None);
    let found = history.search(query).unwrap_or_default();
    found.into_iter().map(|item| item.command_line).collect()
}

/// Whether a text may be kept.
fn may_keep(text: &str) -> bool {
    if text.chars().any(|c| !matches!(c, '\n' | '\t') && replacement(c).is_some()) {
        return false;
    }
    if is_command(text) && split(text).0.eq_ignore_ascii_case("login") {
        return split(text).1.split_whitespace().count() < 2;
    }
    // In an address the same words are a token as in a comment.
    let text = if is_command(text) { format!("-- {text}") } else { text.to_owned() };
    let document = Document::new(text, World::default());
    let has_secret = document
        .parts()
        .iter()
        .flat_map(|part| &part.analysis.checked.diagnostics)
        .any(|found| found.code == Code::SecretInQuery);
    !has_secret
}

/// A history that is written at once, and leaves out what may not be kept.
pub(super) struct Kept(FileBackedHistory);

impl Kept {
    fn in_memory() -> Self {
        Self(FileBackedHistory::new(CAPACITY).unwrap_or_default())
    }
}

impl History for Kept {
    fn save(&mut self, item: HistoryItem) -> Result<HistoryItem> {
        if !may_keep(&item.command_line) {
            return Ok(item);
        }
        let trimmed = item.command_line.trim_end().to_owned();
        let saved = self.0.save(HistoryItem { command_line: trimmed, ..item })?;
        // A full disk is no reason not to carry out what was typed.
        let _ = self.0.sync();
        Ok(saved)
    }

    fn load(&self, id: HistoryItemId) -> Result<HistoryItem> {
        self.0.load(id)
    }

    fn count(&self, query: SearchQuery) -> Result<i64> {
        self.0.count(query)
    }

    fn search(&self, query: SearchQuery) -> Result<Vec<HistoryItem>> {
        self.0.search(query)
    }

    fn update(
        &mut self,
        id: HistoryItemId,
        updater: &dyn Fn(HistoryItem) -> HistoryItem,
    ) -> Result<()> {
        self.0.update(id, updater)
    }

    fn clear(&mut self) -> Result<()> {
        self.0.clear()
    }

    fn delete(&mut self, id: HistoryItemId) -> Result<()> {
        self.0.delete(id)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }

    fn session(&self) -> Option<HistorySessionId> {
        self.0.session()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_whole_on_the_disk_at_once_and_for_the_user_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("history");
        let mut history = Kept(at(&path).unwrap());
        let text = "select a,\n  b\nfrom c;";
        history.save(HistoryItem::from_command_line(text)).unwrap();
        // A second one, as another process would open it; the first was not dropped.
        assert_eq!(all(&at(&path).unwrap()), [text]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn tokens_and_what_a_terminal_obeys_are_not_kept() {
        let mut history = Kept::in_memory();
        for text in [
            "select 1; -- app_token=abcdefgh12345678abcdefgh1",
            ".import https://a.gov/resource/abcd-1234.json?$$app_token=abcdefgh12345678abcdefgh1",
            ".login a.gov abcdefgh12345678abcdefgh1",
            "select '\x1b[2J';",
            "select 2;",
            ".login a.gov",
        ] {
            history.save(HistoryItem::from_command_line(text)).unwrap();
        }
        assert_eq!(all(&history.0), ["select 2;", ".login a.gov"]);
    }
}
