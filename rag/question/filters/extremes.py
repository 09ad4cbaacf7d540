"""Superlatives of the record: "the newest paper", "which has the most authors".

The asker tags most of them as an order. What it cannot say is that one paper is meant, and some it
does not tag at all; both are exact, because a record has few fields to be first in.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rag.question.filters.numbers import numbers_in
from rag.question.filters.wishes import order_of
from rag.types import Order

_EXTREME: Final = re.compile(
    r"\b(?:(?:very )?(?:newest|oldest|latest|earliest|youngest|hottest)|"
    r"most recent(?:ly published)?|(?:most|fewest|least) (?:authors?|people|comment(?:s|ed)|"
    r"discuss(?:ed|ions?)|up-?vot(?:es|ed)|votes|likes|liked|popular)|"
    r"(?:longest|biggest|largest|smallest|shortest) (?:author lists?|lists? of authors|teams?))\b",
    re.IGNORECASE,
)
_ONE: Final = re.compile(
    r"\b(?:paper|study|article|publication|preprint|one)\b|"
    r"^(?:and |so |but |ok(?:ay)? )?(?:which|what|who)(?:'s| (?:one )?(?:is|was|has|had|got))\b",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(
    r"\b(?:papers|studies|articles|works?|publications|preprints|ones|everything|anything|"
    r"something|all|stuff|research|literature|list|first|sort\w*|order\w*|rank\w*|news|"
    r"results|findings|advances|developments)\b",
    re.IGNORECASE,
)
_MOST: Final = 100
"""Papers that are asked for by number; a larger one is a year."""
_OPEN: Final = re.compile(r" (?:on|in|about|for|from|with)\b", re.IGNORECASE)
_LAST_WORDS: Final = re.compile(r"[\s?.!]*$")


class Extreme(NamedTuple):
    """The order that a superlative asks for, where it stands, and how many are meant.

    `limit`: one of "the newest paper", two of "the two newest".
    """

    order: Order
    start: int
    end: int
    limit: int | None


def extreme(text: str) -> Extreme | None:
    """The superlative of a question, made normal; None where it has none."""
    found = _EXTREME.search(text)
    order = order_of(found.group()) if found else None
    if found is None or order is None:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    ends = _LAST_WORDS.match(text, found.end()) is not None
    news = found.group().lower().endswith("latest") and _OPEN.match(text, found.end())
    one = not news and not _SEVERAL.search(rest) and (ends or _ONE.search(rest) is not None)
    few = [number for number in numbers_in(text[: found.start()]) if 0 < number <= _MOST]
    limit = few[-1] if few else 1 if one else None
    return Extreme(order, found.start(), found.end(), limit)
