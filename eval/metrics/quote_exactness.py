"""Exactness of quotes: the characters that are stored, to the character."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """What an answer says stands at `abstract[start:end]` of a paper."""

    paper_id: str
    text: str
    start: int
    end: int


def quotes_exact(quotes: Sequence[Quote], abstracts: Mapping[str, str]) -> float | None:
    """Share of the quotes that are the stored abstract at the place they name.

        exact(q) = 1 if abstracts[q.paper_id][q.start:q.end] == q.text else 0

    A quote of a paper that is not stored is not exact.

    Returns:
        In [0, 1]; None when nothing is quoted.

    Source: none; the check is the contract of `quoth.answer/1`.
    """
    if not quotes:
        return None
    return sum(
        quote.text != ""
        and abstracts.get(quote.paper_id, "")[quote.start : quote.end] == quote.text
        for quote in quotes
    ) / len(quotes)
