"""An answer object of `quoth.answer/1`, as evaluation reads it: the JSON, not the nouns.

Runs are scored from stored JSON, so that a run of another version, or of another system that
writes the contract, can be scored too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eval.metrics.quote_exactness import Quote
from eval.metrics.statements import Statement
from rag.errors import InputError


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """One sentence of the answer with its quotes."""

    text: str
    verdict: str
    labels: tuple[int, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """What a reader was shown, and what it cost."""

    text: str
    outcome: str
    kind: str = ""
    reason: str = ""
    confidence: float | None = None
    claims: tuple[ShownClaim, ...] = ()
    sources: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)

    @property
    def abstained(self) -> bool:
        """Whether it stayed silent."""
        return self.outcome == "abstained"

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotes, in order, each place once."""
        return tuple(dict.fromkeys(quote for claim in self.claims for quote in claim.quotes))

    def statements(self, abstracts: Mapping[str, str] | None = None) -> tuple[Statement, ...]:
        """The sentences with their passages, as the citation metrics take them.

        What is told of a record is no sentence on words: it is that field, and nothing to judge.

        Args:
            abstracts: paper_id -> abstract, as far as they are known.
        """
        titles, known = dict(self.sources.values()), abstracts or {}
        found = []
        for claim in self.claims:
            if claim.verdict == "record":
                continue
            cited = dict.fromkeys(quote.paper_id for quote in claim.quotes)
            found.append(
                Statement(
                    text=claim.text,
                    passages=tuple(quote.text for quote in claim.quotes),
                    title="; ".join(titles.get(paper_id, "") for paper_id in cited),
                    context=" ".join(known.get(paper_id, "") for paper_id in cited),
                )
            )
        return tuple(found)

    @property
    def shown(self) -> tuple[str, ...]:
        """The text, and each quote under it."""
        return (self.text, *(quote.text for quote in self.quotes))


def read_answer(tree: Mapping[str, Any]) -> ShownAnswer:
    """Read an answer object.

    Raises:
        InputError: a key of the contract is missing or of the wrong type.
    """
    try:
        trace = tree.get("trace", {})
        return ShownAnswer(
            text=tree["text"],
            outcome=tree["outcome"],
            kind=tree.get("kind", ""),
            reason=tree.get("reason", ""),
            confidence=tree.get("confidence"),
            claims=tuple(_claim(claim) for claim in tree["claims"]),
            sources={
                int(source["label"]): (source["paper_id"], source["title"])
                for source in tree["sources"]
            },
            seconds={name: float(value) for name, value in trace.get("seconds", {}).items()},
            tokens={name: int(value) for name, value in trace.get("tokens", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"an answer is not a quoth.answer/1 object: {type(error).__name__} {error}"
        ) from error


def _claim(tree: Mapping[str, Any]) -> ShownClaim:
    citations = tree["citations"]
    return ShownClaim(
        text=tree["text"],
        verdict=tree.get("verdict", ""),
        labels=tuple(int(citation["label"]) for citation in citations),
        quotes=tuple(
            Quote(
                paper_id=citation["paper_id"],
                text=citation["quote"],
                start=int(citation["start"]),
                end=int(citation["end"]),
            )
            for citation in citations
            if "quote" in citation  # one of a record has a field and its value
        ),
    )
