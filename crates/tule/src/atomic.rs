//! Files written whole or not at all.
//!
//! The new text goes to a file beside the old one, which it then replaces in one step. Somebody
//! who reads at the same time sees either; a full disk or a kill leaves the old one.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

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

fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link to nowhere is followed, and found to lead nowhere; only what is not there at all is
    // created.
    let exists = path.symlink_metadata().is_ok();
    let target = if exists { fs::canonicalize(path)? } else { path.to_owned() };
    let file = beside(&target, text)?;
    if exists {
        let facts = fs::metadata(&target)?;
        if !facts.is_file() {
            // A device or a pipe would be replaced by a file of its name.
            return Err(io::Error::other("it is not an ordinary file"));
        }
        if facts.permissions().readonly() {
            // Renaming would get round a protection that writing would not.
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        file.as_file().set_permissions(facts.permissions())?;
    }
    file.persist(target)?;
    Ok(())
}

fn beside(path: &Path, text: &str) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tule-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What the system makes of an ordinary new file; its mask still applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
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
