"""Every request that an editor sends, and what has to come of it."""

import pytest
from lsprotocol import types

pytestmark = pytest.mark.asyncio

NOWHERE = types.Position(line=0, character=0)


def labels(found):
    return [item.label for item in found.items]


async def completion(document):
    found = await document.client.text_document_completion_async(
        types.CompletionParams(**document.place)
    )
    return found if isinstance(found, types.CompletionList) else types.CompletionList(False, found)


async def documentation(client, item):
    """What is said of an item when somebody looks at it; a plain text for editors without markup."""
    resolved = await client.completion_item_resolve_async(item)
    return getattr(resolved.documentation, "value", resolved.documentation)


async def test_findings_follow_the_text(opened):
    document = opened("from police_calls select beta limit 5")
    found = await document.findings()
    assert [item.code for item in found] == ["unknown-column"]
    assert found[0].range == types.Range(
        start=types.Position(line=0, character=25), end=types.Position(line=0, character=29)
    )
    document.change(types.Position(line=0, character=27), types.Position(line=0, character=29), "at")
    assert list(await document.findings()) == []


async def test_nobody_is_told_twice(client, opened):
    document = opened("from police_calls select beta limit 5")
    await document.findings()
    pulls = client.editor == "pulling"
    assert bool(client.server.capabilities.diagnostic_provider) is pulls
    assert (document.uri in client.diagnostics) is not pulls


async def test_findings_go_when_the_document_is_closed(client, opened):
    document = opened("from police_calls select beta limit 5")
    await document.findings()
    client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=document.document))
    if client.editor != "pulling":
        sent = await client.wait_for_notification("textDocument/publishDiagnostics")
        assert (sent.uri, list(sent.diagnostics)) == (document.uri, [])


async def test_completion_offers_columns_and_resolves_them(client, opened):
    found = await completion(opened("from police_calls select be§ limit 5"))
    beat = next(item for item in found.items if item.label == "beat")
    assert beat.kind == types.CompletionItemKind.Field
    assert "Patrol beat" in await documentation(client, beat)


async def test_completion_of_functions_suits_the_editor(client, opened):
    found = await completion(opened("from police_calls select up§ limit 5"))
    upper = next(item for item in found.items if item.label == "upper")
    snippets = client.editor != "emacs"
    expected = types.InsertTextFormat.Snippet if snippets else None
    assert upper.insert_text_format == expected
    text = upper.text_edit.new_text if upper.text_edit else upper.text_edit_text
    assert text == ("upper($0)" if snippets else "upper()")
    assert "Example" in await documentation(client, upper)


async def test_completion_of_datasets(opened):
    assert "police_calls" in labels(await completion(opened("from §")))


async def test_completion_before_from_still_offers_something(opened):
    found = labels(await completion(opened("select §")))
    assert {"beat", "upper", "count(*)"} <= set(found)


async def test_hover(client, opened):
    document = opened("from police_calls select be§at limit 5")
    found = await client.text_document_hover_async(types.HoverParams(**document.place))
    assert "Patrol beat" in found.contents.value
    assert (found.range.start.character, found.range.end.character) == (25, 29)


async def test_signature(client, opened):
    document = opened("from police_calls select date_trunc_ym(§")
    found = await client.text_document_signature_help_async(
        types.SignatureHelpParams(**document.place)
    )
    shown = found.signatures[found.active_signature or 0]
    assert shown.label.startswith("date_trunc_ym(")
    assert found.active_parameter == 0


async def test_names_are_found_and_renamed(client, opened):
    document = opened("select x as east, y from police_calls order by ea§st limit 5")
    defined = await client.text_document_definition_async(types.DefinitionParams(**document.place))
    defined = defined[0] if isinstance(defined, list) else defined
    assert defined.range.start.character == 12
    uses = await client.text_document_references_async(
        types.ReferenceParams(
            context=types.ReferenceContext(include_declaration=True), **document.place
        )
    )
    assert [use.range.start.character for use in uses] == [12, 47]
    marked = await client.text_document_document_highlight_async(
        types.DocumentHighlightParams(**document.place)
    )
    assert len(marked) == 2
    edit = await client.text_document_rename_async(
        types.RenameParams(new_name="longitude", **document.place)
    )
    changes = edit.changes[document.uri]
    assert document.edited(changes) == (
        "select x as longitude, y from police_calls order by longitude limit 5"
    )


async def test_names_are_edited_together(client, opened):
    document = opened("from police_calls as c select @§c.beat, @c.x limit 5")
    linked = await client.text_document_linked_editing_range_async(
        types.LinkedEditingRangeParams(**document.place)
    )
    assert [place.start.character for place in linked.ranges] == [21, 31, 40]


