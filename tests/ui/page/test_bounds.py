"""What a request and a connection may take: memory, disk, and a place among the connections."""

from __future__ import annotations

import asyncio
import socket
import time

import httpx
import pytest
from page_server import served
from ui_helpers import Idle

from rag.config import Config
from ui.doors import doors
from ui.gate.front import read_front
from ui.page import serving

pytestmark = pytest.mark.slow

SENT = "gradio_api/upload"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with served(Config(index=tmp_path_factory.mktemp("bounds")), make_assistant=Idle) as running:
        yield running


class Endless:
    """A body that is sent in pieces for as long as somebody takes them."""

    def __init__(self, piece: bytes, most: int) -> None:
        self.piece, self.most, self.taken = piece, most, 0

    def __iter__(self):
        while self.taken < self.most:
            self.taken += len(self.piece)
            yield self.piece


@pytest.mark.parametrize(
    "path",
    ["v1/chat/completions", "gradio_api/run/search", "gradio_api/queue/join", "gradio_api/mcp/"],
)
def test_a_body_without_a_length_is_not_taken_whole(page, path):
    body = Endless(b" " * 65_536, 500_000_000)
    try:
        reply = httpx.post(page.url + path, content=iter(body), timeout=30)
    except httpx.TransportError:
        pass  # closed while it was still being sent
    else:
        assert reply.status_code == 413
        assert f"{doors.JSON_BYTES:,}" in reply.text
    assert body.taken < 4 * doors.JSON_BYTES
    with connected(page) as one:  # one that says its length is not even read
        one.sendall(
            f"POST /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500000000\r\n\r\n".encode()
        )
        assert one.recv(65_536).startswith(b"HTTP/1.1 413")


def test_the_upload_limit_is_of_all_files_together(page, monkeypatch):
    monkeypatch.setattr(doors, "UPLOAD_BYTES", 100_000)
    four = [("files", (f"{number}.txt", b"x" * 30_000)) for number in range(4)]
    assert httpx.post(page.url + SENT, files=four[:3]).status_code == 200
    before = set(page.site.uploads.folder.rglob("*.txt"))
    assert httpx.post(page.url + SENT, files=four).status_code == 413
    request = httpx.Request("POST", page.url + SENT, files=four)
    pieces = iter([request.read()])  # sent in chunks: no length is said
    kind = {"content-type": request.headers["content-type"]}
    assert httpx.post(page.url + SENT, content=pieces, headers=kind).status_code == 413
    assert set(page.site.uploads.folder.rglob("*.txt")) == before
    left = [path for path in page.site.uploads.folder.rglob("*") if path.is_file()]
    assert set(left) == before, "nothing stays of what did not come in whole"


def test_an_upload_that_is_left_leaves_nothing(page):
    before = {path for path in page.site.uploads.folder.rglob("*") if path.is_file()}
    request = httpx.Request("POST", page.url + SENT, files={"files": ("a.txt", b"x" * 90_000)})
    with connected(page) as one:
        head = f"POST /{SENT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90200\r\n"
        kind = f"Content-Type: {request.headers['content-type']}\r\n\r\n"
        one.sendall((head + kind).encode() + request.read()[:50_000])
    until(lambda: {p for p in page.site.uploads.folder.rglob("*") if p.is_file()} == before)


def test_a_silent_connection_is_closed(page, monkeypatch):
    monkeypatch.setattr(serving, "SILENT_SECONDS", 0.6)
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0.1)
    ways = {
        "says nothing": b"",
        "begins a head": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        "begins a body": b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Length: 99\r\n\r\n{",
    }
    for way, words in ways.items():
        with connected(page) as one:
            one.sendall(words)
            one.settimeout(20)
            assert ended(one), way


def test_a_head_in_drips_is_closed(page, monkeypatch):
    monkeypatch.setattr(serving, "SILENT_SECONDS", 0.6)
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0.1)
    with connected(page) as one:
        one.settimeout(0.1)
        for _ in range(200):
            try:
                one.sendall(b"GET / HTTP/1.1\r\nA: a\r\n"[:1])
                if ended(one):
                    return
            except (ConnectionError, BrokenPipeError):
                return
            except TimeoutError:
                continue
        pytest.fail("a head may take for ever")


def test_a_stream_that_is_being_answered_stays(page, monkeypatch):
    monkeypatch.setattr(serving, "SILENT_SECONDS", 0.4)
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0.1)
    with connected(page) as one:
        one.sendall(b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        heard = b""
        while b"ALIVE" not in heard:
            heard += one.recv(65_536)
        one.settimeout(2)
        with pytest.raises(TimeoutError):
            ended(one)


def test_silent_connections_shut_nobody_out(page):
    crowd = [socket.create_connection(("127.0.0.1", port(page))) for _ in range(1100)]
    try:
        for _ in range(3):
            assert httpx.get(f"{page.url}v1/models", timeout=20).status_code == 200
    finally:
        for one in crowd:
            one.close()
    assert serving.CONNECTIONS_EACH < 1100


class Wire:
    """Not a network: one end of a connection, which notes when it is closed."""

    def __init__(self, address: str) -> None:
        self.address, self.closed = address, False

    def get_extra_info(self, name, default=None):
        return (self.address, 1) if name == "peername" else default

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def test_many_addresses_together_are_bounded_too(monkeypatch):
    monkeypatch.setattr(serving, "CONNECTIONS", 20)
    monkeypatch.setattr(serving, "CONNECTIONS_EACH", 5)
    closed = crowded([f"10.0.0.{number // 4}" for number in range(40)])
    assert closed == [True] * 20 + [False] * 20


def test_a_proxy_speaks_for_many(monkeypatch):
    monkeypatch.setattr(serving, "CONNECTIONS_EACH", 5)
    assert crowded(["10.0.0.1"] * 8) == [True] * 3 + [False] * 5
    front = read_front("http://papers.example.org", proxies=["10.0.0.1"])
    assert crowded(["10.0.0.1"] * 8, many=front.is_proxy) == [False] * 8


def crowded(addresses, **options):
    """Whether each of the connections that these addresses make, and keep silent, was closed."""

    async def work():
        from uvicorn.server import ServerState

        server = serving.server(None, host="", port=0, ending=lambda: None, **options)
        make = server.config.http
        wires = [Wire(address) for address in addresses]
        for wire in wires:
            one = make(server.config, ServerState(), {}, asyncio.get_running_loop())
            one.connection_made(wire)
        return [wire.closed for wire in wires]

    return asyncio.run(work())


def connected(page):
    return socket.create_connection(("127.0.0.1", port(page)), timeout=20)


def port(page):
    return int(page.url.rstrip("/").rpartition(":")[2])


def ended(one):
    """Whether the other side closes; what it says before does not matter."""
    try:
        while one.recv(65_536):
            pass
    except ConnectionError:
        pass
    return True


def until(holds, *, seconds=20):
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, "this did not come to hold"
        time.sleep(0.05)
