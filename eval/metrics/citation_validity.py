"""Validity of citations: every claim has one, every marker points at a listed source."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from eval.metrics.statements import Statement
from eval.metrics.words import MARKER

_NUMBER = re.compile(r"\d+")


def claims_cited(statements: Sequence[Statement]) -> float | None:
    """Share of the claims that have at least one citation; None when there are no claims."""
    if not statements:
        return None
    return sum(bool(statement.passages) for statement in statements) / len(statements)


def markers_valid(text: str, labels: Collection[int]) -> float | None:
    """Share of the numbers in the text's markers that are labels of listed sources.

    Args:
        text: the answer with its markers, "[1]" or "[1, 2]".
        labels: the labels of the sources under it.

    Returns:
        In [0, 1]; None when the text has no markers.

    Source: none; a marker that points nowhere is the plainest way to cite wrongly.
    """
    numbers = [int(n) for marker in MARKER.findall(text) for n in _NUMBER.findall(marker)]
    if not numbers:
        return None
    return sum(number in labels for number in numbers) / len(numbers)
