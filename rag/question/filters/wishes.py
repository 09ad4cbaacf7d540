"""A tagged wish for an order, for what readers thought of a paper, or for released code."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rag.question.filters.counts import count_bounds
from rag.types import Order


class Popularity(NamedTuple):
    """The least upvotes and comments, and the order; None: not asked for."""

    upvotes: int | None = None
    comments: int | None = None
    order: Order | None = None


_UPVOTES: Final = re.compile(
    r"up-?vot|\blike[sd]?\b|\bvotes?\b|top.rated|rating|popular|trending", re.I
)
_COMMENTS: Final = re.compile(r"comment|discuss|talked|debated|hot(?:test)?\b", re.I)
_AUTHORS: Final = re.compile(r"author|team|collaboration|people", re.I)
_FEW: Final = re.compile(r"few|least|small|short|less", re.I)
_OLD: Final = re.compile(
    r"\bold|earl(?:y|ier|iest)|ascend|\basc\b|chronolog|from the (?:start|beginning)", re.I
)
_NEW: Final = re.compile(
    r"\bnew|recent|\blate(?:st|ly|r)|\blast\b|fresh|descend|\bdesc\b|reverse|current|modern|up-to-date",
    re.I,
)
_REVERSE: Final = re.compile(r"reverse[- ]chronolog|chronolog\w+ (?:descend|reverse)", re.I)
_ASCENDING: Final = re.compile(r"\basc|chronolog|\bfirst\b|in order\b(?! of)", re.I)
_DATE: Final = re.compile(r"\bdate|\byear|\btime|age\b|publication", re.I)


def order_of(phrase: str) -> Order | None:
    """The order that a phrase asks for; None when it names none."""
    if re.search(r"relevan|best match", phrase, re.I):
        return "relevance"
    if _COMMENTS.search(phrase):
        return "comments"
    if _UPVOTES.search(phrase):
        return "upvotes"
    if _AUTHORS.search(phrase) and not _NEW.search(phrase):
        return "fewest_authors" if _FEW.search(phrase) else "most_authors"
    if _REVERSE.search(phrase):
        return "newest"
    old, new = _OLD.search(phrase), _NEW.search(phrase)
    if old and new:  # "oldest to newest"
        return "oldest" if old.start() < new.start() else "newest"
    if old or new:
        return "oldest" if old else "newest"
    if _ASCENDING.search(phrase):
        return "oldest"
    return "newest" if _DATE.search(phrase) else None


def popularity_of(phrase: str) -> Popularity:
    """What a phrase asks of upvotes and comments; of citations nothing is known."""
    bounds = count_bounds(phrase)
    comments, upvotes = _COMMENTS.search(phrase), re.search(r"vote|like", phrase, re.I)
    if bounds and (comments or upvotes):
        least = bounds.least or None
        return Popularity(comments=least) if comments else Popularity(upvotes=least)
    if comments:
        return Popularity(order="comments")
    return Popularity(order="upvotes") if upvotes else Popularity()


def code_of(phrase: str) -> bool:
    """Whether released code is wanted, or its absence."""
    return not re.search(r"\b(?:no|not|without|lacking|missing|closed)\b", phrase, re.I)
