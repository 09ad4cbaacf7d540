"""What `Assistant.stream` yields, in this order; `Written` carries the answer as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types.answers import Answer, Kind, Screened
from rag.types.filters import Filters
from rag.types.papers import Evidence


@dataclass(frozen=True, slots=True)
class Understood:
    """How the question was read, before anything is looked up."""

    question: str
    standalone_question: str
    kind: Kind
    filters: Filters


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence, before a word is written."""

    evidence: tuple[Evidence, ...]
    screened: Screened


@dataclass(frozen=True, slots=True)
class Written:
    """One more claim has been written and checked; `answer` is all of it so far, valid as it is."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; always the last event."""

    answer: Answer


Event = Understood | Found | Written | Done
