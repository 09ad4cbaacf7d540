"""Conciseness, and whether words make up for not knowing (verbosity compensation).

Source: Zhang et al., "Verbosity != Veracity: Demystify Verbosity Compensation Behavior of Large
Language Models", 2024. They call an answer verbose when it is longer than its task needs (more
than three words, for their short-answer sets), report how often that is, and how much worse the
verbose answers are than the concise ones. Here the task's need is the length limit of the
question's type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True, slots=True)
class VerbosityCompensation:
    """How often answers are verbose, and what it goes with.

    Attributes:
        frequency: share of the answers that are verbose, in [0, 1].
        gap: mean score of concise answers minus mean score of verbose ones, in [-1, 1]; None
            when there are none of one sort. Above 0: it talks more where it knows less.
    """

    frequency: float
    gap: float | None


def verbosity_compensation(
    verbose: Sequence[bool], scores: Sequence[float]
) -> VerbosityCompensation | None:
    """Frequency of verbose answers, and the score gap between concise and verbose ones.

        frequency = |verbose| / n        gap = mean(score | concise) - mean(score | verbose)

    Args:
        verbose: per answer, whether it is longer than its limit.
        scores: per answer, how right it is, in [0, 1].

    Returns:
        None when there are no answers.
    """
    if not verbose:
        return None
    long = [score for score, is_long in zip(scores, verbose, strict=True) if is_long]
    short = [score for score, is_long in zip(scores, verbose, strict=True) if not is_long]
    gap = fsum(short) / len(short) - fsum(long) / len(long) if long and short else None
    return VerbosityCompensation(frequency=len(long) / len(verbose), gap=gap)


def conciseness(word_count: int, *, limit: int) -> float:
    """1 within the limit, and below it in the measure that the answer is too long.

        conciseness = min(1, limit / words)

    Args:
        word_count: words of the answer, markers left out.
        limit: words that the question's type allows, above 0.
    """
    return 1.0 if word_count <= limit else limit / word_count
