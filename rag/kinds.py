"""What a question wants, told from its form: a list of papers, a fact, a comparison, one paper.

The rules read how a question is put and never what it is about. They are tried in the order
compare, list, paper; what none of them claims asks for a fact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from rag.kind_papers import list_reason, paper_reason
from rag.kind_topics import CLAUSE, bare, topic_reason
from rag.sides import sides_of
from rag.types import Kind
from rag.wording import content_words, normalize

_MOST_CHARACTERS: Final = 1500
"""Read from either end of a longer question: who writes more asks at the start or at the end."""


_SENTENCE_END: Final = re.compile(r"[.!?:;]\s+")
_OWN: Final = re.compile(
    r"(?:(?:so|and|but|now|currently|at the moment|today|hi|hello|hey)[, ]+)*"
    r"(?:i|we|my|our|i'm|we're|i've|we've)\b",
    re.IGNORECASE,
)
_LEANS: Final = re.compile(r"\b(?:it|its|they|them|their|this|these|those|such|same)\b", re.I)


class Named(NamedTuple):
    """A stretch of a question that names a paper; `sure` when it can mean nothing else."""

    text: str
    sure: bool


class Reading(NamedTuple):
    """A kind, the sides of a comparison, and what in the form of the question decided.

    `asks_for_papers`: whether a list is asked for in words, and not only by naming a subject.
    """

    kind: Kind
    sides: tuple[str, ...]
    reason: str
    asks_for_papers: bool = False


def kind_of(question: str, *, names: Sequence[Named] = ()) -> Reading:
    """What `question` wants; `names` are the stretches of it that name papers of the corpus."""
    text = normalize(question)
    if len(text) > 2 * _MOST_CHARACTERS:
        text = f"{text[:_MOST_CHARACTERS]} {text[-_MOST_CHARACTERS:]}"
    low = text.lower()
    clauses = [stripped for part in CLAUSE.split(low) if (stripped := bare(part))]
    owned = [name.text for name in names]
    sure = [name.text for name in names if name.sure]
    asks = list_reason(clauses, sure)
    compared = sides_of(text, names=owned)
    if compared and not (asks and not compared.explicit):
        return Reading("compare", compared.sides, compared.reason)
    if asks:
        return Reading("list", (), asks, asks_for_papers=True)
    paper = paper_reason(low, clauses, owned, text)
    if paper:
        return Reading("paper", (), paper)
    topic = topic_reason(low, clauses, sure, text)
    if topic:
        return Reading("list", (), topic)
    return Reading("fact", (), "asks for a thing, not for papers")


def without_background(request: str) -> str:
    """A request for papers without what users first tell of themselves.

    "We label by hand and are slow: which papers make labels cheaper?" asks for nothing about hands.
    Whatever the request itself leans on, or asks before, stays.
    """
    start = 0
    for end in _SENTENCE_END.finditer(request):
        told = request[start : end.start()]
        if not _OWN.match(told) or _asks_for_papers(told):
            break
        start = end.end()
    asked = request[start:]
    alone = _asks_for_papers(asked) and len(content_words(asked)) > 1 and not _LEANS.search(asked)
    return asked if alone else request


def _asks_for_papers(text: str) -> bool:
    clauses = [bare(part) for part in CLAUSE.split(text.lower()) if part]
    return bool(list_reason(clauses, ()))
