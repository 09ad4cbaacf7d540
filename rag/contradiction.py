"""Whether a sentence of a paper contradicts what a question presumes. Precision before recall.

"Why did X break down when scaled up?" presumes that it did; "X scales without loss" denies it. Two
things are asked: that both speak of the same, and that one of them denies, turns round or exchanges
what the other says. A sentence that merely doesn't mention what is presumed contradicts nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.support_conflicts import denial_conflicts, direction_conflicts
from rag.support_features import compared_words
from rag.support_matching import Grade, Match, match

SAME_SUBJECT = 0.5
"""The share of the statement's content words that the sentence must have, itself or a synonym."""
SAME_WORDS = 2
"""At least so many of them, so that two-word statements don't meet by chance."""
LONGEST_STATEMENT = 1000
"""Characters. What is longer presumes too much to be read by rules."""

# A question that can be answered with yes or no asks; it presumes nothing.
_OPEN = re.compile(
    r"(?:does|do|did|is|are|was|were|can|could|has|have|had|will|would|should|may|might)\b.*\?\s*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a sentence contradicts a statement; `shared` is the share of its words in both."""

    reasons: tuple[str, ...]
    shared: float


def contradicts(statement: str, sentence: str) -> bool:
    """Whether `sentence` says the opposite of `statement`, about the same thing."""
    return contradiction(statement, sentence) is not None


def contradiction(statement: str, sentence: str) -> Contradiction | None:
    """The contradiction of `statement` by `sentence`, None where there is none to be sure of.

    Args:
        statement: what is presumed, as a statement or as the question itself ("why did it break
            down?"). A question for yes or no presumes nothing and is never contradicted.
        sentence: one sentence of an abstract.
    """
    if len(statement) > LONGEST_STATEMENT or _OPEN.match(statement.strip()):
        return None
    matched = match(statement, sentence)
    words = compared_words(matched)
    shared = [at for at in words if matched.grades[at] >= Grade.SYNONYM]
    if len(shared) < SAME_WORDS or len(shared) < SAME_SUBJECT * len(words):
        return None
    reasons = _reasons(matched)
    return Contradiction(reasons, len(shared) / len(words)) if reasons else None


def _reasons(matched: Match) -> tuple[str, ...]:
    denials, directions = denial_conflicts(matched), direction_conflicts(matched)
    denial_differs = denials["denial_more"] or denials["denial_less"]
    found = (
        (denials["affirm_flips"], "the paper denies what is presumed"),
        (denials["denial_flips"], "the paper says what is presumed not to be"),
        (
            directions["pole_attached"] and directions["pole_novel"] and not denial_differs,
            "the paper says the opposite",
        ),
        (directions["turned_round"], "the paper has it the other way round"),
    )
    return tuple(reason for applies, reason in found if applies)
