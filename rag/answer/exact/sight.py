"""What may be read where the records alone do not tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from rag.evidence import deciding
from rag.evidence.looking import Looked
from rag.evidence.nearness import is_near
from rag.evidence.retrieval import Candidate
from rag.evidence.task import Task
from rag.types import Paper, Suggestion

MOST_PERHAPS: Final = 12
LIKELY: Final = 0.5
"""Probability from which on a paper is taken for the one that a question describes."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """The papers that clearly bear on a topic, best first, out of the nearest, which were read.

    `perhaps`: some more that may; `read`: how many were read.
    """

    papers: Sequence[Candidate] = ()
    perhaps: tuple[Suggestion, ...] = ()
    read: int = 0


def belonging(looked: Looked, *, most: int) -> Belonging:
    """The papers of a list out of those that were read, `most` at the most."""
    chances = deciding.belonging(looked)
    order = np.argsort(-chances, kind="stable")
    count = min(deciding.best_length(chances[order]), most)
    scored = deciding.scored(looked)
    perhaps = (
        deciding.suggested(scored[i], float(chances[i]))
        for i in order[count:]
        if chances[i] >= deciding.PERHAPS
    )
    papers = [scored[i] for i in order[:count]]
    return Belonging(papers, tuple(perhaps)[:MOST_PERHAPS], len(scored))


@dataclass(frozen=True, slots=True)
class Sight:
    """Nothing is read before it is asked for. `look` reads the first candidates, `list` goes on."""

    task: Task
    look: Callable[[Sequence[Candidate]], Looked]
    list: Callable[[Looked], Belonging]

    def belonging(self) -> Belonging:
        """The papers that a list on the topic of the question would hold."""
        candidates = self.task.candidates
        if not candidates or not is_near(candidates):
            return Belonging()
        looked = self.look(candidates)
        found = self.list(looked)
        return found if _on_topic(looked) else Belonging((), found.perhaps, found.read)

    def described(self) -> Paper | None:
        """The paper that the question likeliest describes; None where none likely is."""
        candidates = self.task.candidates
        if not candidates or not is_near(candidates):
            return None
        looked = self.look(candidates)
        chances = deciding.belonging(looked)
        best = int(np.argmax(chances))
        likely = chances[best] >= LIKELY and _on_topic(looked)
        return looked.front[best].paper if likely else None


def _on_topic(looked: Looked) -> bool:
    """Whether any paper bears on what was looked for: how far one leads the others says no more."""
    limit = deciding.limits(read=bool(looked.readings)).topic
    return deciding.topic_probability(looked) >= limit
