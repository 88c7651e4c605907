//! Answers of `tule-ide` as the protocol has them.

use tower_lsp::ls_types::{
    CodeDescription, CompletionItem, CompletionItemKind, CompletionList, CompletionTextEdit,
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, DocumentHighlight,
    DocumentHighlightKind, DocumentSymbol, Documentation, FoldingRange, FoldingRangeKind,
    InlayHint, InlayHintKind, InlayHintLabel, InsertTextFormat, Location, MarkupContent,
    MarkupKind, NumberOrString, ParameterInformation, ParameterLabel, SelectionRange,
    SignatureHelp, SignatureInformation, SymbolKind, TextEdit, Uri,
};
use tule_core::diagnostics::{self, Code, Severity};
use tule_core::schema::catalog::Catalog;
use tule_ide::completion::{About, Completions, ItemKind};
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

/// Items in the order in which they are to be shown. Texts are resolved when one is looked at.
pub(crate) fn completions(found: Completions, view: View<'_>, editor: &Editor) -> CompletionList {
    let range = view.range(found.replaced);
    let items = found.items.into_iter().zip(0_u32..).map(|(item, place)| {
        let snippet = item.snippet && editor.snippets;
        let text = if item.snippet && !snippet { plain(&item.insert) } else { item.insert };
        let key = item.about.key();
        CompletionItem {
            // Neovim takes items that have an edit and no text of this kind for filtered ones.
            filter_text: Some(item.label.clone()),
            label: item.label,
            kind: Some(kind(item.kind)),
            detail: Some(item.detail).filter(|detail| !detail.is_empty()),
            sort_text: Some(format!("{}{place:05}", item.rank)),
            insert_text_format: snippet.then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: text })),
            data: (!key.is_empty()).then(|| serde_json::Value::String(key)),
            ..CompletionItem::default()
        }
    });
    CompletionList { is_incomplete: false, items: items.collect() }
}

/// The item with its documentation, which its key stands for.
pub(crate) fn resolved(
    mut item: CompletionItem,
    catalog: &Catalog,
    editor: &Editor,
) -> CompletionItem {
    if let Some(serde_json::Value::String(key)) = item.data.take() {
        let text = About::documentation_of(&key, catalog);
        item.documentation = Some(Documentation::MarkupContent(markup(text, editor)));
    }
    item
}

/// A snippet for an editor that has none: without its places.
fn plain(snippet: &str) -> String {
    let mut out = String::new();
    let mut chars = snippet.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '$' if chars.peek().is_some_and(char::is_ascii_digit) => {
                while chars.next_if(char::is_ascii_digit).is_some() {}
            }
            '$' if chars.peek() == Some(&'{') => {
                // `${1:text}` stands for its text.
                chars.by_ref().find(|c| *c == ':');
                out.extend(chars.by_ref().take_while(|c| *c != '}'));
            }
            c => out.push(c),
        }
    }
    out
}

pub(crate) fn markup(value: String, editor: &Editor) -> MarkupContent {
    let kind = if editor.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    MarkupContent { kind, value }
}

fn kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Column | ItemKind::Field => CompletionItemKind::FIELD,
        ItemKind::Alias => CompletionItemKind::VARIABLE,
        ItemKind::Table => CompletionItemKind::MODULE,
        ItemKind::Dataset => CompletionItemKind::CLASS,
        ItemKind::Function => CompletionItemKind::FUNCTION,
        ItemKind::Parameter => CompletionItemKind::CONSTANT,
        ItemKind::Value => CompletionItemKind::VALUE,
        ItemKind::Keyword => CompletionItemKind::KEYWORD,
        ItemKind::Type => CompletionItemKind::STRUCT,
        ItemKind::Rule => CompletionItemKind::ENUM_MEMBER,
    }
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

pub(crate) fn hint(hint: Hint, view: View<'_>) -> InlayHint {
    let label = match hint.sort {
        HintSort::Type => format!(": {}", hint.text),
        HintSort::Name | HintSort::Limit => hint.text,
    };
    InlayHint {
        position: view.position(hint.offset),
        label: InlayHintLabel::String(label),
        kind: (hint.sort == HintSort::Type).then_some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: None,
        padding_left: Some(hint.sort != HintSort::Type),
        padding_right: None,
        data: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_lose_their_places_where_there_are_none() {
        assert_eq!(plain("upper($0)"), "upper()");
        assert_eq!(plain("join d on @d.${1:column} = $0"), "join d on @d.column = ");
        assert_eq!(plain("costs $x"), "costs $x");
    }
}
