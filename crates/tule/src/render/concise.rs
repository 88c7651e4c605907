//! Findings on one line each, as editors and `grep` expect them.

use tule_core::diagnostics::Severity;

use super::finding::Finding;
use super::human::style;
use crate::escape::inert;
use crate::output::{Paint, STRONG};
use crate::source::SourceFile;

/// `path:line:column: error[code] message`
pub(crate) fn line(file: &SourceFile, finding: &Finding<'_>, paint: Paint) -> String {
    let at = file.position(finding.span.unwrap_or_default().start);
    let place = format!("{}:{}:{}:", inert(&file.name), at.line, at.column);
    let code = finding.code.map_or(String::new(), |code| format!("[{code}]"));
    let head = format!("{}{code}", finding.severity.name());
    format!(
        "{} {} {}\n",
        paint.on(STRONG, &place),
        paint.on(style(finding.severity), &head),
        inert(finding.message)
    )
}

/// `path:line:column: error: message [code]`, as GCC writes it and many editors read it.
pub(crate) fn gcc(file: &SourceFile, finding: &Finding<'_>) -> String {
    let at = file.position(finding.span.unwrap_or_default().start);
    let severity = match finding.severity {
        Severity::Info => "note",
        severity => severity.name(),
    };
    let code = finding.code.map_or(String::new(), |code| format!(" [{code}]"));
    let (name, message) = (inert(&file.name), inert(finding.message));
    format!("{name}:{}:{}: {severity}: {message}{code}\n", at.line, at.column)
}
