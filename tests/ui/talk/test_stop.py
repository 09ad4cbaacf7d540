"""Stopping, with the real language model: how many tokens are computed after it."""

from __future__ import annotations

import threading

import pytest

from ui.talk.desk import Ask, Desk

pytestmark = pytest.mark.slow

LISTS = ("Which papers study preference optimization?", "Which papers study alignment?")


@pytest.fixture
def steps(assistant):
    """Counts the steps of the real model: every forward pass is one token of each sentence."""
    assistant.warm()
    counted = []
    seen = threading.Event()

    def count(*_):
        counted.append(1)
        if len(counted) >= 3:
            seen.set()

    hook = assistant.writer._loaded.model.register_forward_hook(count)
    yield counted, seen
    hook.remove()


def test_no_token_is_computed_after_a_stop(assistant, steps):
    counted, seen = steps
    stop = threading.Event()
    at_stop = []

    def press():
        seen.wait(120)
        stop.set()
        at_stop.append(len(counted))

    presser = threading.Thread(target=press)
    presser.start()
    views = list(Desk(assistant).views(Ask(LISTS[0]), stop=stop))
    presser.join()
    answer = views[-1].answer
    assert answer.outcome == "partial"
    assert "stopped" in answer.reason
    # The step that was under way ends; between it and the press one more may have been counted.
    assert len(counted) <= at_stop[0] + 1


def test_the_model_is_free_for_the_next_at_once(assistant, steps):
    counted, seen = steps
    desk = Desk(assistant)
    stop = threading.Event()
    ended = threading.Event()

    def first():
        list(desk.views(Ask(LISTS[0]), stop=stop))
        ended.set()

    threading.Thread(target=first).start()
    assert seen.wait(120)
    stop.set()
    assert ended.wait(60), "what is stopped ends within a step or two"
    assert len(desk.line) == 0
    before = len(counted)
    views = desk.views(Ask(LISTS[1]), stop=(again := threading.Event()))
    while len(counted) == before and next(views, None) is not None:
        pass
    assert len(counted) > before, "the next question is written"
    again.set()
    views.close()
