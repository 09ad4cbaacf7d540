"""What a client gets wrong is told to the client, and is no trace-back on the owner's terminal."""

from __future__ import annotations

import contextlib
import logging
import sys
import time

import httpx
import pytest
from page_server import served
from ui_helpers import Idle

from rag.config import Config
from rag.contract.terminal import LONGEST_LOG_LINE, LogHandler

pytestmark = pytest.mark.slow

JSON = {"content-type": "application/json"}
HALF = rb'{"data": ["", "\ud800", 1, 1]}'
MCP = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with served(Config(index=tmp_path_factory.mktemp("doors")), make_assistant=Idle) as running:
        yield running


@pytest.fixture
def told(capfd):
    """What the terminal has, once some words are there; the log goes to it as `quoth` sends it."""
    handler = LogHandler()
    logging.getLogger().addHandler(handler)

    def read(words: str = "") -> str:
        err, until = capfd.readouterr().err, time.monotonic() + 10
        while words not in err and time.monotonic() < until:
            time.sleep(0.05)  # a reply goes out before what is told of it
            err += capfd.readouterr().err
        assert words in err
        return err

    yield read
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("path", "sent", "status", "said"),
    [
        ("run/search", {"json": {"data": ["too few"]}}, 400, '"data" wants 4 values'),
        ("call/get_paper", {"json": {"data": []}}, 400, '"data" wants 1 values'),
        ("run/search", {"content": HALF, "headers": JSON}, 500, "whole number, not '\ufffd'"),
        ("run/search", {"json": {"data": ["", "\U0001f600", 1, 1]}}, 500, "not '\U0001f600'"),
        ("upload", {"files": {"files": (None, "no file")}}, 400, "must be files"),
    ],
)
def test_what_a_client_gets_wrong_is_told_to_it_alone(page, told, path, sent, status, said):
    reply = httpx.post(f"{page.url}gradio_api/{path}", **sent)
    assert reply.status_code == status
    assert said in reply.text
    assert "<gradio" not in reply.text
    assert "Traceback" not in told()


@pytest.mark.parametrize("path", ["queue/data?session_hash=none", "call/search/none"])
def test_what_escapes_from_behind_the_doors_is_one_line(page, told, path):
    with contextlib.suppress(httpx.TransportError):  # a reply that had begun is cut short
        httpx.get(f"{page.url}gradio_api/{path}", timeout=10)
    err = told("something broke inside")
    assert "Traceback" not in err
    assert err.count("something broke inside") == 1


def test_what_escapes_before_a_reply_is_the_reply(page, told, monkeypatch):
    monkeypatch.setattr("ui.doors.upload_route.upload_fn", lambda *_, **__: {}["none"])
    reply = httpx.post(f"{page.url}gradio_api/upload", files={"files": ("a.txt", b"text")})
    assert reply.status_code == 500
    assert "Traceback" not in reply.text
    assert "Traceback" not in told("KeyError")


def test_an_event_that_breaks_is_told_in_a_line(page, told, monkeypatch):
    monkeypatch.setattr("ui.page.papers.shelf", None)
    event = next(fn for fn in page_events(page) if fn["api_name"] == "listed")
    body = {"data": ["", "", "", "newest"], "fn_index": event["id"], "session_hash": "s"}
    origin = {"origin": page.url.rstrip("/")}
    reply = httpx.post(f"{page.url}gradio_api/run/listed", json=body, headers=origin)
    assert reply.status_code == 500
    assert "something broke inside" in reply.json()["error"]
    assert "Traceback" not in told("papers.py")


def test_a_library_that_quotes_a_whole_request_tells_one_line(page, told):
    call = {"name": "search", "arguments": "\n".join("x" * 100)}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    assert httpx.post(f"{page.url}gradio_api/mcp/", json=body, headers=MCP).status_code == 200
    lines = [line for line in told().splitlines() if line]
    assert 1 <= len(lines) <= 2
    assert all(len(line) < LONGEST_LOG_LINE + 100 for line in lines)


def page_events(page):
    return httpx.get(f"{page.url}config").json()["dependencies"]


def test_a_message_of_the_log_stays_on_its_line(capfd):
    record = logging.LogRecord("any", logging.WARNING, "", 0, "a %s", ("b\nERROR: forged",), None)
    handler = LogHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    handler.emit(record)
    sys.stderr.flush()
    assert capfd.readouterr().err == "WARNING: a b ERROR: forged\n"
