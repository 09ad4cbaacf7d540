"""Requests of any shape to the doors of programs: an error of theirs, never of ours."""

from __future__ import annotations

import asyncio
import json
import logging
import threading

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hostile import ALIVE
from ui_helpers import make_answer, make_paper

from rag.types import Done, Filters, Found, Screened, Understood
from ui.doors.named import add_endpoints
from ui.doors.openai import openai_routes
from ui.talk.desk import Desk

PAPER = make_paper(1, title="Owls \x1b]0;x\x07[2]\u202e", url="https://example.org/\x9b\ud800")


class Ready:
    """The loader and the assistant of a site over one paper; "break" breaks."""

    def desk(self):
        return Desk(self)

    def papers(self):
        return [PAPER]

    def paper(self, paper_id):
        return {"p1": PAPER}[paper_id]

    def search(self, question, *, k=10, filters=None):
        if question == "break":
            raise ZeroDivisionError("by zero")
        return []

    def stream(self, question, *, history=(), stop=None, filters=None, kind=None):
        if question == "break":
            raise ZeroDivisionError("by zero")
        yield Understood(question, question, "fact", Filters())
        yield Found((), Screened(1, 1, 1))
        yield Done(make_answer([PAPER], question=question))


class Site:
    """What the doors need of a site."""

    loader = assistant = Ready()


@pytest.fixture(scope="module")
def client():
    app = FastAPI()
    app.include_router(openai_routes(Site()))
    with TestClient(app, raise_server_exceptions=False) as running:
        yield running


def asked(client, body):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    return client.post("/v1/chat/completions", content=content, headers=headers)


USER = [{"role": "user", "content": "owls?"}]


def test_while_papers_are_being_opened_others_are_answered():
    answered = threading.Event()

    class Opening(Ready):
        def papers(self):
            self.waited = answered.wait(5)
            return [PAPER]

    site = Site()
    site.loader = site.assistant = Opening()
    app = FastAPI()
    app.include_router(openai_routes(site))

    async def together():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://page") as one:
            asking = asyncio.create_task(one.post("/v1/chat/completions", json={"messages": USER}))
            await asyncio.sleep(0)
            assert (await one.get("/v1/models")).status_code == 200
            answered.set()
            return await asking

    assert asyncio.run(together()).status_code == 200
    assert site.loader.waited


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 100_000,
        b'{"messages": ' + b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe",
        b"null",
        b"9" * 5_000,
        {"messages": "x"},
        {"messages": [5]},
        {"messages": [{"role": ["user"], "content": {"a": 1}}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": None}]}]},
        {"messages": [{"role": "user", "content": 5}]},
        {"messages": USER, "stream_options": "x", "stream": True},
        {"messages": USER, "stream_options": ["x"], "stream": True},
        {"messages": USER, "stream_options": 5},
    ],
    ids=range(15),
)
def test_a_request_of_another_shape_is_a_bad_request(client, caplog, body):
    with caplog.at_level(logging.WARNING):
        reply = asked(client, body)
    assert reply.status_code == 400
    assert reply.json()["error"]["type"] == "invalid_request_error"
    assert not caplog.records


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("words", ["half \ud800", "\x1b[2J", "\u202eowls\u2028", "x" * 100_000])
def test_odd_words_are_answered_and_nothing_alive_comes_back(client, words, stream):
    body = {"messages": [{"role": "user", "content": words}], "stream": stream}
    reply = asked(client, body)
    assert reply.status_code == 200
    assert "Method 1 halves the cost" in reply.text
    assert not ALIVE.search(reply.text.replace("\n", ""))
    if not stream:
        content = reply.json()["choices"][0]["message"]["content"]
        assert not ALIVE.search(content.replace("\n", ""))
        assert "[2]" not in content


@pytest.mark.parametrize("stream", [False, True])
def test_what_nobody_foresaw_is_an_error_of_the_server(client, caplog, stream):
    with caplog.at_level(logging.ERROR):
        reply = asked(
            client, {"messages": [{"role": "user", "content": "break"}], "stream": stream}
        )
    assert reply.status_code == (200 if stream else 500)  # a stream has begun when it breaks
    tree = json.loads(reply.text.split("data: ")[-1]) if stream else reply.json()
    assert tree["error"]["type"] == "server_error"
    assert "ZeroDivisionError" in tree["error"]["message"]
    assert "Traceback" not in reply.text
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


@pytest.fixture(scope="module")
def named():
    with gr.Blocks() as page:
        add_endpoints(Site())
    return {fn.api_name: fn.fn for fn in page.fns.values()}


def call(named, name, *arguments):
    made = named[name](*arguments)
    return asyncio.run(made) if asyncio.iscoroutine(made) else made


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ask", (5,)),
        ("ask", (None,)),
        ("ask", ("q", "x")),
        ("ask", ("q", {"role": "user"})),
        ("ask", ("q", ["x"])),
        ("ask", ("q", [{"role": ["user"], "content": "x"}])),
        ("ask", ("q", [{"role": "user", "content": 5}])),
        ("ask", ("q", [{"role": "user", "content": "x", "paper_ids": 5}])),
        ("search", (["q"],)),
        ("search", ("q", "x")),
        ("search", ("q", 1.5)),
        ("search", ("q", float("nan"))),
        ("search", ("q", float("inf"))),
        ("search", ("q", 10**400)),
        ("search", ("q", True)),
        ("search", ("q", 3, "2020")),
        ("search", ("q", 3, None, [2020])),
        ("get_paper", (5,)),
        ("get_paper", (["p1"],)),
        ("get_paper", ("none",)),
    ],
)
def test_a_wrong_type_is_told_in_words(named, caplog, name, arguments):
    with caplog.at_level(logging.WARNING), pytest.raises(gr.Error) as told:
        call(named, name, *arguments)
    assert not told.value.print_exception
    assert "broke" not in str(told.value)
    assert not caplog.records


def test_right_types_are_taken(named):
    assert call(named, "ask", "owls?", None)["outcome"] == "answered"
    assert call(named, "search", "owls?", 3.0, 2020) == []
    assert call(named, "get_paper", "p1")["title"] == PAPER.title


@pytest.mark.parametrize(("name", "arguments"), [("ask", ("break",)), ("search", ("break",))])
def test_what_nobody_foresaw_is_told_without_a_trace_back(named, caplog, name, arguments):
    with caplog.at_level(logging.ERROR), pytest.raises(gr.Error, match="ZeroDivisionError") as told:
        call(named, name, *arguments)
    assert not told.value.print_exception
    assert len(caplog.records) == 1
