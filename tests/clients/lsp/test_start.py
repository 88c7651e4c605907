"""How editors start the server: on pipes, or on sockets as Node does."""

import io
import json
import socket
import subprocess

from conftest import BINARY


def framed(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


CONVERSATION = b"".join(
    map(
        framed,
        [
            {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None}},
            {"method": "initialized", "params": {}},
            {"id": 2, "method": "shutdown"},
            {"method": "exit"},
        ],
    )
)


def read(file):
    """The messages in a file, to its end."""
    messages = []
    while line := file.readline():
        length = int(line.split(b":")[1])
        assert file.readline() == b"\r\n"
        messages.append(json.loads(file.read(length)))
    return messages


def check(messages):
    assert [message["id"] for message in messages] == [1, 2]
    assert messages[0]["result"]["serverInfo"]["name"] == "tule"


def test_on_pipes():
    run = subprocess.run([BINARY, "lsp"], input=CONVERSATION, capture_output=True, timeout=20)
    assert run.returncode == 0 and run.stderr == b""
    check(read(io.BytesIO(run.stdout)))


def test_on_a_socket_with_its_input_held_open():
    ours, theirs = socket.socketpair()
    with subprocess.Popen([BINARY, "lsp", "--stdio"], stdin=theirs, stdout=theirs) as server:
        theirs.close()
        ours.sendall(CONVERSATION)
        with ours.makefile("rb") as file:
            check(read(file))
        assert server.wait(20) == 0


def test_on_files(tmp_path):
    asked = tmp_path / "asked"
    asked.write_bytes(CONVERSATION)
    with open(asked, "rb") as stdin, open(tmp_path / "answered", "wb") as stdout:
        assert subprocess.run([BINARY, "lsp"], stdin=stdin, stdout=stdout, timeout=20).returncode == 0
    with open(tmp_path / "answered", "rb") as file:
        check(read(file))


def test_the_editor_goes_away():
    with subprocess.Popen([BINARY, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        server.stdin.write(CONVERSATION[: len(CONVERSATION) // 2])
        server.stdin.close()
        assert server.wait(20) == 0
