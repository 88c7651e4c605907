//! Findings as text.
//!
//! What a finding says is written once and kept for as long as its statement; what changes with
//! every key is where it stands. So a file with a finding in each of a thousand statements costs a
//! thousand places after a key press, and not a thousand messages.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value;
use tower_lsp::ls_types::{Position, Uri};
use tule_core::diagnostics::{Code, Diagnostic as Finding, Severity};
use tule_core::schema::Dataset;
use tule_ide::document::{Analysis, Part};
use tule_syntax::span::Span;

use crate::capabilities::Editor;
use crate::convert;
use crate::encoding::View;
use crate::project::Known;

/// The findings of a document as they were last reported.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    parts: Vec<(Arc<Analysis>, Arc<[Written]>)>,
    /// All of them, as a JSON array.
    list: String,
    /// The name of this list; it stays as long as the list does.
    id: String,
}

/// One finding without its places.
#[derive(Debug)]
struct Written {
    span: Span,
    /// The members of the object but for the places, each with a comma in front.
    rest: String,
    /// Places that say more, each with its message as JSON.
    labels: Vec<(Span, String)>,
}

impl Findings {
    /// Brings the findings up to the document. They have this name if they have changed. `more`
    /// finds what is not wrong with a statement itself, and depends on nothing but its analysis.
    pub(crate) fn update(
        &mut self,
        parts: &[Part],
        name: String,
        view: View<'_>,
        uri: &Uri,
        editor: &Editor,
        more: impl Fn(&Part) -> Vec<Finding>,
    ) {
        let old = std::mem::take(&mut self.parts);
        let same = |(part, known): &(&Part, &(Arc<Analysis>, Arc<[Written]>))| {
            Arc::ptr_eq(&part.analysis, &known.0)
        };
        let front = parts.iter().zip(&old).take_while(same).count();
        let rest = parts.len().min(old.len()) - front;
        let back = parts.iter().rev().zip(old.iter().rev()).take(rest).take_while(same).count();
        let behind = parts.len() - back;
        let mut known = old.iter().take(front);
        let mut known_behind = old.iter().skip(old.len() - back);
        let mut list = String::with_capacity(self.list.len() + 256);
        list.push('[');
        let uri_text = Value::String(uri.as_str().to_owned()).to_string();
        for (index, part) in parts.iter().enumerate() {
            let kept = match index {
                _ if index < front => known.next(),
                _ if index >= behind => known_behind.next(),
                _ => None,
            };
            let entry = kept.cloned().unwrap_or_else(|| {
                (Arc::clone(&part.analysis), written(part, &more(part), view, uri, editor))
            });
            for finding in entry.1.iter() {
                if list.len() > 1 {
                    list.push(',');
                }
                finding.push(&mut list, part.range.start, view, &uri_text);
            }
            self.parts.push(entry);
        }
        list.push(']');
        if list != self.list || self.id.is_empty() {
            self.list = list;
            self.id = name;
        }
    }

