"""How editors start the server: on pipes, or on sockets as Node does."""

import json
import socket
import subprocess

from conftest import BINARY

INITIALIZE = {"id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None}}


def framed(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def receive(file):
    """The next message; nothing at the end."""
    line = file.readline()
    if not line:
        return None
    assert file.readline() == b"\r\n"
    return json.loads(file.read(int(line.split(b":")[1])))


def converse(to, answers):
    """A whole conversation, which leaves the way to the server open."""
    to.write(framed(INITIALIZE))
    to.flush()
    assert receive(answers)["result"]["serverInfo"]["name"] == "tule"
    to.write(framed({"method": "initialized", "params": {}}))
    to.write(framed({"id": 2, "method": "shutdown"}))
    to.flush()
    assert receive(answers) == {"jsonrpc": "2.0", "id": 2, "result": None}
    to.write(framed({"method": "exit"}))
    to.flush()
    assert receive(answers) is None


def test_on_pipes():
    pipe = subprocess.PIPE
    with subprocess.Popen([BINARY, "lsp"], stdin=pipe, stdout=pipe, stderr=pipe) as server:
        converse(server.stdin, server.stdout)
        assert server.wait(20) == 0
        assert server.stderr.read() == b""


def test_on_a_socket():
    ours, theirs = socket.socketpair()
    with subprocess.Popen([BINARY, "lsp", "--stdio"], stdin=theirs, stdout=theirs) as server:
        theirs.close()
        with ours.makefile("wb") as to, ours.makefile("rb") as answers:
            converse(to, answers)
        assert server.wait(20) == 0


def test_on_files(tmp_path):
    (tmp_path / "asked").write_bytes(framed(INITIALIZE))
    with open(tmp_path / "asked", "rb") as stdin, open(tmp_path / "answered", "wb") as stdout:
        done = subprocess.run([BINARY, "lsp"], stdin=stdin, stdout=stdout, timeout=20)
    assert done.returncode == 0
    with open(tmp_path / "answered", "rb") as answers:
        assert receive(answers)["result"]["serverInfo"]["name"] == "tule"


def test_the_editor_goes_away_in_the_middle_of_a_message():
    with subprocess.Popen([BINARY, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        server.stdin.write(framed(INITIALIZE)[:60])
        server.stdin.close()
        assert server.wait(20) == 0
