"""Asking without a page: views in order, the line, stopping, the OpenAI shape."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from ui_helpers import make_abstained, make_answer, make_paper

from rag.errors import ModelError, UsageError
from rag.types import Done, Evidence, Filters, Found, Passage, Screened, Understood, Written
from ui.doors.openai import ask_of, completion, content_of
from ui.talk.desk import Ask, Desk
from ui.talk.relay import relayed
from ui.talk.site import Loader, Runs
from ui.turns import read_history

PAPER = make_paper(1)
ANSWER = make_answer([PAPER])


class Slow:
    """Not a model: an assistant whose steps a test can hold back."""

    def __init__(self) -> None:
        self.writing = threading.Event()
        self.go = threading.Event()
        self.stopped = threading.Event()

    def stream(self, question, *, history=(), stop=None, filters=None, kind=None):
        yield Understood(question, question, "fact", Filters())
        yield Found((Evidence(1, PAPER, (Passage("p1", 0, 0, 5),)),), Screened(1, 1, 1))
        self.writing.set()
        while not self.go.wait(0.01):
            if stop.is_set():
                self.stopped.set()
                break
        yield Written(ANSWER)
        yield Done(ANSWER)


def test_views_grow_in_order():
    slow = Slow()
    slow.go.set()
    views = list(Desk(slow).views(Ask("q"), stop=threading.Event()))
    known = [(bool(v.understood), bool(v.found), bool(v.answer), v.done) for v in views]
    assert known == [
        (False, False, False, False),
        (True, False, False, False),
        (True, True, False, False),
        (True, True, True, False),
        (True, True, True, True),
    ]


def test_the_second_sees_evidence_at_once_and_waits_for_its_turn():
    slow = Slow()
    desk = Desk(slow)
    first = desk.views(Ask("first"), stop=threading.Event())
    for _ in range(3):
        next(first)  # its evidence is found; it holds the place before the model
    second = desk.views(Ask("second"), stop=threading.Event())
    seen = [next(second) for _ in range(4)]
    assert seen[2].found is not None
    assert seen[3].ahead == 1
    slow.go.set()
    assert list(first)[-1].done
    assert list(second)[-1].done
    assert len(desk.line) == 0


def test_leaving_gives_the_place_up_and_stops():
    slow = Slow()
    desk = Desk(slow)
    stop = threading.Event()
    views = desk.views(Ask("q"), stop=stop)
    for _ in range(3):
        next(views)
    views.close()
    assert stop.is_set()
    assert len(desk.line) == 0


def test_stopping_in_the_line_needs_no_waiting():
    slow = Slow()
    desk = Desk(slow)
    first = desk.views(Ask("first"), stop=threading.Event())
    for _ in range(3):
        next(first)
    stop = threading.Event()
    second = desk.views(Ask("second"), stop=stop)
    for _ in range(4):
        next(second)
    stop.set()
    began = time.monotonic()
    assert list(second)[-1].done
    assert time.monotonic() - began < 1
    first.close()


def test_a_reader_that_goes_away_stops_the_thread_at_once():
    slow = Slow()
    stop = threading.Event()

    async def leave() -> None:
        views = relayed(lambda: Desk(slow).views(Ask("q"), stop=stop), stop=stop)
        async for view in views:
            if view.found is not None:
                break
        assert await asyncio.to_thread(slow.writing.wait, 2)
        await views.aclose()

    asyncio.run(leave())
    assert slow.stopped.wait(1)


def test_an_error_in_the_thread_reaches_the_reader():
    def broken():
        yield 1
        raise ModelError("the model is missing")

    async def read() -> list[int]:
        seen = []
        with pytest.raises(ModelError, match="missing"):
            async for item in relayed(broken, stop=threading.Event()):
                seen.append(item)
        return seen

    assert asyncio.run(read()) == [1]


def test_a_new_question_of_a_tab_stops_the_one_before():
    runs = Runs()
    first = runs.begin("tab")
    other = runs.begin("another tab")
    second = runs.begin("tab")
    assert first.is_set()
    assert not second.is_set()
    runs.end("tab", first)  # late: must not forget the second
    runs.stop("tab")
    assert second.is_set()
    assert not other.is_set()
    runs.stop("unknown")


def test_what_cannot_be_loaded_is_said():
    def broken():
        raise ModelError("no index here; run quoth ingest")

    loader = Loader(broken)
    loader.start()
    assert loader.wait(seconds=5)
    assert loader.ready
    assert not loader.opened
    with pytest.raises(ModelError, match="quoth ingest"):
        loader.desk()


def test_the_chat_of_openai_becomes_a_question_with_its_papers():
    papers = [PAPER, make_paper(2)]
    messages = [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "first?"},
        {"role": "assistant", "content": content_of(make_answer(papers))},
        {"role": "user", "content": [{"type": "text", "text": "and then?"}]},
    ]
    ask = ask_of(messages, papers=papers)
    assert ask.question == "and then?"
    assert [turn.role for turn in ask.history] == ["user", "assistant"]
    assert ask.history[1].paper_ids == ("p1", "p2")
    assert "References" not in ask.history[1].content


@pytest.mark.parametrize(
    "messages",
    [
        None,
        [],
        "q",
        [1],
        [{"role": "assistant", "content": "x"}],
        [{"role": "user", "content": ""}],
    ],
)
def test_a_chat_without_a_question_is_told(messages):
    with pytest.raises(UsageError, match="messages"):
        ask_of(messages)


def test_the_message_carries_its_references():
    body = completion(ANSWER)
    content = body["choices"][0]["message"]["content"]
    assert content.startswith(ANSWER.text)
    assert content.endswith("References:\n[1] NAME1: Paper number 1 (2021-01-02)")
    assert body["quoth"]["schema"] == "quoth.answer/1"
    assert content_of(make_abstained([PAPER])) == ""


def test_history_of_programs_is_checked():
    turns = read_history([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}])
    assert [turn.content for turn in turns] == ["a", "b"]
    with pytest.raises(UsageError, match=r"history\[1\]"):
        read_history([{"role": "user", "content": "a"}, {"role": "robot", "content": "b"}])
