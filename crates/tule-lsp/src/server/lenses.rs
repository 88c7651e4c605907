//! Code lenses: what can be done with a statement, over its first line.

use serde_json::json;
use tower_lsp::ls_types::{CodeLens, Command, Uri};
use tule_core::schema::manifest::PortalKind;
use tule_ide::document::Part;

use super::Backend;
use crate::subject::asked;

/// Titles and commands, and whether a request to a portal is what they are about.
const LENSES: [(&str, &str, bool); 4] = [
    ("run", "tule.run", false),
    ("copy URL", "tule.copyUrl", true),
    ("copy curl", "tule.copyCurl", true),
    ("explain plan", "tule.plan", false),
];

impl Backend {
    /// Lenses are cheap, so that each comes with its command and nothing is resolved.
    pub(super) fn lenses(&self, uri: &Uri) -> Option<Vec<CodeLens>> {
        if !self.session().settings.code_lens {
            return Some(Vec::new());
        }
        self.ask(uri, |open, view, _| {
            let mut lenses = Vec::new();
            for part in open.document.parts() {
                let Some(span) = asked(part) else { continue };
                let position = view.position(span.start);
                let range = tower_lsp::ls_types::Range { start: position, end: position };
                let sent = has_request(part);
                for (title, command, _) in LENSES.iter().filter(|lens| sent || !lens.2) {
                    lenses.push(CodeLens {
                        range,
                        command: Some(Command {
                            title: (*title).to_owned(),
                            command: (*command).to_owned(),
                            arguments: Some(vec![json!({ "uri": uri, "position": position })]),
                        }),
                        data: None,
                    });
                }
            }
            lenses
        })
    }
}

/// A folder of files is sent nothing.
fn has_request(part: &Part) -> bool {
    let datasets = &part.analysis.checked.typed.datasets;
    !datasets.iter().any(|(_, dataset)| dataset.kind == PortalKind::Local)
}
