//! What is wrong with a query, and what to do about it.
//!
//! A [`Diagnostic`] has a stable code, an exact span, a message that stands alone, and where
//! possible a repair. Wording rules: lower-case start, no full stop, no second person, names in
//! back-quotes, evidence where there is any. How diagnostics are shown (terminal, JSON, editor)
//! is deliberately absent; that is the business of the program's edges.

mod codes;
mod explain;
mod foreign;
mod groups;
mod syntax;

pub use codes::{CODES, Code, CodeInfo};
#[cfg(test)]
pub(crate) use explain::tests as explain_tests;
pub use explain::{Explanation, explain};
pub use groups::{GROUPS, Group};
pub use syntax::from_syntax;

use tule_syntax::span::Span;

/// How serious a diagnostic is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably not what was meant: the answer may be silently wrong.
    Warning,
    /// The portal refuses the query, or it can never match.
    Error,
}

impl Severity {
    /// `info`, `warning` or `error`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Which rule.
    pub code: Code,
    /// How serious; the code's default unless configured otherwise.
    pub severity: Severity,
    /// The faulty place. From the checker: within the statement; see [`Diagnostic::shift`].
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// Evidence and background, a line each.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// Repairs that a program can apply.
    pub fixes: Vec<Fix>,
}

/// A place that helps to understand a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there.
    pub text: String,
}

/// A repair.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, as an order: "write `beat`".
    pub title: String,
    /// Whether it may be applied unasked.
    pub applicability: Applicability,
    /// Replacements; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Whether a repair may be applied unasked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Applicability {
    /// Keeps the meaning, or gives the only meaning the text can have.
    Safe,
    /// Probably what was meant; somebody has to look.
    Unsafe,
}

/// One replacement of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Diagnostic {
    /// A finding with the code's default severity.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.info().severity,
            span,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds evidence.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a repair of one replacement.
    #[must_use]
    pub fn fix(
        mut self,
        applicability: Applicability,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        let edits = vec![Edit { span, text: text.into() }];
        self.fixes.push(Fix { title: title.into(), applicability, edits });
        self
    }

    /// The same finding with every span `by` bytes further on: from positions in a statement to
    /// positions in its file.
    #[must_use]
    pub fn shift(mut self, by: u32) -> Self {
        self.span = self.span.shift(by);
        for label in &mut self.labels {
            label.span = label.span.shift(by);
        }
        for edit in self.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = edit.span.shift(by);
        }
        self
    }

    /// Whether it is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
