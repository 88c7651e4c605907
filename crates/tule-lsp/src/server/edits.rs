//! What changes a document: layout, and the actions at a place.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, Command,
    Range, TextDocumentPositionParams, TextEdit, Uri,
};
use tule_core::diagnostics::Applicability;
use tule_core::fix::fix_all;
use tule_ide::actions;
use tule_ide::document::{Document, Part};
use tule_syntax::format::{Options, format};
use tule_syntax::span::Span;

use super::{Backend, edit_of, whole};
use crate::capabilities::Editor;
use crate::convert;
use crate::encoding::View;
use crate::session::Open;

impl Backend {
    pub(super) fn laid_out(&self, uri: &Uri) -> Option<Vec<TextEdit>> {
        self.ask(uri, |open, view, _| edits(&open.document, view, whole(view.text)))
    }

    pub(super) fn laid_out_within(&self, uri: &Uri, range: Range) -> Option<Vec<TextEdit>> {
        self.ask(uri, |open, view, _| {
            let wanted = view.span(range);
            statement_edits(&open.document, view, |span| {
                span.start <= wanted.end && wanted.start <= span.end
            })
        })
    }

    pub(super) fn laid_out_before(&self, at: &TextDocumentPositionParams) -> Option<Vec<TextEdit>> {
        self.ask_at(at, |document, offset, view, _| {
            // The statement that the `;` in front of the cursor has just ended.
            statement_edits(document, view, |span| span.end + 1 == offset)
        })
    }

    pub(super) fn actions(&self, params: &CodeActionParams) -> Option<CodeActionResponse> {
        let uri = &params.text_document.uri;
        let only = params.context.only.as_deref();
        let locks = self.lock_actions(uri, params.range);
        self.ask(uri, |open, view, editor| {
            let found = actions::actions(&open.document, view.span(params.range)).into_iter();
            let mut found: Vec<CodeAction> =
                found.map(|action| action_of(action, uri, view, editor)).chain(locks).collect();
            if open.document.parts().iter().any(has_repair) {
                found.push(all_repairs(uri, open, view, editor.resolves_actions));
            }
            found.retain(|action| action.kind.as_ref().is_none_or(|kind| is_wanted(kind, only)));
            found.into_iter().map(CodeActionOrCommand::CodeAction).collect()
        })
    }

    /// Works out the edit of an action that came without one.
    pub(super) fn resolve_action(&self, mut action: CodeAction) -> Result<CodeAction> {
        let Some(data) = action.data.take() else { return Ok(action) };
        let of: Deferred = serde_json::from_value(data)
            .map_err(|_| Error::invalid_params("the action is none of this server"))?;
        let edits = self.ask(&of.uri, |open, view, _| {
            (open.version == of.version).then(|| repairs(&open.document, view))
        });
        // The text is another by now: what was offered is not what would be done.
        let edits = edits.flatten().ok_or_else(Error::content_modified)?;
        action.edit = Some(edit_of(&of.uri, edits));
        Ok(action)
    }

    /// Datasets in a range whose schema is not in `tule.lock`, to be put there.
    fn lock_actions(&self, uri: &Uri, range: Range) -> Vec<CodeAction> {
        let session = self.session();
        let Some((open, view)) = session.get(uri) else { return Vec::new() };
        let (Some(_), Some(known)) = (&open.root, session.known(open.root.as_ref())) else {
            return Vec::new();
        };
        let wanted = view.span(range);
        let mut places: Vec<(String, String)> = Vec::new();
        for part in open.document.parts() {
            let meets = |span: Span| {
                let span = span.shift(part.range.start);
                span.start <= wanted.end && wanted.start <= span.end
            };
            let checked = &part.analysis.checked;
            let missing = checked.missing.iter().filter(|missing| meets(missing.span));
            places.extend(missing.filter_map(|m| Some((m.host.clone()?, m.id.clone()))));
            let named = checked.typed.datasets.iter().filter(|(span, _)| meets(*span));
            let lent = named.filter(|(_, dataset)| !known.is_locked(dataset));
            places.extend(lent.map(|(_, d)| (d.host.clone(), d.id.clone())));
        }
        places.sort();
        places.dedup();
        let action = |(host, id): (String, String)| {
            let title = format!("lock the schema of `{host}/{id}`");
            CodeAction {
                title: title.clone(),
                kind: Some(CodeActionKind::QUICKFIX),
                command: Some(Command {
                    title,
                    command: "tule.refresh".to_owned(),
                    arguments: Some(vec![json!({ "uri": uri, "host": host, "id": id })]),
                }),
                ..CodeAction::default()
            }
        };
        places.into_iter().map(action).collect()
    }
}

