//! Findings on one line each, as editors and `grep` expect them.

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
