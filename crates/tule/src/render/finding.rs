//! What all renderers for people take: a diagnostic, or a fault of a project file in its place.

use tule_core::diagnostics::{Diagnostic, Severity};
use tule_syntax::span::Span;

/// One thing to show.
#[derive(Clone, Debug)]
pub(crate) struct Finding<'d> {
    pub(crate) severity: Severity,
    /// The name of the rule; faults of project files have none.
    pub(crate) code: Option<&'d str>,
    /// The faulty place, if it may be shown.
    pub(crate) span: Option<Span>,
    pub(crate) message: &'d str,
    pub(crate) labels: Vec<(Span, &'d str)>,
    pub(crate) notes: Vec<&'d str>,
    pub(crate) help: Option<&'d str>,
}

impl<'d> Finding<'d> {
    /// An error without a code. Empty help is none.
    pub(crate) fn error(span: Span, message: &'d str, help: &'d str) -> Self {
        Self {
            severity: Severity::Error,
            code: None,
            span: Some(span),
            message,
            labels: Vec::new(),
            notes: Vec::new(),
            help: Some(help).filter(|help| !help.is_empty()),
        }
    }
}

impl<'d> From<&'d Diagnostic> for Finding<'d> {
    fn from(diagnostic: &'d Diagnostic) -> Self {
        // Advice in words is better than the title of a repair, which is better than nothing.
        let repair = || diagnostic.fixes.first().map(|fix| fix.title.as_str());
        Self {
            severity: diagnostic.severity,
            code: Some(diagnostic.code.name()),
            span: Some(diagnostic.span),
            message: &diagnostic.message,
            labels: diagnostic
                .labels
                .iter()
                .map(|label| (label.span, label.text.as_str()))
                .collect(),
            notes: diagnostic.notes.iter().map(String::as_str).collect(),
            help: diagnostic.help.as_deref().or_else(repair),
        }
    }
}
