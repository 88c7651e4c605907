//! Files that grow over several runs and are put in their place when they are whole.
//!
//! Beside the growing file lies a record of how far it is good, and of what its writer needs to go
//! on from there. The record changes in one step, and only when everything it speaks for is on the
//! disk: after a kill at any moment, what stands behind the last record is cut off and written
//! again. Deliberately absent: what the bytes are, and when it is safe to go on.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::atomic;

/// Changes whenever the form of the record does.
const VERSION: u32 = 1;

/// A growing file. It stays where it is until it is finished.
#[derive(Debug)]
pub(crate) struct Partial {
    file: BufWriter<File>,
    path: PathBuf,
}

/// What stands beside a growing file.
#[derive(Serialize, Deserialize)]
struct Record<S> {
    version: u32,
    /// How many bytes are good.
    bytes: u64,
    state: S,
}

/// Why a growing file cannot be opened.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// Another process is writing it.
    Busy,
    /// The system says so.
    Io(io::Error),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Partial {
    /// Opens the growing file at `path`, or begins it; its folder is created if need be. Gives what
    /// was noted last, and then the file ends where it ended then; without it, the file is empty.
    pub(crate) fn open<S: DeserializeOwned>(path: &Path) -> Result<(Self, Option<S>), OpenError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        let mut file = options.create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::Busy),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let length = file.metadata()?.len();
        let record = read::<S>(&record_path(path)).filter(|record| record.bytes <= length);
        let good = record.as_ref().map_or(0, |record| record.bytes);
        file.set_len(good)?;
        file.seek(SeekFrom::Start(good))?;
        let this = Self { file: BufWriter::new(file), path: path.to_owned() };
        Ok((this, record.map(|record| record.state)))
    }

    /// Makes it empty, so that it can be written from its beginning.
    pub(crate) fn restart(&mut self) -> io::Result<()> {
        // In this order, no record ever speaks for bytes that are not there.
        remove(&record_path(&self.path))?;
        self.file.flush()?;
        self.file.get_ref().set_len(0)?;
        self.file.rewind()
    }

    /// Notes that everything so far is good, and what is needed to go on.
    pub(crate) fn note(&mut self, state: &impl Serialize) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_data()?;
        let bytes = self.file.stream_position()?;
        let record = serde_json::to_vec(&Record { version: VERSION, bytes, state })?;
        // Always under the same name, so that what a kill leaves of it is gone with the next.
        let new = beside(&self.path, ".new");
        let mut file = File::create(&new)?;
        file.write_all(&record)?;
        file.sync_all()?;
        fs::rename(new, record_path(&self.path))
    }

    /// Puts the file where it belongs, in the place of what is there; the record goes away.
    pub(crate) fn finish(self, target: &Path) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        put(&self.path, target)?;
        remove(&beside(&self.path, ".new"))?;
        remove(&record_path(&self.path))
    }

    /// Removes it and its record.
    pub(crate) fn discard(self) -> io::Result<()> {
        remove(&record_path(&self.path))?;
        remove(&self.path)
    }
}

impl Write for Partial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Moves a file that is whole and on the disk to its place, in the place of what is there.
pub(crate) fn put(from: &Path, target: &Path) -> io::Result<()> {
    let (target, facts) = atomic::place(target)?;
    if let Some(facts) = facts {
        fs::set_permissions(from, facts.permissions())?;
    }
    match fs::rename(from, &target) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {}
        other => return other,
    }
    // From another disk it has to be copied. The copy always has the same name, so that what a kill
    // leaves of it is gone with the next.
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let copy = target.with_file_name(format!(".{name}.partial"));
    fs::copy(from, &copy)?;
    File::open(&copy)?.sync_all()?;
    fs::rename(&copy, &target)?;
    remove(from)
}

fn record_path(path: &Path) -> PathBuf {
    beside(path, ".state")
}

/// The path with something behind its name.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The record, if there is one of this version's form.
fn read<S: DeserializeOwned>(path: &Path) -> Option<Record<S>> {
    let record: Record<S> = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (record.version == VERSION).then_some(record)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> (Partial, Option<u32>) {
        Partial::open(path).unwrap()
    }

    #[test]
    fn what_was_noted_is_there_again_and_nothing_behind_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/rows");
        let (mut partial, state) = open(&path);
        assert_eq!(state, None);
        partial.write_all(b"one").unwrap();
        partial.note(&1).unwrap();
        partial.write_all(b"lost").unwrap();
        // As a kill leaves it: written, and not noted.
        partial.flush().unwrap();
        assert!(matches!(Partial::open::<u32>(&path), Err(OpenError::Busy)));
        drop(partial);
        let (mut partial, state) = open(&path);
        assert_eq!((state, fs::read(&path).unwrap()), (Some(1), b"one".to_vec()));
        partial.write_all(b"two").unwrap();
        let target = folder.path().join("whole");
        fs::write(&target, "before").unwrap();
        partial.finish(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"onetwo");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 0);
    }

    #[test]
    fn a_record_that_does_not_fit_counts_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows");
        let record = record_path(&path);
        for (bytes, note) in [
            (&b"abc"[..], r#"{"version":1,"bytes":4,"state":7}"#),
            (b"abc", r#"{"version":2,"bytes":3,"state":7}"#),
            (b"abc", r#"{"version":1,"bytes":3,"state":"x"}"#),
            (b"abc", r#"{"version":1,"by"#),
        ] {
            fs::write(&path, bytes).unwrap();
            fs::write(&record, note).unwrap();
            let (partial, state) = open(&path);
            assert_eq!((state, fs::read(&path).unwrap()), (None, Vec::new()), "{note}");
            drop(partial);
        }
        let (mut partial, _) = open(&path);
        partial.write_all(b"abc").unwrap();
        partial.note(&7).unwrap();
        partial.restart().unwrap();
        partial.write_all(b"d").unwrap();
        drop(partial);
        let (mut partial, state) = open(&path);
        assert_eq!((state, fs::read(&path).unwrap()), (None, Vec::new()));
        partial.write_all(b"e").unwrap();
        partial.note(&8).unwrap();
        drop(partial);
        assert_eq!((open(&path).1, fs::read(&path).unwrap()), (Some(8), b"e".to_vec()));
    }
}
