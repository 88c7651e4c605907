//! Findings as SARIF 2.1.0, which code scanning services read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix, Invocation, Location, Message,
    MultiformatMessageString, PhysicalLocation, Region, Replacement, ReportingConfiguration,
    ReportingDescriptor, Result as Finding, ResultLevel, Run, Sarif, Suppression, Tool,
    ToolComponent,
};
use tule_core::diagnostics::{Code, Severity, explain};
use tule_syntax::span::Span;
use url::Url;

use super::finding;
use super::github::text;
use crate::report::{Report, Reported};
use crate::source::SourceFile;

/// The name of our fingerprints. Raised when they are made in another way.
const FINGERPRINT: &str = "tuleFingerprint/v1";
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document about a run.
pub(crate) fn document(report: &Report<'_>) -> Sarif {
    let mut rules: BTreeMap<Code, i64> =
        report.findings().map(|(_, found)| (found.diagnostic.code, 0)).collect();
    for (number, index) in (0..).zip(rules.values_mut()) {
        *index = number;
    }
    let driver = ToolComponent::builder()
        .name("tule")
        .information_uri(env!("CARGO_PKG_REPOSITORY"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.keys().map(|code| rule(*code)).collect::<Vec<_>>())
        .build();
    let results: Vec<_> = report
        .findings()
        .map(|(file, found)| {
            let rule = rules.get(&found.diagnostic.code).copied().unwrap_or_default();
            result(file, found, rule, &uri(&report.place(file)))
        })
        .collect();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .invocations([Invocation::builder().execution_successful(true).build()])
        .column_kind(serde_json::json!("unicodeCodePoints"))
        .results(results)
        .build();
    Sarif::builder().schema(SCHEMA).version(serde_json::json!("2.1.0")).runs([run]).build()
}

fn rule(code: Code) -> ReportingDescriptor {
    let info = code.info();
    let explanation = explain(code);
    let mut help = explanation.why.to_owned();
    for (title, example) in [("Fails", explanation.failing), ("Repaired", explanation.repaired)] {
        if !example.is_empty() {
            let _ = write!(help, "\n\n{title}:\n\n```sql\n{example}\n```");
        }
    }
    let message = |text: &str| MultiformatMessageString::builder().text(text).build();
    ReportingDescriptor::builder()
        .id(info.name)
        .short_description(message(info.summary))
        .full_description(message(explanation.why))
        .help(
            MultiformatMessageString::builder().text(help.as_str()).markdown(help.as_str()).build(),
        )
        .default_configuration(
            ReportingConfiguration::builder()
                .level(serde_json::json!(level(info.severity)))
                .build(),
        )
        .build()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(file: &SourceFile, reported: &Reported, rule: i64, uri: &str) -> Finding {
    let found = &reported.diagnostic;
    let lines = text(&finding::Finding::from(found));
    let related: Vec<Location> = found
        .labels
        .iter()
        .map(|label| {
            let mut location = location(file, label.span, uri);
            location.message = Some(message(&label.text));
            location
        })
        .collect();
    let mut result = Finding::builder()
        .rule_id(found.code.name())
        .rule_index(rule)
        .level(match found.severity {
            Severity::Error => ResultLevel::Error,
            Severity::Warning => ResultLevel::Warning,
            Severity::Info => ResultLevel::Note,
        })
        .message(message(&lines.join("\n")))
        .locations([location(file, found.span, uri)])
        .partial_fingerprints(BTreeMap::from([(
            FINGERPRINT.to_owned(),
            reported.fingerprint.clone(),
        )]))
        .build();
    result.related_locations = Some(related).filter(|related| !related.is_empty());
    let fixes: Vec<Fix> = found.fixes.iter().map(|fix| repair(file, fix, uri)).collect();
    result.suppressions = reported.approved.as_ref().map(|approved| {
        let suppression = Suppression::builder().kind(serde_json::json!("external"));
        vec![suppression.justification(&*approved.reason).build()]
    });
    result.fixes = Some(fixes).filter(|fixes| !fixes.is_empty());
    result
}

fn repair(file: &SourceFile, fix: &tule_core::diagnostics::Fix, uri: &str) -> Fix {
    let replacements: Vec<_> = fix
        .edits
        .iter()
        .map(|edit| {
            Replacement::builder()
                .deleted_region(region(file, edit.span))
                .inserted_content(ArtifactContent::builder().text(edit.text.as_str()).build())
                .build()
        })
        .collect();
    let change = ArtifactChange::builder()
        .artifact_location(artifact(uri))
        .replacements(replacements)
        .build();
    Fix::builder().description(message(&fix.title)).artifact_changes([change]).build()
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

fn location(file: &SourceFile, span: Span, uri: &str) -> Location {
    let place = PhysicalLocation::builder()
        .artifact_location(artifact(uri))
        .region(region(file, span))
        .build();
    Location::builder().physical_location(place).build()
}

fn artifact(uri: &str) -> ArtifactLocation {
    ArtifactLocation::builder().uri(uri).build()
}

fn region(file: &SourceFile, span: Span) -> Region {
    let range = file.range(span);
    Region::builder()
        .start_line(range.start.line)
        .start_column(range.start.column)
        .end_line(range.end.line)
        .end_column(range.end.column)
        .build()
}

/// A path as a URI: relative if the path is.
fn uri(path: &str) -> String {
    const ROOT: &str = "file:///";
    let Ok(mut url) = Url::parse(ROOT) else { return String::new() };
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.clear().extend(path.trim_start_matches('/').split('/'));
    }
    if path.starts_with('/') {
        return url.to_string();
    }
    url.as_str().strip_prefix(ROOT).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/c%d.tule"), "a%20b/c%25d.tule");
        assert_eq!(uri("/tmp/é.tule"), "file:///tmp/%C3%A9.tule");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}
