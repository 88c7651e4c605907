//! How seriously each rule is taken.

use crate::diagnostics::{CODES, Code, Diagnostic, Severity};
use crate::schema::manifest::LintLevel;

/// A level for every code: the catalogue's, unless a project or a command line says otherwise.
#[derive(Clone, Debug)]
pub struct Levels(Vec<Option<LintLevel>>);

impl Default for Levels {
    fn default() -> Self {
        Self(vec![None; CODES.len()])
    }
}

impl Levels {
    /// Sets levels by the name of the rule, later ones over earlier ones. Names that do not exist
    /// and rules that have no level are passed over: whoever read the names complains.
    #[must_use]
    pub fn with<'n>(mut self, levels: impl IntoIterator<Item = (&'n str, LintLevel)>) -> Self {
        for (name, level) in levels {
            let code = Code::from_name(name).filter(|code| code.info().has_level());
            if let Some(slot) = code.and_then(|code| self.0.get_mut(code as usize)) {
                *slot = Some(level);
            }
        }
        self
    }

    /// Every lint at `warn` at least, those that are off by default too.
    #[must_use]
    pub fn all() -> Self {
        let off = CODES.iter().filter(|info| !info.on);
        Self::default().with(off.map(|info| (info.name, LintLevel::Warn)))
    }

    /// Whether findings of this code are reported.
    #[must_use]
    pub fn is_on(&self, code: Code) -> bool {
        match self.get(code) {
            Some(level) => level != LintLevel::Allow,
            None => code.info().on,
        }
    }

    /// Gives a finding the severity of its level; `false` if it is not to be reported.
    #[must_use]
    pub fn apply(&self, diagnostic: &mut Diagnostic) -> bool {
        match self.get(diagnostic.code) {
            None => return diagnostic.code.info().on,
            Some(LintLevel::Allow) => return false,
            Some(LintLevel::Warn) => diagnostic.severity = Severity::Warning,
            Some(LintLevel::Error) => diagnostic.severity = Severity::Error,
        }
        true
    }

    fn get(&self, code: Code) -> Option<LintLevel> {
        self.0.get(code as usize).copied().flatten()
    }
}
