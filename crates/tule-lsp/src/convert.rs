//! Answers of `tule-ide` as the protocol has them.

use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    DocumentHighlight, DocumentHighlightKind, DocumentSymbol, Documentation, FoldingRange,
    FoldingRangeKind, InlayHint, InlayHintKind, InlayHintLabel, InlayHintTooltip, Location,
    MarkupContent, MarkupKind, NumberOrString, ParameterInformation, ParameterLabel, Range,
    SelectionRange, SignatureHelp, SignatureInformation, SymbolInformation, SymbolKind, TextEdit,
    Uri,
};
use tule_core::diagnostics::{self, Code, Severity};
use tule_ide::hints::{Hint, HintSort};
use tule_ide::navigation::Use;
use tule_ide::outline::{Entry, EntrySort, Fold};
use tule_ide::signature::Help;
use tule_syntax::span::Span;

use crate::capabilities::Editor;
use crate::encoding::View;

/// Where the rules are explained.
const RULES: &str = "https://github.com/tule-lang/tule/blob/main/docs/rules/";

pub(crate) fn diagnostic(
    found: &diagnostics::Diagnostic,
    view: View<'_>,
    uri: &Uri,
    editor: &Editor,
) -> Diagnostic {
    let mut message = found.message.clone();
    for line in found.notes.iter().chain(&found.help) {
        message.push('\n');
        message.push_str(line);
    }
    let related = found.labels.iter().map(|label| DiagnosticRelatedInformation {
        location: Location { uri: uri.clone(), range: view.range(label.span) },
        message: label.text.clone(),
    });
    let href = || format!("{RULES}{}.md", found.code).parse().ok();
    Diagnostic {
        range: view.range(found.span),
        severity: Some(match found.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(found.code.name().to_owned())),
        code_description: editor
            .code_descriptions
            .then(href)
            .flatten()
            .map(|href| CodeDescription { href }),
        source: Some("tule".to_owned()),
        message,
        related_information: editor.related.then(|| related.collect()),
        tags: match found.code {
            Code::UnusedParameter | Code::UnusedAllow | Code::FrameIgnored => {
                Some(vec![DiagnosticTag::UNNECESSARY])
            }
            _ => None,
        },
        data: None,
    }
}

pub(crate) fn markup(value: String, editor: &Editor) -> MarkupContent {
    let kind = if editor.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    MarkupContent { kind, value }
}

pub(crate) fn signature(help: &Help) -> SignatureHelp {
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let signatures = help.overloads.iter().enumerate().map(|(index, (signature, doc))| {
        // Labels are the parameters' own words, whose places are in an encoding of their own.
        let parameters = signature.parameters.iter().map(|(start, end)| {
            let label = signature.text.get(*start..*end).unwrap_or("").to_owned();
            ParameterInformation { label: ParameterLabel::Simple(label), documentation: None }
        });
        SignatureInformation {
            label: signature.text.clone(),
            documentation: Some(Documentation::String((*doc).to_owned())),
            parameters: Some(parameters.collect()),
            active_parameter: help.parameter(index).map(number),
        }
    });
    SignatureHelp {
        signatures: signatures.collect(),
        active_signature: Some(number(help.active)),
        active_parameter: help.parameter(help.active).map(number),
    }
}

pub(crate) fn highlight(place: Use, view: View<'_>) -> DocumentHighlight {
    let kind =
        if place.defines { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
    DocumentHighlight { range: view.range(place.span), kind: Some(kind) }
}

#[expect(deprecated, reason = "the field has to be given")]
pub(crate) fn symbol(entry: &Entry, view: View<'_>) -> DocumentSymbol {
    DocumentSymbol {
        name: entry.name.clone(),
        detail: Some(entry.detail.clone()).filter(|detail| !detail.is_empty()),
        kind: symbol_kind(entry.sort),
        tags: None,
        deprecated: None,
        range: view.range(entry.span),
        selection_range: view.range(entry.name_span),
        children: Some(entry.children.iter().map(|child| symbol(child, view)).collect()),
    }
}

/// Symbols for editors that know no nesting: each with the query that it belongs to.
#[expect(deprecated, reason = "the field has to be given")]
pub(crate) fn flat_symbols(entries: &[Entry], uri: &Uri, view: View<'_>) -> Vec<SymbolInformation> {
    let flat = |entry: &Entry, container: Option<&Entry>| SymbolInformation {
        name: entry.name.clone(),
        kind: symbol_kind(entry.sort),
        tags: None,
        deprecated: None,
        location: Location { uri: uri.clone(), range: view.range(entry.span) },
        container_name: container.map(|query| query.name.clone()),
    };
    let mut found = Vec::new();
    for query in entries {
        found.push(flat(query, None));
        found.extend(query.children.iter().map(|child| flat(child, Some(query))));
    }
    found
}

pub(crate) fn symbol_kind(sort: EntrySort) -> SymbolKind {
    match sort {
        EntrySort::Query => SymbolKind::FUNCTION,
        EntrySort::With => SymbolKind::STRUCT,
        EntrySort::Parameter => SymbolKind::VARIABLE,
    }
}

pub(crate) fn fold(fold: &Fold, view: View<'_>) -> FoldingRange {
    let range = view.range(fold.span);
    FoldingRange {
        start_line: range.start.line,
        end_line: range.end.line,
        kind: fold.comment.then_some(FoldingRangeKind::Comment),
        ..FoldingRange::default()
    }
}

/// Ranges from the narrowest to the widest, each inside the next.
pub(crate) fn selection(spans: &[Span], view: View<'_>) -> Option<SelectionRange> {
    let mut outer = None;
    for span in spans.iter().rev() {
        outer = Some(SelectionRange { range: view.range(*span), parent: outer.map(Box::new) });
    }
    outer
}

/// A hint; what it means is told at once to editors that do not ask for it.
pub(crate) fn hint(hint: &Hint, view: View<'_>, editor: &Editor) -> InlayHint {
    let label = match hint.sort {
        HintSort::Type => format!(": {}", hint.text),
        HintSort::Name | HintSort::Limit => hint.text.clone(),
    };
    let position = view.position(hint.offset);
    let range = Range { start: position, end: position };
    let meaning = hint.sort.meaning().to_owned();
    InlayHint {
        position,
        label: InlayHintLabel::String(label),
        kind: (hint.sort == HintSort::Type).then_some(InlayHintKind::TYPE),
        text_edits: hint.insert().map(|new_text| vec![TextEdit { range, new_text }]),
        tooltip: (!editor.resolves_hints).then(|| InlayHintTooltip::String(meaning.clone())),
        padding_left: Some(hint.sort != HintSort::Type),
        padding_right: None,
        data: editor.resolves_hints.then_some(serde_json::Value::String(meaning)),
    }
}

/// A hint with what it means.
pub(crate) fn resolved_hint(mut hint: InlayHint) -> InlayHint {
    if let Some(serde_json::Value::String(meaning)) = hint.data.take() {
        hint.tooltip = Some(InlayHintTooltip::String(meaning));
    }
    hint
}
