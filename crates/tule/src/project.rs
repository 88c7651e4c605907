//! The project around the queries: `tule.toml` and `tule.lock`.
//!
//! Found by walking up from the first path a command is given, or from each file. No project is fine: then nothing
//! is known of any dataset, and the checker says so where it matters. Faults of the two files are
//! shown as those of queries are, and end the run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tule_core::diagnostics::{Code, Severity};
use tule_core::lint::Levels;
use tule_core::names::{alternatives, similar};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::{Catalog, Lookup, Reference};
use tule_core::schema::lock::{self, Lock};
use tule_core::schema::manifest::{self, Manifest};
use tule_syntax::limits::MAX_BYTES;
use tule_syntax::span::Span;

use crate::exit::{Outcome, Stop, reason};
use crate::output::Output;
use crate::render::finding::Finding;
use crate::render::human;
use crate::source::{SourceFile, shown};

/// Name of the file that makes a folder a project.
pub(crate) const MANIFEST: &str = "tule.toml";
/// Name of the file with the schemas.
pub(crate) const LOCK: &str = "tule.lock";

/// What a project's files say.
#[derive(Debug, Default)]
pub(crate) struct Project {
    /// Its folder.
    pub(crate) root: Option<PathBuf>,
    /// What `tule.toml` says.
    pub(crate) manifest: Option<Manifest>,
    /// What `tule.lock` says; empty without one.
    pub(crate) lock: Lock,
    /// What is odd about `tule.toml`, as text to show.
    pub(crate) oddities: String,
}

impl Project {
    /// Finds and reads the project of `start`, or the one in the folder that the user named.
    pub(crate) fn load(
        out: &mut Output,
        named: Option<&Path>,
        start: Option<&Path>,
    ) -> Outcome<Self> {
        let root = match named {
            Some(folder) if folder.join(MANIFEST).is_file() => Some(folder.to_owned()),
            Some(folder) => {
                let message = format!("no `{MANIFEST}` in `{}`", shown(folder));
                return Err(Stop::usage(message).help("`tule init` writes one"));
            }
            None => find(start.unwrap_or(Path::new("."))),
        };
        let Some(root) = root else { return Ok(Self::default()) };
        let (manifest, oddities) = read_manifest(out, &root)?;
        let lock = read_lock(out, &root)?;
        Ok(Self { root: Some(root), manifest: Some(manifest), lock, oddities })
    }

    /// The datasets that queries of this project can name.
    pub(crate) fn catalog(&self) -> Catalog {
        Catalog::new(self.manifest.as_ref(), self.lock.clone())
    }

    /// How seriously the project takes each rule.
    pub(crate) fn levels(&self) -> Levels {
        let lints = self.manifest.iter().flat_map(|manifest| &manifest.lints);
        Levels::default().with(lints.map(|(name, level)| (name.as_str(), *level)))
    }

    /// The path of a file as the project sees it, so that it is the same from every folder.
    pub(crate) fn relative(&self, file: &SourceFile) -> String {
        let inside = || {
            let root = self.root.as_ref()?.canonicalize().ok()?;
            let path = file.path.as_ref()?.canonicalize().ok()?;
            path.strip_prefix(root).ok().map(shown)
        };
        inside().unwrap_or_else(|| file.name.clone())
    }
}

/// The dataset that the user names on the command line.
pub(crate) fn dataset(catalog: &Catalog, name: &str) -> Outcome<Arc<Dataset>> {
    let reference = name.strip_prefix('@').map_or(Reference::Path(name), Reference::Id);
    match catalog.lookup(reference) {
        Lookup::Found(dataset) => Ok(dataset),
        Lookup::NotLocked { .. } => {
            let message = format!("the schema of `{name}` is not in `{LOCK}`");
            Err(Stop::usage(message).help("`tule lock --from FILE.json` adds it"))
        }
        Lookup::Ambiguous(places) => {
            let places: Vec<&str> = places.iter().map(String::as_str).collect();
            let message = format!("several portals have `{name}`");
            Err(Stop::usage(message).help(format!("write {}", alternatives(&places))))
        }
        Lookup::Unknown { similar } => {
            let near: Vec<&str> = similar.iter().map(String::as_str).collect();
            let stop = Stop::usage(format!("no dataset `{name}`"));
            Err(match near.as_slice() {
                [] => stop.help("`tule.toml` names datasets, `tule.lock` holds their schemas"),
                near => stop.help(format!("perhaps {} was meant", alternatives(near))),
            })
        }
    }
}

