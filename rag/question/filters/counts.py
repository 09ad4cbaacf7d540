"""A tagged number as bounds: "at least five authors", "solo", "20+ comments", "two or three"."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rag.question.filters.numbers import in_digits, numbers_in


class CountBounds(NamedTuple):
    """The least and the most that are asked for, both included; None: no bound there."""

    least: int | None = None
    most: int | None = None


_ONE: Final = re.compile(
    r"\b(?:solo|single|sole|lone|alone|on (?:their|his|her) own|individual)", re.I
)
_TWO: Final = re.compile(r"\b(?:duo|pair|both)", re.I)
_SEVERAL: Final = re.compile(r"\b(?:several|multiple|many|co-?authored)\b", re.I)
_AT_LEAST: Final = re.compile(
    r"at least|no (?:fewer|less) than|not (?:fewer|less) than|minimum|\bmin\b|>=|\u2265|=>|\d ?\+|"
    r"\b(?:or|and) (?:more|up|above|better|over|larger|upwards)|"
    r"upwards? of|from \d+ (?:on|up)",
    re.I,
)
_AT_MOST: Final = re.compile(
    r"at most|no more than|not more than|not over|up to|maximum|\bmax\b|<=|\u2264|=<|"
    r"\b(?:or|and) (?:fewer|less|under|below)|within|as many as",
    re.I,
)
_MORE: Final = re.compile(r"more than|over\b|above|exceed|greater than|larger than|beyond|>", re.I)
_FEWER: Final = re.compile(r"fewer than|less than|under\b|below|smaller than|<", re.I)
_RANGE: Final = re.compile(r"(\d{1,9}) ?(?:-|\u2013|to|and|or|through) ?(\d{1,9})", re.I)


def count_bounds(phrase: str) -> CountBounds | None:
    """The bounds of a phrase with one number or a range of two; None when it has none."""
    text = in_digits(phrase)
    numbers = numbers_in(phrase)
    if not numbers:
        if _ONE.search(text):
            return CountBounds(1, 1)
        if _TWO.search(text):
            return CountBounds(2, 2)
        return CountBounds(2, None) if _SEVERAL.search(text) else None
    number = numbers[0]
    between = _RANGE.search(text)
    if between:
        low, high = sorted((int(between[1]), int(between[2])))
        return CountBounds(low, high)
    if _AT_LEAST.search(text):
        return CountBounds(number, None)
    if _AT_MOST.search(text):
        return CountBounds(None, number)
    if _MORE.search(text):
        return CountBounds(number + 1, None)
    if _FEWER.search(text):
        return CountBounds(None, number - 1)
    return CountBounds(number, number)


def limit_of(phrase: str) -> int | None:
    """How many are wanted: of "two or three" the larger; "the single best" is one."""
    numbers = numbers_in(phrase)
    if numbers:
        return max(numbers) or None
    return 1 if re.search(r"\b(?:single|sole|an?|best|just|top)\b", phrase, re.I) else None
