"""Putting an answer together so that it cannot be cited wrongly.

A `Draft` is the only way that answers are made: labels are given here, in order of first use;
quotes are cut from the stored abstract by span; a claim's place in the text is where it was put.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rag.types import Citation, Claim, Hit, Passage, RecordCitation, Source, Verdict


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence ready to be shown: its words, the paper and passages that carry it.

    A "quoted" statement's text is words of one of the passages, a "supported" one's is the
    model's, checked against them.
    """

    text: str
    hit: Hit
    passages: tuple[Passage, ...]
    verdict: Verdict


@dataclass(slots=True)
class Draft:
    """An answer in the making: text, claims and sources grow together."""

    text: str = ""
    claims: list[Claim] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    def say(self, words: str) -> None:
        """Words around the claims: headings, bullets, line ends. They state nothing of a paper."""
        self.text += words

    def label(self, hit: Hit) -> int:
        """The label of a paper: the one it has, or the next."""
        for number, known in enumerate(self.hits, start=1):
            if known.paper.paper_id == hit.paper.paper_id:
                return number
        self.hits.append(hit)
        return len(self.hits)

    def state(self, statement: Statement) -> None:
        """A claim with its marker; the paper's own words stand in quotation marks."""
        label = self.label(statement.hit)
        quoted = statement.verdict == "quoted"
        if quoted:
            self.text += "\u201c"
        start = len(self.text)
        self.text += statement.text
        claim = Claim(
            text=statement.text,
            start=start,
            end=len(self.text),
            citations=tuple(cite(label, statement.hit, passage) for passage in statement.passages),
            verdict=statement.verdict,
        )
        self.claims.append(claim)
        self.text += f"\u201d [{label}]" if quoted else f" [{label}]"

    def record(self, text: str, cited: Sequence[tuple[Hit, str, str]]) -> None:
        """A claim told of records, with its markers.

        Args:
            text: what is said.
            cited: the papers, each with a field of it and what is shown of that field's text.
        """
        start = len(self.text)
        self.text += text
        citations = tuple(
            RecordCitation(self.label(hit), hit.paper.paper_id, field_name, value)
            for hit, field_name, value in cited
        )
        self.claims.append(Claim(text, start, len(self.text), citations, "record"))
        labels = dict.fromkeys(citation.label for citation in citations)
        self.text += " " + "".join(f"[{label}]" for label in labels)

    def state_all(self, statements: Iterable[Statement], *, between: str = " ") -> None:
        """Several claims in a row."""
        for number, statement in enumerate(statements):
            if number:
                self.say(between)
            self.state(statement)

    def sources(self) -> tuple[Source, ...]:
        """The cited papers, by label."""
        return tuple(
            Source(label=number, paper=hit.paper, score=hit.score, parts=hit.parts)
            for number, hit in enumerate(self.hits, start=1)
        )


def cite(label: int, hit: Hit, passage: Passage) -> Citation:
    """A citation of a passage: its exact characters of the stored abstract."""
    return Citation(
        label=label,
        paper_id=hit.paper.paper_id,
        quote=passage.text(hit.paper.abstract),
        start=passage.start,
        end=passage.end,
    )


def quoted(hit: Hit, passage: Passage, *, text: str | None = None) -> Statement:
    """The paper's own words as a statement; `text` is a part of the passage to be shown of it.

    Raises:
        ValueError: `text` is not words of the passage.
    """
    whole = passage.text(hit.paper.abstract)
    if text is not None and text not in whole:
        raise ValueError(f"{text!r} is not in the passage {whole!r}")
    return Statement(text if text is not None else whole, hit, (passage,), "quoted")


def word_count(texts: Sequence[str]) -> int:
    """Words by white space, over several texts."""
    return sum(len(text.split()) for text in texts)
