//! Findings that a project knows and accepts for now.
//!
//! A baseline lets an old project fail its build for new findings alone. It is a file of
//! fingerprints, sorted, a line each, so that its difference in a review shows what was repaired.
//! Checking never adds to it; it grows only when it is written anew. The form is that of
//! `docs/baseline.schema.json`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::exit::{Outcome, Stop};
use crate::report::FileReport;
use crate::source::shown;

const VERSION: u32 = 1;

/// Accepted findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Baseline {
    /// Fingerprints by path and code.
    entries: BTreeMap<(String, String), BTreeSet<String>>,
    known: HashSet<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    path: String,
    code: String,
    /// For people; readers count the fingerprints.
    count: usize,
    fingerprints: BTreeSet<String>,
}

impl Baseline {
    /// Reads a baseline; `None` where there is no file.
    pub(crate) fn read(path: &Path) -> Outcome<Option<Self>> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Stop::file("read", path, &error)),
        };
        let refuse = |why: &str| {
            Stop::usage(format!("`{}` is no baseline: {why}", shown(path)))
                .help("`--write-baseline` writes it anew")
        };
        let document: Document =
            serde_json::from_str(&text).map_err(|error| refuse(&error.to_string()))?;
        if document.version != VERSION {
            return Err(refuse(&format!("version {} is not known", document.version)));
        }
        let mut baseline = Self::default();
        for entry in document.findings {
            for fingerprint in entry.fingerprints {
                baseline.add(&entry.path, &entry.code, &fingerprint);
            }
        }
        Ok(Some(baseline))
    }

    /// A baseline that accepts everything that was found, and what it accepted before.
    pub(crate) fn of(files: &[FileReport], before: &Self) -> Self {
        let mut baseline = before.clone();
        for report in files {
            for found in &report.found {
                let code = found.diagnostic.code.name();
                baseline.add(&report.path, code, &found.fingerprint);
            }
        }
        baseline
    }

    fn add(&mut self, path: &str, code: &str, fingerprint: &str) {
        let entry = self.entries.entry((path.to_owned(), code.to_owned())).or_default();
        entry.insert(fingerprint.to_owned());
        self.known.insert(fingerprint.to_owned());
    }

    /// Whether the finding is accepted.
    pub(crate) fn accepts(&self, fingerprint: &str) -> bool {
        self.known.contains(fingerprint)
    }

    /// How many findings are accepted.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// The baseline without the findings that are gone: those of files that were checked, and
    /// those of files that no longer exist in the folder `root`. Of other files nothing is known.
    pub(crate) fn shrunk(&self, files: &[FileReport], root: &Path) -> Self {
        let checked: HashSet<&str> = files.iter().map(|report| report.path.as_str()).collect();
        let found: HashSet<&str> =
            files.iter().flat_map(|report| &report.accepted).map(String::as_str).collect();
        let mut shrunk = Self::default();
        for ((path, code), fingerprints) in &self.entries {
            let unknown = !checked.contains(path.as_str()) && root.join(path).exists();
            for fingerprint in fingerprints {
                if unknown || found.contains(fingerprint.as_str()) {
                    shrunk.add(path, code, fingerprint);
                }
            }
        }
        shrunk
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> Outcome<String> {
        let findings = self
            .entries
            .iter()
            .map(|((path, code), fingerprints)| Entry {
                path: path.clone(),
                code: code.clone(),
                count: fingerprints.len(),
                fingerprints: fingerprints.clone(),
            })
            .collect();
        let document = Document { version: VERSION, findings };
        let text = serde_json::to_string_pretty(&document).map_err(io::Error::from)?;
        Ok(text + "\n")
    }
}
