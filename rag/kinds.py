"""What a question wants, told from its form: a list of papers, a fact, a comparison, one paper.

The rules read how a question is put and never what it is about. They are tried in the order
compare, list, paper; what none of them claims asks for a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rag.kind_papers import list_reason, paper_reason
from rag.kind_topics import CLAUSE, bare, topic_reason
from rag.sides import sides_of
from rag.types import Kind
from rag.wording import normalize

_MOST_CHARACTERS: Final = 1500
"""Read from either end of a longer question: who writes more asks at the start or at the end."""


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
