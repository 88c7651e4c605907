//! Completions on the wire.
//!
//! A list is written as text (`wire`): what its items have in common is said once where an editor
//! knows that, so that a list of hundreds stays short.

use serde::Serialize;
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, Documentation, InsertTextFormat, MarkupContent, MarkupKind,
    Range, TextEdit,
};
use tule_core::schema::catalog::Catalog;
use tule_ide::completion::{About, Completions, Item, ItemKind};

use crate::capabilities::Editor;
use crate::encoding::View;

/// A list of items.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct List {
    is_incomplete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_defaults: Option<Defaults>,
    items: Vec<Entry>,
}

/// An item of the query's own names, or one that was found elsewhere.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "nearly all are of the large one")]
enum Entry {
    Own(Listed),
    Found(Box<CompletionItem>),
}

impl List {
    /// Adds what was found elsewhere; typing on may find more.
    pub(crate) fn add(&mut self, found: Vec<CompletionItem>) {
        self.is_incomplete = true;
        self.items.extend(found.into_iter().map(|item| Entry::Found(Box::new(item))));
    }
}

/// What all items share.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Defaults {
    edit_range: Range,
}

/// One item, with the members that this server uses.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    label: String,
    kind: CompletionItemKind,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    sort_text: String,
    filter_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    insert_text_format: Option<InsertTextFormat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_edit: Option<TextEdit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_edit_text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    additional_text_edits: Vec<TextEdit>,
    #[serde(skip_serializing_if = "String::is_empty")]
    data: String,
}

/// Items in the order in which they are to be shown. Texts are resolved when one is looked at.
pub(crate) fn list(found: Completions, view: View<'_>, editor: &Editor) -> List {
    let range = view.range(found.replaced);
    let defaults = editor.shares_ranges.then_some(Defaults { edit_range: range });
    let items = found.items.into_iter().zip(0_u32..);
    List {
        is_incomplete: found.incomplete,
        item_defaults: defaults,
        items: items
            .map(|(item, place)| Entry::Own(listed(item, place, range, view, editor)))
            .collect(),
    }
}

fn listed(item: Item, place: u32, range: Range, view: View<'_>, editor: &Editor) -> Listed {
    let snippet = item.snippet && editor.snippets;
    let text = if item.snippet && !snippet { plain(&item.insert) } else { item.insert };
    let also = item.also.map(|(span, new_text)| TextEdit { range: view.range(span), new_text });
    let (text_edit, text_edit_text) = if editor.shares_ranges {
        (None, (text != item.label).then_some(text))
    } else {
        (Some(TextEdit { range, new_text: text }), None)
    };
    Listed {
        data: item.about.key(),
        // Neovim takes items that have an edit and no text of this kind for filtered ones.
        filter_text: item.label.clone(),
        label: item.label,
        kind: kind(item.kind),
        detail: item.detail,
        sort_text: format!("{}{place:05}", item.rank),
        insert_text_format: snippet.then_some(InsertTextFormat::SNIPPET),
        text_edit,
        text_edit_text,
        additional_text_edits: also.into_iter().collect(),
    }
}

/// The item with its documentation, which its key stands for.
pub(crate) fn resolved(
    mut item: CompletionItem,
    catalog: &Catalog,
    editor: &Editor,
) -> CompletionItem {
    if let Some(serde_json::Value::String(key)) = item.data.take() {
        let value = About::documentation_of(&key, catalog);
        let kind = if editor.item_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        let text = MarkupContent { kind, value };
        item.documentation = Some(if editor.item_markup {
            Documentation::MarkupContent(text)
        } else {
            Documentation::String(text.value)
        });
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
