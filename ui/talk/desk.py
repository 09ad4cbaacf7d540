"""One question from its first word to its last: the assistant's events as what is on screen.

Knows nothing of gradio, so that the page, the HTTP routes and the tests ask in the same way.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from rag.types import (
    Answer,
    Done,
    Event,
    Filters,
    Found,
    Hit,
    Kind,
    Paper,
    Turn,
    Understood,
    Written,
)
from ui.talk.line import Line

# How often a waiting question looks up: its place changes and its stop button are seen this soon.
LOOK_UP_SECONDS = 0.25


class Asks(Protocol):
    """What the page needs of `rag.assistant.Assistant`."""

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        stop: threading.Event | None = None,
        filters: Filters | None = None,
        kind: Kind | None = None,
    ) -> Iterator[Event]:
        """The events of one question."""

    def search(self, question: str, *, k: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The papers nearest to a question, without the language model."""

    def papers(self) -> Sequence[Paper]:
        """All papers."""

    def paper(self, paper_id: str) -> Paper:
        """One paper."""

    def info(self) -> Mapping[str, Any]:
        """What `quoth info` prints."""

    def warm(self) -> None:
        """Load the models."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with all that goes with it. `filters` and `kind` None: understood from it."""

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What is known so far of a question being answered. `ahead`: questions before it in line."""

    question: str
    understood: Understood | None = None
    found: Found | None = None
    answer: Answer | None = None
    ahead: int = 0
    done: bool = False


@dataclass(slots=True)
class Desk:
    """Where questions are taken: the assistant and the line before its language model."""

    assistant: Asks
    line: Line = field(default_factory=Line)

    def views(self, ask: Ask, *, stop: threading.Event) -> Iterator[View]:
        """The question as it is answered, a view for every change; the last one is `done`.

        Setting `stop`, or closing this iterator, ends the computation.
        """
        view = View(question=ask.question)
        yield view
        events = self.assistant.stream(
            ask.question, history=ask.history, stop=stop, filters=ask.filters, kind=ask.kind
        )
        try:
            with self.line.join() as place:
                for event in events:
                    view = advanced(view, event)
                    yield view
                    if isinstance(event, Found):
                        yield from self._waiting(view, place.wait, stop)
        finally:
            stop.set()

    def _waiting(self, view: View, wait: _Wait, stop: threading.Event) -> Iterator[View]:
        shown = 0
        while not stop.is_set() and (ahead := wait(seconds=LOOK_UP_SECONDS)):
            if ahead != shown:
                shown = ahead
                yield replace(view, ahead=ahead)

    def ask(self, ask: Ask, *, stop: threading.Event | None = None) -> Answer:
        """The whole answer."""
        answer: Answer | None = None
        for view in self.views(ask, stop=stop or threading.Event()):
            answer = view.answer
        if answer is None:
            raise RuntimeError(f"the assistant ended without an answer to {ask.question!r}")
        return answer


class _Wait(Protocol):
    def __call__(self, *, seconds: float) -> int: ...


def advanced(view: View, event: Event) -> View:
    """The view after one more event."""
    match event:
        case Understood():
            return replace(view, understood=event)
        case Found():
            return replace(view, found=event)
        case Written():
            return replace(view, answer=event.answer, ahead=0)
        case Done():
            return replace(view, answer=event.answer, ahead=0, done=True)