    /// The name of the list.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The answer to an editor that asks.
    pub(crate) fn report(&self) -> String {
        format!(r#"{{"kind":"full","resultId":"{}","items":{}}}"#, self.id, self.list)
    }

    /// What an editor that does not ask is sent.
    pub(crate) fn publication(&self, uri: &Uri, version: i32) -> String {
        let uri = Value::String(uri.as_str().to_owned());
        format!(r#"{{"uri":{uri},"diagnostics":{},"version":{version}}}"#, self.list)
    }
}

/// The findings of one statement, and some more.
fn written(
    part: &Part,
    more: &[Finding],
    view: View<'_>,
    uri: &Uri,
    editor: &Editor,
) -> Arc<[Written]> {
    let mut found: Vec<&Finding> = part.analysis.checked.diagnostics.iter().chain(more).collect();
    if !more.is_empty() {
        found.sort_by_key(|found| found.span);
    }
    found
        .into_iter()
        .map(|found| {
            let mut members = serde_json::to_value(convert::diagnostic(found, view, uri, editor))
                .unwrap_or_default();
            if let Some(members) = members.as_object_mut() {
                members.shift_remove("range");
                members.shift_remove("relatedInformation");
            }
            let text = members.to_string();
            let rest = format!(",{}", text.trim_start_matches('{').strip_suffix('}').unwrap_or(""));
            let labels = found.labels.iter().filter(|_| editor.related);
            let labels =
                labels.map(|label| (label.span, Value::String(label.text.clone()).to_string()));
            Written { span: found.span, rest, labels: labels.collect() }
        })
        .collect()
}

impl Written {
    fn push(&self, list: &mut String, base: u32, view: View<'_>, uri: &str) {
        list.push_str(r#"{"range":"#);
        push_range(list, self.span.shift(base), view);
        list.push_str(&self.rest);
        for (index, (span, message)) in self.labels.iter().enumerate() {
            list.push_str(if index == 0 { r#","relatedInformation":["# } else { "," });
            list.push_str(r#"{"location":{"uri":"#);
            list.push_str(uri);
            list.push_str(r#","range":"#);
            push_range(list, span.shift(base), view);
            list.push_str(r#"},"message":"#);
            list.push_str(message);
            list.push('}');
        }
        list.push_str(if self.labels.is_empty() { "}" } else { "]}" });
    }
}

fn push_range(list: &mut String, span: Span, view: View<'_>) {
    let place =
        |Position { line, character }| format!(r#"{{"line":{line},"character":{character}}}"#);
    let (start, end) = (place(view.position(span.start)), place(view.position(span.end)));
    // Writing to a text cannot fail.
    let _ = write!(list, r#"{{"start":{start},"end":{end}}}"#);
}

/// Datasets whose schema the session has and `tule.lock` has not: what is checked here is not
/// checked elsewhere. Places count from the beginning of the statement.
pub(crate) fn lent(part: &Part, known: Option<&Known>) -> Vec<Finding> {
    let Some(known) = known else { return Vec::new() };
    let datasets = part.analysis.checked.typed.datasets.iter();
    let lent = datasets.filter(|(_, d)| !d.columns.is_empty() && !known.is_locked(d));
    let finding = |(span, dataset): &(Span, Arc<Dataset>)| {
        let place = format!("{}/{}", dataset.host, dataset.id);
        let message = format!("the schema of `{place}` is not in `tule.lock`");
        let finding = Finding::new(Code::MissingSchema, *span, message)
            .note("it was fetched for this session; outside the editor the lock alone is read")
            .help("`tule lock` puts it there, as does the quick fix");
        Finding { severity: Severity::Info, ..finding }
    };
    lent.map(finding).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tower_lsp::ls_types::{Range, TextDocumentContentChangeEvent};

    use super::*;
    use crate::session::Session;

    /// The list is what converting every finding anew would give, whatever was edited.
    #[test]
    fn kept_findings_are_those_of_the_whole_text() {
        let uri: Uri = "file:///nowhere/a%20b.tule".parse().unwrap();
        let pieces = ["\n", ";", "é", "😀 ", " select a from", "'", "x = null", ", ", " where "];
        for (seed, related) in [(1, false), (2, true)] {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut session = Session::default();
            session.editor.related = related;
            session.editor.code_descriptions = related;
            let text = "select a as x, b as x from\n;select b where = null; select 'é😀' from t;";
            session.open(uri.clone(), text.into(), 0);
            let (mut last, mut changes) = (Findings::default(), 0);
            for version in 1..300 {
                let start = Position::new(random.u32(0..5), random.u32(0..30));
                let end = Position::new(start.line, start.character + random.u32(0..4));
                let change = TextDocumentContentChangeEvent {
                    range: Some(Range { start, end }),
                    range_length: None,
                    text: pieces[random.usize(0..pieces.len())].to_owned(),
                };
                assert!(session.change(&uri, version, vec![change]));
                session.settle();
                let editor = session.editor;
                let (open, view) = session.get(&uri).unwrap();
                let parts = open.document.parts();
                let (id, before) = (last.id.clone(), last.list.clone());
                last.update(parts, open.id(), view, &uri, &editor, |_| Vec::new());
                let whole: Vec<_> = parts
                    .iter()
                    .flat_map(Part::diagnostics)
                    .map(|found| convert::diagnostic(&found, view, &uri, &editor))
                    .collect();
                let report: Value = serde_json::from_str(&last.report()).unwrap();
                let mut expected = json!({ "items": whole });
                if !related {
                    assert!(!last.list.contains("relatedInformation"));
                }
                for item in expected["items"].as_array_mut().unwrap() {
                    // No places are the same as no list of places.
                    if item["relatedInformation"] == json!([]) {
                        item.as_object_mut().unwrap().remove("relatedInformation");
                    }
                }
                assert_eq!(report["items"], expected["items"], "{:?}", view.text);
                assert_eq!(last.id == id, last.list == before);
                changes += usize::from(last.id != id);
                let sent: Value = serde_json::from_str(&last.publication(&uri, version)).unwrap();
                assert_eq!((&sent["uri"], &sent["version"]), (&json!(uri), &json!(version)));
            }
            assert!(changes > 20, "{changes}");
        }
    }
}
