"""SIGTERM ends the page whoever is connected; only that it ends is waited for, not how fast."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from page_server import free_port
from person import Person

from rag import build
from rag.config import Config
from ui.page import serving

pytestmark = pytest.mark.slow


@pytest.fixture
def chat(tmp_path):
    """`quoth chat` as people start it, in a process of its own, over an index of no papers."""
    index, nothing = tmp_path / "index", tmp_path / "none.jsonl"
    nothing.write_text("", encoding="utf-8")
    build.ingestor(Config(index=index)).run([nothing])
    port = free_port()
    command = [sys.executable, "-m", "ui.cli", "chat", "--port", str(port), "--index", str(index)]
    process = subprocess.Popen(
        [*command, "--set", "llm.model=off"], stderr=subprocess.PIPE, text=True
    )
    limit = time.monotonic() + 120
    while True:
        assert process.poll() is None, "it did not start"
        assert time.monotonic() < limit, "it did not start within two minutes"
        try:
            httpx.get(f"http://127.0.0.1:{port}/config", timeout=60)
            break
        except httpx.TransportError:
            time.sleep(0.2)
    yield process, port
    if process.poll() is None:
        process.kill()
        process.wait()


def ends(process):
    """Whether it ends by itself once told, long after what was promised."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        said = process.communicate(timeout=30)[1]
    except subprocess.TimeoutExpired:
        return False
    sys.stderr.write(f"gone after {time.monotonic() - began:.1f} s\n")
    assert "Traceback" not in said, said
    return True


def test_sigterm_ends_the_page_with_a_browser_open(chat, browser):
    process, port = chat
    one = Person(browser, f"http://127.0.0.1:{port}/")
    one.tab.locator("#masthead").wait_for()
    assert ends(process)
    one.leave()


def test_sigterm_ends_the_page_with_streams_open(chat):
    process, port = chat
    ours = {"origin": f"http://127.0.0.1:{port}"}
    events = httpx.get(f"http://127.0.0.1:{port}/config").json()["dependencies"]
    asked = next(event for event in events if event["api_name"] == "typed")
    body = {"data": ["What is CIVICS?", None], "fn_index": asked["id"], "session_hash": "abc"}
    joined = httpx.post(f"http://127.0.0.1:{port}/gradio_api/queue/join", json=body, headers=ours)
    assert joined.status_code == 200
    held = []
    for path in ("gradio_api/heartbeat/abc", "gradio_api/queue/data?session_hash=abc", ""):
        one = socket.create_connection(("127.0.0.1", port), timeout=60)
        one.sendall(f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert one.recv(1024).startswith(b"HTTP/1.1 200")
        held.append(one)
    held.append(socket.create_connection(("127.0.0.1", port)))  # and one that says nothing
    assert ends(process)
    for one in held:
        one.close()


def test_what_goes_on_is_told_to_stop_before_it_is_waited_for():
    from ui.talk.site import Runs

    runs = Runs()
    going = runs.begin("tab")
    runs.stop_all()
    assert going.is_set()
    assert runs.begin("another").is_set(), "nothing begins any more"
    assert serving._GRACE_SECONDS + serving._CLEANING_SECONDS < 5
