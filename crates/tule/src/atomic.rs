//! Files written whole or not at all.
//!
//! The new text goes to a file beside the old one, which it then replaces in one step. Somebody
//! who reads at the same time sees either; a full disk or a kill leaves the old one.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::exit::{Outcome, Stop};

/// Replaces the contents of `path`, or creates it. Links are followed and permissions kept.
pub(crate) fn write(path: &Path, text: &str) -> Outcome<()> {
    replace(path, text).map_err(|error| Stop::file("write", path, &error))
}

/// Creates `path`, which must not exist.
pub(crate) fn create(path: &Path, text: &str) -> Outcome<()> {
    let result = beside(path, text).and_then(|file| Ok(file.persist_noclobber(path)?));
    result.map_err(|error| Stop::file("create", path, &error))?;
    Ok(())
}

/// The same with the system's own error.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut file = Replacement::begin(path)?;
    file.write_all(text.as_bytes())?;
    file.keep()
}

/// A file that is being written beside the one it will replace. Dropped before it is kept, it
/// leaves nothing.
#[derive(Debug)]
pub(crate) struct Replacement {
    file: BufWriter<tempfile::NamedTempFile>,
    target: PathBuf,
}

impl Replacement {
    /// Begins to write what will replace `path`, or be it.
    pub(crate) fn begin(path: &Path) -> io::Result<Self> {
        let (target, facts) = place(path)?;
        let file = empty_beside(&target)?;
        if let Some(facts) = facts {
            file.as_file().set_permissions(facts.permissions())?;
        }
        Ok(Self { file: BufWriter::new(file), target })
    }

    /// Puts it in its place.
    pub(crate) fn keep(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(self.target)?;
        Ok(())
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Where a file that replaces `path` really goes, and what is known of the one that is there.
pub(crate) fn place(path: &Path) -> io::Result<(PathBuf, Option<fs::Metadata>)> {
    // A link to nowhere is followed, and found to lead nowhere; only what is not there at all is
    // created.
    if path.symlink_metadata().is_err() {
        return Ok((path.to_owned(), None));
    }
    let target = fs::canonicalize(path)?;
    let facts = fs::metadata(&target)?;
    if !facts.is_file() {
        // A device or a pipe would be replaced by a file of its name.
        return Err(io::Error::other("it is not an ordinary file"));
    }
    if facts.permissions().readonly() {
        // Renaming would get round a protection that writing would not.
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok((target, Some(facts)))
}

fn beside(path: &Path, text: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut file = empty_beside(path)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn empty_beside(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tule-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What the system makes of an ordinary new file; its mask still applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tule");
        create(&path, "one").unwrap();
        assert!(create(&path, "two").is_err());
        write(&path, "three").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_kept_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        create(&path, "one").unwrap();
        let mut file = Replacement::begin(&path).unwrap();
        file.write_all(b"two").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        create(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        write(&link, "two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(write(&path, "three").is_err());
        fs::remove_file(&path).unwrap();
        assert!(write(&link, "four").is_err());
        assert!(write(folder.path(), "five").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