async def test_symbols(client, opened):
    document = opened(
        "query of_beat($beat text) as\nfrom police_calls where beat = $beat limit 5;\n"
    )
    found = await client.text_document_document_symbol_async(
        types.DocumentSymbolParams(text_document=document.document)
    )
    assert found[0].name == "of_beat"
    if isinstance(found[0], types.DocumentSymbol):
        assert [child.name for child in found[0].children] == ["$beat"]
    anywhere = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="OF_B"))
    assert [symbol.name for symbol in anywhere] == ["of_beat"]


async def test_tokens_and_their_differences(client, opened):
    document = opened("from police_calls select beat limit 5;\nselect x from police_calls limit 5;\n")
    full = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(text_document=document.document)
    )
    legend = client.server.capabilities.semantic_tokens_provider.legend
    kinds = [legend.token_types[kind] for kind in full.data[3::5]]
    assert kinds[:4] == ["keyword", "class", "keyword", "property"]
    at = types.Position(line=0, character=36)
    document.change(at, types.Position(line=0, character=37), "-- five\n7")
    delta = await client.text_document_semantic_tokens_full_delta_async(
        types.SemanticTokensDeltaParams(
            text_document=document.document, previous_result_id=full.result_id
        )
    )
    data = list(full.data)
    for edit in sorted(delta.edits, key=lambda edit: edit.start, reverse=True):
        data[edit.start : edit.start + edit.delete_count] = edit.data or []
    again = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(text_document=document.document)
    )
    assert data == list(again.data) and data != list(full.data)


async def test_formatting(client, opened):
    document = opened("FROM police_calls SELECT beat  LIMIT 5")
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    edits = await client.text_document_formatting_async(
        types.DocumentFormattingParams(text_document=document.document, options=options)
    )
    assert document.edited(edits).split() == "from police_calls select beat limit 5;".split() or (
        document.edited(edits).split() == "from police_calls select beat limit 5".split()
    )
    ranged = await client.text_document_range_formatting_async(
        types.DocumentRangeFormattingParams(
            text_document=document.document, range=document.whole, options=options
        )
    )
    assert ranged


async def test_actions_repair_what_was_found(client, opened):
    document = opened("from police_calls select beat where beat = nu§ll limit 5")
    await document.findings()
    here = types.Range(start=document.cursor, end=document.cursor)
    found = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=document.document,
            range=here,
            context=types.CodeActionContext(diagnostics=[]),
        )
    )
    repair = next(action for action in found if action.kind == types.CodeActionKind.QuickFix)
    assert document.edited(repair.edit.changes[document.uri]) == (
        "from police_calls select beat where beat is null limit 5"
    )
    rewrites = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=document.document,
            range=here,
            context=types.CodeActionContext(
                diagnostics=[], only=[types.CodeActionKind.RefactorRewrite]
            ),
        )
    )
    assert "put `select` first" in [action.title for action in rewrites]


async def test_hints_folds_selections_and_links(client, opened):
    document = opened("from police_calls\nselect upper(be§at)\nlimit 5")
    hints = await client.text_document_inlay_hint_async(
        types.InlayHintParams(text_document=document.document, range=document.whole)
    )
    assert any("upper_beat" in str(hint.label) for hint in hints)
    named = next(hint for hint in hints if "upper_beat" in str(hint.label))
    assert named.text_edits[0].new_text == " as upper_beat"
    if named.tooltip is None:
        named = await client.inlay_hint_resolve_async(named)
    assert "portal" in named.tooltip
    folds = await client.text_document_folding_range_async(
        types.FoldingRangeParams(text_document=document.document)
    )
    assert (folds[0].start_line, folds[0].end_line) == (0, 2)
    around = await client.text_document_selection_range_async(
        types.SelectionRangeParams(text_document=document.document, positions=[document.cursor])
    )
    assert around[0].range.start.character == 13 and around[0].parent.range.start.character == 7
    links = await client.text_document_document_link_async(
        types.DocumentLinkParams(text_document=document.document)
    )
    assert links[0].target.endswith("/d/esc4-8x43")


async def test_what_is_not_known_is_refused(client):
    with pytest.raises(Exception, match="(?i)method not found"):
        await client.protocol.send_request_async("tule/nosuch", {})


async def test_registrations_only_where_the_editor_has_them(client, opened):
    await opened("select 1").findings()
    space = client.capabilities.workspace
    offered = {
        "workspace/didChangeWatchedFiles": space.did_change_watched_files,
        "workspace/didChangeConfiguration": space.did_change_configuration,
    }
    for method in client.registered:
        assert offered[method] and offered[method].dynamic_registration, method
