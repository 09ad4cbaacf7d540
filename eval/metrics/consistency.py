"""Consistency: is it the same answer when only what should not matter has changed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from eval.metrics.words import words


def paper_overlap(one: Collection[str], other: Collection[str]) -> float:
    """Jaccard overlap of the papers that two answers cite; 1 when neither cites any.

        |one and other| / |one or other|

    Source: Jaccard, "Étude comparative de la distribution florale", 1901.
    """
    together = set(one) | set(other)
    return len(set(one) & set(other)) / len(together) if together else 1.0


def text_overlap(one: str, other: str) -> float:
    """Token F1 of two texts, markers left out; 1 when both are empty.

        F1 = 2 |common tokens| / (|tokens of one| + |tokens of the other|)

    Source: Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", 2016.
    """
    left, right = Counter(words(one)), Counter(words(other))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 1.0
