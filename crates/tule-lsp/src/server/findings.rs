//! Findings: pushed to editors that do not ask for them, pulled by those that do.

use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
};

use super::Backend;
use crate::convert;
use crate::findings::{Findings, lent};

impl Backend {
    /// The findings of an open document, its version, and the name that they are known by.
    pub(super) fn found(&self, uri: &Uri) -> Option<(Vec<Diagnostic>, i32, String)> {
        let mut session = self.session();
        let id = session.reported(uri)?.findings.id().to_owned();
        let (open, view) = session.whole(uri)?;
        let known = session.known(open.root.as_ref()).filter(|_| open.root.is_some());
        let parts = open.document.parts().iter();
        let found = parts.flat_map(|part| {
            let mut found: Vec<_> = part.diagnostics().collect();
            let lent = lent(part, known).into_iter().map(|found| found.shift(part.range.start));
            let before = found.len();
            found.extend(lent);
            if found.len() > before {
                found.sort_by_key(|found| found.span);
            }
            found
        });
        let found = found.map(|found| convert::diagnostic(&found, view, uri, &session.editor));
        Some((found.collect(), open.version, id))
    }

    /// Sends the findings of a document to an editor that does not ask for them.
    pub(super) fn publish(&self, uri: &Uri) {
        if self.session().editor.pulls {
            self.findings_changed();
            return;
        }
        let mut session = self.session();
        let Some(open) = session.reported(uri) else { return };
        let message = self.parcels.put(open.findings.publication(uri, open.version));
        self.tell(uri.clone(), vec![Diagnostic { message, ..Diagnostic::default() }], None);
    }

    pub(super) fn tell(&self, uri: Uri, found: Vec<Diagnostic>, version: Option<i32>) {
        let client = self.client.clone();
        tokio::spawn(async move { client.publish_diagnostics(uri, found, version).await });
    }

    pub(super) fn findings_of(
        &self,
        params: &DocumentDiagnosticParams,
    ) -> DocumentDiagnosticReportResult {
        let mut session = self.session();
        let findings = session.reported(&params.text_document.uri).map(|open| &open.findings);
        let has = params.previous_result_id.as_deref();
        let report = if let Some(id) = findings.map(Findings::id).filter(|id| has == Some(id)) {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                    result_id: id.to_owned(),
                },
            })
        } else {
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport {
                    result_id: findings.map(|findings| self.parcels.put(findings.report())),
                    items: Vec::new(),
                },
            })
        };
        DocumentDiagnosticReportResult::Report(report)
    }
}
