"""Whether anything in the corpus is close to a question at all."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evidence.retrieval import Candidate

NEAR = 0.2
"""Cosine of a sentence or an abstract with the question. Texts that have nothing to do with each
other mostly stay below; it stops another language and letters at random, where no word is shared
either, and leaves every closer call to `deciding`."""


def is_near(candidates: Sequence[Candidate]) -> bool:
    """Whether something is close by meaning, or shares a word that says something."""
    return any(
        max(candidate.parts["whole"], candidate.parts["sentence"]) >= NEAR
        or candidate.parts["lexical"] > 0
        for candidate in candidates
    )
