"""Lenses, commands and the requests of our own, from clients that know nothing of them."""

from lsprotocol import types

QUERY = "query of_beat($beat text default 'C1') as\nfrom police_calls select call_no where beat = $beat limit 5;\n"


def plain(value):
    """An answer as dictionaries, whatever the client made of it."""
    if hasattr(value, "_asdict"):
        return {name: plain(member) for name, member in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value


def place(document):
    return {
        "textDocument": {"uri": document.uri},
        "position": {"line": document.cursor.line, "character": document.cursor.character},
    }


async def test_lenses_copy_what_is_sent(client, opened):
    document = opened(QUERY)
    lenses = await client.text_document_code_lens_async(
        types.CodeLensParams(text_document=document.document)
    )
    titles = [lens.command.title for lens in lenses]
    assert {"run", "copy URL", "copy curl", "explain plan"} <= set(titles)
    offered = client.server.capabilities.execute_command_provider.commands
    assert {lens.command.command for lens in lenses} <= set(offered)
    copy = next(lens.command for lens in lenses if lens.command.command == "tule.copyUrl")
    url = await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=copy.command, arguments=copy.arguments)
    )
    assert url.startswith("https://data.stocktonca.gov/resource/esc4-8x43.json?")
    assert "C1" in url


async def test_plans_are_told_in_words(client, opened):
    document = opened(QUERY)
    lenses = await client.text_document_code_lens_async(
        types.CodeLensParams(text_document=document.document)
    )
    plan = next(lens.command for lens in lenses if lens.command.command == "tule.plan")
    told = await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=plan.command, arguments=plan.arguments)
    )
    assert "police" in told.lower()


async def test_statements_and_requests(client, opened):
    document = opened(QUERY.replace("call_no where", "call§_no where"))
    found = plain(await client.protocol.send_request_async("tule/statement", place(document)))
    assert found["name"] == "of_beat" and found["errors"] == 0 and found["remote"]
    assert [parameter["name"] for parameter in found["parameters"]] == ["beat"]
    asked = {**place(document), "params": {"beat": "C7"}}
    compiled = plain(await client.protocol.send_request_async("tule/compile", asked))
    assert "C7" in compiled["url"] and compiled["curl"].startswith("curl ")


async def test_cards(client, opened):
    document = opened("from police§_calls limit 5")
    card = plain(await client.protocol.send_request_async("tule/card", place(document)))
    assert card["id"] == "esc4-8x43"
    assert "beat" in [column["name"] for column in card["columns"]]


async def test_every_repair_at_once(client, opened):
    document = opened(
        "from police_calls select beat where beat = null limit 5;\n"
        "from police_calls select beat where x <> null limit 5;\n"
    )
    await document.findings()
    found = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=document.document,
            range=document.whole,
            context=types.CodeActionContext(diagnostics=[], only=["source.fixAll"]),
        )
    )
    (action,) = found
    if action.edit is None:
        action = await client.code_action_resolve_async(action)
    text = document.edited(action.edit.changes[document.uri])
    assert text.count("is null") == 1 and text.count("is not null") == 1
