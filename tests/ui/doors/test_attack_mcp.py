"""MCP serves the tools: whatever else is asked of it, and whatever headers say, it calls nobody."""

from __future__ import annotations

import json
import socket
import threading

import httpx
import pytest
from page_server import served
from ui_helpers import Idle

from rag.config import Config

pytestmark = pytest.mark.slow

ASKED = (
    ("resources/read", {"uri": "quoth://x"}),
    ("resources/list", {}),
    ("resources/templates/list", {}),
    ("prompts/get", {"name": "ask"}),
    ("prompts/list", {}),
    ("completion/complete", {"ref": {"type": "ref/prompt", "name": "x"}, "argument": {}}),
    ("logging/setLevel", {"level": "debug"}),
)
HEARSAY = ("x-forwarded-host", "x-gradio-server", "forwarded", "x-forwarded-server")


class Listener:
    """A server of somebody else's, which counts who connects."""

    def __init__(self) -> None:
        self.heard = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.heard += 1


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with served(Config(index=tmp_path_factory.mktemp("mcp")), make_assistant=Idle) as running:
        yield running


@pytest.fixture
def listener():
    one = Listener()
    yield one
    one.socket.close()


def asked(url, method, params, **headers):
    """The reply to a message of MCP."""
    told = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    accept = {"accept": "application/json, text/event-stream", **headers}
    reply = httpx.post(f"{url}gradio_api/mcp/", json=told, headers=accept, timeout=10)
    lines = [line[6:] for line in reply.text.splitlines() if line.startswith("data: ")]
    return json.loads(lines[0]) if lines else {"refused": reply.status_code}


@pytest.mark.parametrize(("method", "params"), ASKED, ids=[method for method, _ in ASKED])
def test_mcp_serves_the_tools_and_nothing_else(page, listener, method, params):
    named = {name: listener.host for name in HEARSAY}
    assert "result" not in asked(page.url, method, params, **named)
    assert "result" not in asked(page.url, method, params)
    assert listener.heard == 0


def test_a_tool_is_called_whatever_the_headers_say(page, listener):
    named = {**{name: listener.host for name in HEARSAY}, "x-forwarded-proto": "https"}
    tools = asked(page.url, "tools/list", {}, **named)["result"]["tools"]
    assert [tool["name"] for tool in tools] == ["ask", "search", "get_paper"]
    told = asked(
        page.url, "tools/call", {"name": "search", "arguments": {"question": "x"}}, **named
    )
    assert not told["result"]["isError"]
    assert listener.heard == 0


def test_what_mcp_can_do_is_said(page):
    client = {"name": "test", "version": "1"}
    params = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": client}
    told = asked(page.url, "initialize", params)["result"]["capabilities"]
    assert told.get("tools") is not None
    assert told.get("resources") is None
    assert told.get("prompts") is None


def test_a_tool_takes_no_file_of_the_server(page, tmp_path):
    planted = tmp_path / "planted.txt"
    planted.write_text("the-planted-secret", encoding="utf-8")
    named = {"path": str(planted), "meta": {"_type": "gradio.FileData"}}
    arguments = {"question": "x", "history": [named]}
    told = asked(page.url, "tools/call", {"name": "ask", "arguments": arguments})
    assert told == {"refused": 403}
    kept = [path for path in page.site.uploads.folder.rglob("*") if path.is_file()]
    assert kept == []


def test_no_page_names_a_host_by_hearsay(page, listener):
    named = {name: listener.host for name in HEARSAY}
    for path in ("", "config", "gradio_api/mcp/", "gradio_api/info", "gradio_api/openapi.json"):
        reply = httpx.get(page.url + path, headers=named)
        assert reply.status_code == 200
        assert listener.host not in reply.text, path
