//! Where a snapshot goes: a local portal of the project, or a folder that can become one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tule_core::names::{alternatives, fold};
use tule_core::schema::manifest::{self, Portal};

use crate::atomic;
use crate::exit::{Outcome, Stop};
use crate::local::{self, named};
use crate::output::{INFO, Output};
use crate::project::{MANIFEST, Project};
use crate::source::shown;

/// The folder where a project has no local portal.
const USUAL: &str = "data";

/// A folder for snapshots.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// Its name as a portal.
    pub(super) name: String,
    /// Whether `tule.toml` names it.
    is_known: bool,
}

impl Place {
    /// The local portal or folder that the user named; else the project's only local portal; else
    /// a folder beside `tule.toml`.
    pub(super) fn find(project: &Project, wanted: Option<&Path>) -> Outcome<Self> {
        let portals: Vec<&Portal> = named(project).collect();
        let Some(wanted) = wanted else {
            return match portals.as_slice() {
                [only] => Ok(Self::of(project, only)),
                [] => Ok(Self::new(project, &root(project).join(USUAL))),
                several => {
                    let names: Vec<&str> = several.iter().map(|portal| &*portal.name).collect();
                    Err(Stop::usage(format!("`{MANIFEST}` has several local portals"))
                        .help(format!("`--to` names one: {}", alternatives(&names))))
                }
            };
        };
        let name = wanted.to_string_lossy();
        if let Some(portal) = portals.iter().find(|portal| fold(&portal.name) == fold(&name)) {
            return Ok(Self::of(project, portal));
        }
        let same = |portal: &&&Portal| {
            let known = local::folder(project, portal).canonicalize().ok();
            known.is_some() && known == wanted.canonicalize().ok()
        };
        if let Some(portal) = portals.iter().find(same) {
            return Ok(Self { folder: wanted.to_owned(), ..Self::of(project, portal) });
        }
        // A word alone is as likely a portal's name, misspelled.
        if !wanted.is_dir() && wanted.components().count() < 2 && !name.contains(['/', '\\']) {
            let stop = Stop::usage(format!("`{name}` is neither a local portal nor a folder"));
            return Err(stop.help(format!("`--to ./{name}` creates the folder")));
        }
        Ok(Self::new(project, wanted))
    }

    fn of(project: &Project, portal: &Portal) -> Self {
        let (folder, name) = (local::folder(project, portal), portal.name.clone());
        Self { folder, name, is_known: true }
    }

    /// A folder that no portal is in, under a name that is free.
    fn new(project: &Project, folder: &Path) -> Self {
        let portals = || project.manifest.iter().flat_map(|manifest| &manifest.portals);
        let is_free = |name: &String| portals().all(|portal| fold(&portal.name) != fold(name));
        let first = std::iter::once("local".to_owned());
        let names = first.chain((2..).map(|number: u32| format!("local_{number}")));
        let name = names.into_iter().find(is_free).unwrap_or_default();
        Self { folder: folder.to_owned(), name, is_known: false }
    }

    /// Creates the folder.
    pub(super) fn create(&self) -> Outcome<()> {
        std::fs::create_dir_all(&self.folder)
            .map_err(|error| Stop::file("create", &self.folder, &error))
    }

    /// Makes the folder a portal of the project, or says how that is done.
    pub(super) fn announce(&self, out: &mut Output, project: &Project, add: bool) -> Outcome<()> {
        if self.is_known {
            return Ok(());
        }
        let path = root(project).join(MANIFEST);
        let lines = self.lines(project);
        if add {
            let text = match &project.root {
                Some(_) => std::fs::read_to_string(&path)
                    .map_err(|error| Stop::file("read", &path, &error))?,
                None => String::new(),
            };
            let text = joined(&text, &lines);
            if manifest::parse(&text).is_ok() {
                atomic::write(&path, &text)?;
                let note = format!(
                    "`{}` names the folder as the portal `{}` now",
                    shown(&path),
                    self.name
                );
                return Ok(out.tell_line(INFO, "note", &note)?);
            }
        }
        let note = format!("for `tule run --local`, `{}` needs these lines", shown(&path));
        out.tell_line(INFO, "note", &format!("{note}, which `--add` writes"))?;
        Ok(out.tell(&crate::escape::inert_lines(&lines))?)
    }

    /// What `tule.toml` says of the portal.
    fn lines(&self, project: &Project) -> String {
        let real = |path: &Path| std::path::absolute(path).ok();
        let inside = real(&self.folder)
            .zip(real(root(project)))
            .and_then(|(folder, root)| folder.strip_prefix(root).map(Path::to_owned).ok())
            .filter(|folder| !folder.as_os_str().is_empty());
        let url = match &inside {
            Some(folder) => shown(folder),
            None => shown(&real(&self.folder).unwrap_or_else(|| self.folder.clone())),
        };
        let mut lines = String::new();
        // Writing to a string does not fail.
        let _ = write!(lines, "[portals.{}]\nurl = {}\n", self.name, quoted(&url));
        lines.push_str("kind = \"local\"\n");
        lines
    }
}

/// The folder that paths of `tule.toml` count from.
fn root(project: &Project) -> &Path {
    project.root.as_deref().unwrap_or(Path::new("."))
}

fn joined(text: &str, lines: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() { lines.to_owned() } else { format!("{text}\n\n{lines}") }
}

/// Text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
