"""What planning hands to answering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.evidence.retrieval import Candidate
from rag.types import Filters, Kind


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be answered: the question as understood and the papers in the running.

    `topic` is what the question is about without its filters; "" when it asks for nothing else.
    `words`: log-odds, from the words alone, that papers are to be listed; `kinds`: how likely each
    kind of question is by them; `settled`: that `kind` needs no
    further thought, because it was given or follows from what was said before. `sides` are the
    papers to be compared. `named`: the question names its paper. `assumed`: that the paper in front
    is the one asked about needs no further proof, because the question asks for nothing but the
    name (`name`), or goes on from an answer about it. `focus`: the papers it is about, by id;
    `fields`: what of their records is asked for; `mention`: the words whose mention is counted;
    `per_year`: that years are counted one by one.
    """

    question: str
    standalone_question: str
    topic: str
    kind: Kind
    filters: Filters
    candidates: Sequence[Candidate]
    words: float = 0.0
    kinds: Mapping[str, float] = field(default_factory=dict)
    settled: bool = False
    sides: Sequence[Candidate] = ()
    named: bool = False
    assumed: bool = False
    name: str = ""
    focus: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    mention: str = ""
    per_year: bool = False
    corpus: int = 0
    allowed: int = 0
    undated: int = 0

    @property
    def asked(self) -> str:
        """What is asked of the papers, without what is asked of their dates and authors."""
        return self.topic or self.standalone_question