/// What is worked out when an action is looked at.
#[derive(Debug, Serialize, Deserialize)]
struct Deferred {
    uri: Uri,
    version: i32,
}

/// The kind under which all repairs are offered: those that editors apply on saving.
fn fix_all_kind() -> CodeActionKind {
    CodeActionKind::from("source.fixAll.tule".to_owned())
}

/// Whether a kind is one of those that are asked for, or below one.
fn is_wanted(kind: &CodeActionKind, only: Option<&[CodeActionKind]>) -> bool {
    let below = |wanted: &CodeActionKind| {
        let rest = kind.as_str().strip_prefix(wanted.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    only.is_none_or(|only| only.iter().any(below))
}

fn has_repair(part: &Part) -> bool {
    let mut fixes = part.analysis.checked.diagnostics.iter().flat_map(|found| &found.fixes);
    fixes.any(|fix| fix.applicability == Applicability::Safe)
}

/// Every repair that may be applied unasked, as one action.
fn all_repairs(uri: &Uri, open: &Open, view: View<'_>, later: bool) -> CodeAction {
    let deferred = Deferred { uri: uri.clone(), version: open.version };
    CodeAction {
        title: "fix everything that can be fixed safely".to_owned(),
        kind: Some(fix_all_kind()),
        edit: (!later).then(|| edit_of(uri, repairs(&open.document, view))),
        data: later.then(|| json!(deferred)),
        ..CodeAction::default()
    }
}

fn repairs(document: &Document, view: View<'_>) -> Vec<TextEdit> {
    let world = document.world();
    let fixed = fix_all(document.text(), Applicability::Safe, |text| {
        let fresh = Document::new(text.to_owned(), world.clone());
        fresh.parts().iter().flat_map(Part::diagnostics).collect()
    });
    smallest_edit(document.text(), &fixed.text)
        .map(|(span, text)| TextEdit { range: view.range(span), new_text: text.to_owned() })
        .into_iter()
        .collect()
}

fn edits(document: &Document, view: View<'_>, within: Span) -> Vec<TextEdit> {
    let done = format(document.text(), &Options::default());
    smallest_edit(document.text(), &done.text)
        .filter(|(span, _)| span.start <= within.end && within.start <= span.end)
        .map(|(span, text)| TextEdit { range: view.range(span), new_text: text.to_owned() })
        .into_iter()
        .collect()
}

/// What differs between two texts: the stretch between what both begin and end with.
pub(super) fn smallest_edit<'n>(old: &str, new: &'n str) -> Option<(Span, &'n str)> {
    if old == new {
        return None;
    }
    let same = |(a, b): &(char, char)| a == b;
    let front: usize =
        old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(front..)?, new.get(front..)?);
    let back: usize = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let span = Span::new(at(front), at(old.len() - back));
    Some((span, new_rest.get(..new_rest.len() - back)?))
}

/// Edits that lay out the statements whose place is wanted.
fn statement_edits(
    document: &Document,
    view: View<'_>,
    wanted: impl Fn(Span) -> bool,
) -> Vec<TextEdit> {
    let parts = document.parts().iter().filter(|part| wanted(part.range));
    parts
        .filter_map(|part| {
            let text = part.range.text(document.text());
            let inner = text.trim();
            let before = text.len() - text.trim_start().len();
            let done = format(inner, &Options::default());
            let base = part.range.start + u32::try_from(before).unwrap_or(0);
            let (span, text) = smallest_edit(inner, done.text.trim_end())?;
            Some(TextEdit { range: view.range(span.shift(base)), new_text: text.to_owned() })
        })
        .collect()
}

fn action_of(action: actions::Action, uri: &Uri, view: View<'_>, editor: &Editor) -> CodeAction {
    let kind = match action.sort {
        actions::ActionSort::Repair(_) | actions::ActionSort::Allow => CodeActionKind::QUICKFIX,
        actions::ActionSort::Extract => CodeActionKind::REFACTOR_EXTRACT,
        actions::ActionSort::Rewrite => CodeActionKind::REFACTOR_REWRITE,
    };
    let edits = action.edits.into_iter();
    let edits = edits.map(|(span, text)| TextEdit { range: view.range(span), new_text: text });
    CodeAction {
        title: action.title,
        kind: Some(kind),
        diagnostics: action
            .finding
            .map(|found| vec![convert::diagnostic(&found, view, uri, editor)]),
        edit: Some(edit_of(uri, edits.collect())),
        is_preferred: (action.sort == actions::ActionSort::Repair(true)).then_some(true),
        ..CodeAction::default()
    }
}
