//! Documents that were fetched, kept on disk.
//!
//! One file for each address, written whole under another name and then renamed, so that several
//! processes can share a folder: a reader sees the old document or the new one. A file that is
//! not what was written, for whatever reason, counts as absent. What a document means is
//! deliberately absent, as is any limit of age: whether it is still good is the portal's to say.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::exchange::{Marks, Notice};

/// The form of the files; another one is another tool's.
const FORM: u32 = 1;

/// Largest file that is read.
const MOST: u64 = 128 << 20;

/// A folder of documents.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

/// A document and what is known of it.
#[derive(Serialize, Deserialize, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    form: u32,
    /// The address, complete: names of files are shortened.
    address: String,
    pub(crate) marks: Marks,
    pub(crate) text: String,
}

impl Cache {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The document of an address, if it is here.
    pub(crate) fn read(&self, url: &Url) -> Option<Entry> {
        let path = self.path(url);
        if fs::metadata(&path).ok()?.len() > MOST {
            return None;
        }
        let entry: Entry = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
        (entry.form == FORM && entry.address == url.as_str()).then_some(entry)
    }

    /// Keeps a document. That it cannot be kept is no reason not to use it.
    pub(crate) fn write(&self, url: &Url, text: &str, marks: &Marks) -> Result<(), Notice> {
        let path = self.path(url);
        let entry = Entry {
            form: FORM,
            address: url.as_str().to_owned(),
            marks: marks.clone(),
            text: text.to_owned(),
        };
        put(&path, &entry).map_err(|error| Notice::NotKept { path, reason: error.to_string() })
    }

    fn path(&self, url: &Url) -> PathBuf {
        let host = plain(&crate::exchange::place_of(url));
        // Different addresses may be shortened to the same name; a sum tells them apart.
        let sum = crate::pages::add(0, url.as_str().as_bytes());
        self.folder.join(format!("{host}-{sum:016x}.json"))
    }
}

fn put(path: &Path, entry: &Entry) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut file, entry)?;
    file.flush()?;
    file.persist(path)?;
    Ok(())
}

/// A name that every file system takes.
fn plain(text: &str) -> String {
    let sign = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    text.chars().take(100).map(sign).collect::<String>().trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("deep/er"));
        let url = Url::parse("https://data.example.org/api/views/abcd-1234.json").unwrap();
        assert_eq!(cache.read(&url), None);
        let marks = Marks { etag: Some("\"1\"".to_owned()), last_modified: None };
        cache.write(&url, "{\"a\": \"ä\"}", &marks).unwrap();
        let entry = cache.read(&url).unwrap();
        assert_eq!((entry.text.as_str(), &entry.marks), ("{\"a\": \"ä\"}", &marks));
        let other = Url::parse("https://data.example.org/api/views/abcd-1234.json?x=1").unwrap();
        assert_eq!(cache.read(&other), None);

        let path = cache.path(&url);
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(cache.read(&url), None, "{length}");
        }
        fs::write(&path, [0xff; 40]).unwrap();
        assert_eq!(cache.read(&url), None);
        fs::rename(&path, cache.path(&other)).unwrap();
        assert_eq!(cache.read(&other), None);
    }

    #[test]
    fn names_stay_in_the_folder() {
        let cache = Cache::new(PathBuf::from("folder"));
        for address in
            ["https://h/../../x", "https://h/%2e%2e%2fx", "https://h:1/a\\b", "https://h/"]
        {
            let path = cache.path(&Url::parse(address).unwrap());
            assert_eq!(path.parent(), Some(Path::new("folder")), "{address}");
        }
        let long = format!("https://h/{}", "x".repeat(5_000));
        let name = cache.path(&Url::parse(&long).unwrap());
        assert!(name.file_name().unwrap().len() < 200);
    }

    #[test]
    fn several_writers_leave_one_whole_document() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let url = Url::parse("https://h/x").unwrap();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let (cache, url) = (&cache, &url);
                scope.spawn(move || {
                    let text = format!("{writer}").repeat(50_000);
                    for _ in 0..20 {
                        cache.write(url, &text, &Marks::default()).unwrap();
                        let read = cache.read(url).expect("somebody's document").text;
                        assert!(
                            read.len() == 50_000 && read.bytes().all(|b| b == read.as_bytes()[0])
                        );
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }
}
