//! Findings: pushed to editors that do not ask for them, pulled by those that do.

use std::sync::Arc;

use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
};
use tule_core::diagnostics::{Code, Diagnostic as Finding, Severity};
use tule_core::schema::Dataset;
use tule_ide::document::Part;
use tule_syntax::span::Span;

use super::Backend;
use crate::convert;
use crate::project::Known;

impl Backend {
    /// The findings of an open document, its version, and what tells them from others.
    pub(super) fn found(&self, uri: &Uri) -> Option<(Vec<Diagnostic>, i32, String)> {
        let session = self.session();
        let (open, view) = session.whole(uri)?;
        let known = session.known(open.root.as_ref()).filter(|_| open.root.is_some());
        let parts = open.document.parts().iter();
        let found = parts.flat_map(|part| part.diagnostics().chain(lent(part, known)));
        let found = found.map(|found| convert::diagnostic(&found, view, uri, &session.editor));
        Some((found.collect(), open.version, open.id()))
    }

    /// Sends the findings of a document to an editor that does not ask for them.
    pub(super) fn publish(&self, uri: &Uri) {
        if self.session().editor.pulls {
            self.findings_changed();
            return;
        }
        if let Some((found, version, _)) = self.found(uri) {
            self.tell(uri.clone(), found, Some(version));
        }
    }

    pub(super) fn tell(&self, uri: Uri, found: Vec<Diagnostic>, version: Option<i32>) {
        let client = self.client.clone();
        tokio::spawn(async move { client.publish_diagnostics(uri, found, version).await });
    }

    pub(super) fn findings_of(
        &self,
        params: &DocumentDiagnosticParams,
    ) -> DocumentDiagnosticReportResult {
        let (items, _, id) = self.found(&params.text_document.uri).unwrap_or_default();
        let report = if params.previous_result_id.as_ref() == Some(&id) {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                    result_id: id,
                },
            })
        } else {
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport {
                    result_id: Some(id),
                    items,
                },
            })
        };
        DocumentDiagnosticReportResult::Report(report)
    }
}

/// Datasets whose schema the session has and `tule.lock` has not: what is checked here is not
/// checked elsewhere.
fn lent(part: &Part, known: Option<&Known>) -> Vec<Finding> {
    let Some(known) = known else { return Vec::new() };
    let datasets = part.analysis.checked.typed.datasets.iter();
    let lent = datasets.filter(|(_, d)| !d.columns.is_empty() && !known.is_locked(d));
    let finding = |(span, dataset): &(Span, Arc<Dataset>)| {
        let place = format!("{}/{}", dataset.host, dataset.id);
        let message = format!("the schema of `{place}` is not in `tule.lock`");
        let finding = Finding::new(Code::MissingSchema, *span, message)
            .note("it was fetched for this session; outside the editor the lock alone is read")
            .help("`tule lock` puts it there, as does the quick fix")
            .shift(part.range.start);
        Finding { severity: Severity::Info, ..finding }
    };
    lent.map(finding).collect()
}
