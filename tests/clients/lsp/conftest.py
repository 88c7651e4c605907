"""A client that others wrote, with the capabilities of real editors, in front of `tule lsp`.

`TULE_BIN` names the program; `.ci/lsp` builds it and runs these tests. Whatever a server may not
send to a client with these capabilities is a failure: pytest-lsp checks it, and its warnings are
errors here.
"""

import itertools
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import (
    ClientServerConfig,
    LanguageClient,
    client_capabilities,
    make_test_lsp_client,
)

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROJECT = ROOT / "examples" / "stockton"
BINARY = os.environ.get("TULE_BIN", str(ROOT / "target" / "debug" / "tule"))

NUMBERS = itertools.count(1)


def capabilities(editor):
    """What an editor says that it can do; `pulling` is VS Code as it is since it asks for findings."""
    if editor != "pulling":
        return client_capabilities(editor)
    found = client_capabilities("visual_studio_code")
    found.text_document.diagnostic = types.DiagnosticClientCapabilities()
    found.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    return found


REFRESHES = ["semanticTokens", "inlayHint", "codeLens", "foldingRange"]


def make_client():
    """A client that also takes what a server may ask of an editor, and remembers it."""
    client = make_test_lsp_client()
    client.registered = []
    client.refreshed = []

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams):
        client.registered.extend(one.method for one in params.registrations)

    for what in REFRESHES:

        @client.feature(f"workspace/{what}/refresh")
        def refresh(params, what=what):
            client.refreshed.append(what)

    return client


@pytest_lsp.fixture(
    config=ClientServerConfig(
        server_command=[BINARY, "lsp", "--stdio"], client_factory=make_client
    ),
    params=["visual_studio_code", "neovim", "emacs", "pulling"],
)
async def client(request, lsp_client: LanguageClient):
    lsp_client.editor = request.param
    lsp_client.server = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities(request.param),
            root_uri=PROJECT.as_uri(),
            workspace_folders=[types.WorkspaceFolder(uri=PROJECT.as_uri(), name="stockton")],
            # Nothing here may use a network.
            initialization_options={"fetchSchemas": False},
        )
    )
    yield lsp_client
    await lsp_client.shutdown_session()


class Open:
    """An open document; `§` in its text is where the cursor stands."""

    def __init__(self, client, text):
        self.client = client
        before, mark, after = text.partition("§")
        self.text = before + after
        line = before.rpartition("\n")[2]
        # Texts here are ASCII unless a test says otherwise, so that every encoding counts alike.
        self.cursor = types.Position(line=before.count("\n"), character=len(line)) if mark else None
        self.uri = (PROJECT / "queries" / f"new_{next(NUMBERS)}.tule").as_uri()
        self.version = 1
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                text_document=types.TextDocumentItem(
                    uri=self.uri, language_id="tule", version=1, text=self.text
                )
            )
        )

    @property
    def document(self):
        return types.TextDocumentIdentifier(uri=self.uri)

    @property
    def place(self):
        return {"text_document": self.document, "position": self.cursor}

    @property
    def whole(self):
        lines = self.text.count("\n") + 1
        return types.Range(
            start=types.Position(line=0, character=0), end=types.Position(line=lines, character=0)
        )

    def change(self, start, end, text):
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(
                    uri=self.uri, version=self.version
                ),
                content_changes=[
                    types.TextDocumentContentChangePartial(
                        range=types.Range(start=start, end=end), text=text
                    )
                ],
            )
        )

    async def findings(self):
        """The findings of the present text, as this client comes by them."""
        client = self.client
        if client.server.capabilities.diagnostic_provider:
            report = await client.text_document_diagnostic_async(
                types.DocumentDiagnosticParams(text_document=self.document)
            )
            assert self.uri not in client.diagnostics, "asked for and sent"
            return report.items
        while True:
            sent = await client.wait_for_notification("textDocument/publishDiagnostics")
            if sent.uri == self.uri and sent.version == self.version:
                return sent.diagnostics

    def edited(self, edits):
        """The text after some edits."""
        lines = self.text.splitlines(keepends=True)

        def offset(position):
            return sum(map(len, lines[: position.line])) + position.character

        text = self.text
        for edit in sorted(edits, key=lambda edit: offset(edit.range.start), reverse=True):
            start, end = offset(edit.range.start), offset(edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        return text


@pytest.fixture
def opened(client):
    return lambda text: Open(client, text)