/// The nearest folder at or above `start` with a `tule.toml`.
pub(crate) fn find(start: &Path) -> Option<PathBuf> {
    // Without this the parent of `../queries` would be `..`, and its parent nothing. What does
    // not exist, such as the folder of a file that is yet to be saved, is left out.
    let start = std::path::absolute(start).ok()?;
    let start = start.ancestors().find_map(|folder| folder.canonicalize().ok())?;
    let root = start.ancestors().find(|folder| folder.join(MANIFEST).is_file())?;
    // Shown to people: as short as it can be.
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let short = here.as_ref().and_then(|here| root.strip_prefix(here).ok());
    Some(match short {
        Some(short) if short.as_os_str().is_empty() => PathBuf::from("."),
        Some(short) => short.to_owned(),
        None => root.to_owned(),
    })
}

fn read_manifest(out: &mut Output, root: &Path) -> Outcome<(Manifest, String)> {
    let path = root.join(MANIFEST);
    let text = read_text(&path)?;
    let file = SourceFile::text(&shown(&path), &text);
    match manifest::parse(&file.text) {
        Ok(manifest) => {
            let oddities = check_lints(out, &file, &manifest)?;
            Ok((manifest, oddities))
        }
        Err(errors) => {
            let findings = errors
                .iter()
                .map(|error| Finding::error(error.span, &error.message, &error.help))
                .collect::<Vec<_>>();
            refuse(out, &file, &findings)
        }
    }
}

fn read_lock(out: &mut Output, root: &Path) -> Outcome<Lock> {
    let path = root.join(LOCK);
    if !path.try_exists().unwrap_or(true) {
        return Ok(Lock::default());
    }
    let text = read_text(&path)?;
    let file = SourceFile::text(&shown(&path), &text);
    lock::read(&file.text).or_else(|error| {
        refuse(out, &file, &[Finding::error(error.span, &error.message, &error.help)])
    })
}

fn read_text(path: &Path) -> Outcome<String> {
    let text = fs::metadata(path).and_then(|facts| {
        if usize::try_from(facts.len()).map_or(true, |length| length > MAX_BYTES) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        fs::read_to_string(path)
    });
    text.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Stop::usage(format!("`{}` is not UTF-8", shown(path))),
        _ => Stop::usage(format!("cannot read `{}`: {}", shown(path), reason(&error))),
    })
}

/// Shows what is wrong with a project file.
pub(crate) fn refuse<T>(
    out: &mut Output,
    file: &SourceFile,
    findings: &[Finding<'_>],
) -> Outcome<T> {
    let paint = out.paint_error;
    let shown = human::findings(file, findings, paint);
    out.tell(&shown)?;
    Err(Stop::Shown)
}

/// What is wrong with a level for a lint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LintFault {
    /// A warning if the project may be made for a later version.
    pub(crate) severity: Severity,
    pub(crate) message: String,
    /// Empty where nothing more can be said.
    pub(crate) help: String,
}

/// A level for a lint that does not exist is a misspelling if one like it does; otherwise the
/// project may be made for a later version. What a portal refuses has no level.
pub(crate) fn lint_fault(name: &str) -> Option<LintFault> {
    let fault = |severity, message, help| Some(LintFault { severity, message, help });
    let code = match Code::from_name(name) {
        Some(code) if code.info().has_level() => return None,
        code => code,
    };
    if code.is_some() {
        let message = format!("`{name}` is always an error and has no level");
        return fault(Severity::Error, message, String::new());
    }
    let lints = tule_core::diagnostics::CODES.iter();
    let lints = lints.filter(|info| info.has_level()).map(|info| info.name);
    let message = format!("no lint `{name}`");
    match similar(name, lints).as_slice() {
        [] => fault(
            Severity::Warning,
            message,
            "`tule explain` lists those of this version".to_owned(),
        ),
        near => {
            let help = format!("perhaps {} was meant", alternatives(near));
            fault(Severity::Error, message, help)
        }
    }
}

/// Complains about levels in `tule.toml`; what is only odd is given back as text.
fn check_lints(out: &mut Output, file: &SourceFile, manifest: &Manifest) -> Outcome<String> {
    let mut faults: Vec<(Span, LintFault)> = manifest
        .lints
        .keys()
        .filter_map(|name| Some((manifest.lint_span(name).unwrap_or_default(), lint_fault(name)?)))
        .collect();
    faults.sort_by_key(|fault| fault.0);
    let findings: Vec<_> = faults
        .iter()
        .map(|(span, fault)| Finding {
            severity: fault.severity,
            ..Finding::error(*span, &fault.message, &fault.help)
        })
        .collect();
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return refuse(out, file, &findings);
    }
    Ok(human::findings(file, &findings, out.paint_error))
}
