"""The trivial answers that every figure has beside it: what search finds, nothing decided.

What is to list papers gets the first five of `search`; everything else the two best sentences, by
the search's own scores, of its first paper. A rival is never silent, cuts nothing and writes
nothing; it is told from the gold whether papers are to be listed. A stage that does not beat it
costs more than it brings.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.quote_exactness import Quote
from eval.runs.answers import ShownAnswer, ShownClaim
from eval.runs.records import FoundPaper
from eval.sets.questions import SHAPES, Question

PAPERS = 5
"""Papers of a rival's list."""
SENTENCES = 2
"""Sentences of a rival's point; a run keeps as many of every paper that search found."""


def rival_answer(question: Question, hits: Sequence[FoundPaper]) -> ShownAnswer:
    """The trivial answer to a question, in the papers' own words.

    Args:
        question: with its gold, of which the type alone is looked at.
        hits: what search found, best first, with the best sentences of each; where it found
            nothing the answer is empty, and wrong.
    """
    if question.listing or SHAPES.get(question.type) == "survey":
        found = hits[:PAPERS]
        labelled = enumerate(found, start=1)
        claims = [_claim(quote, label) for label, hit in labelled for quote in hit.sentences[:1]]
        heading = [f"{len(found)} papers:"]
    else:
        found = hits[:1]
        claims = [_claim(quote, 1) for hit in found for quote in hit.sentences[:SENTENCES]]
        heading = []
    return ShownAnswer(
        text="\n".join([*heading, *(f"{claim.text} [{claim.labels[0]}]" for claim in claims)]),
        outcome="answered",
        claims=tuple(claims),
        sources={label: (hit.paper_id, hit.title) for label, hit in enumerate(found, start=1)},
    )


def _claim(quote: Quote, label: int) -> ShownClaim:
    return ShownClaim(text=quote.text, verdict="quoted", labels=(label,), quotes=(quote,))
