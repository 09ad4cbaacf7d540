"""What is wished of the list that was shown: another order, some of it, its titles, it again.

A list is an object: these questions are about its papers and look for no others. Whether a
question leans on what was said, and which words of it are an order or a number, the asker says;
here stands the closed class of what can be done with a list that has been shown.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rag.language.wording import content_words, normalize, word_set
from rag.question.filters.extremes import extreme
from rag.question.filters.wishes import order_of
from rag.types import Filters, Order

TITLES: Final = re.compile(r"\btitles?\b(?! of\b)", re.IGNORECASE)
_SORTS: Final = re.compile(
    r"\b(?:re-?)?(?:sort|order|rank|arrange)(?:ed|ing)?\b|^(?:and |now )?by \w+\W*$", re.I
)
_AGAIN: Final = re.compile(
    r"\b(?:back to|again|repeat|return to|once more)\b.*\b(?:list|them|those|papers|results)\b|"
    r"\b(?:list|them|those|papers|results)\b.*\b(?:again|once more)\b",
    re.I,
)
_COMPARED: Final = re.compile(
    r"^(?:and |so |but )?(?:which|what|who)\b.{0,24}\b(?:newer|older|more recent|later|earlier)\b"
    r"(?! than)",
    re.I,
)
_THE_MOST: Final = re.compile(r"\bthe (?:most|fewest|least)\W*$", re.I)
_DROPS: Final = re.compile(
    r"^(?:and |now |please |ok,? )?(?:drop|remove|skip|without|except|exclude|omit|leave out|"
    r"forget|not)\b",
    re.I,
)
_DONE_WITH_LISTS: Final = word_set(
    "title titles short bare back go again repeat return list sort sorted order ordered rank by "
    "once result results one ones summary summarise summarize summaries overview drop remove skip "
    "exclude omit leave forget second third fourth fifth sixth seventh eighth ninth tenth last "
    "similar alike like akin else"
)


class Wish(NamedTuple):
    """What is wished: an order, how many of the first in it, or else all as they were.

    `drops`: that the papers pointed at are those to be left out.
    """

    order: Order = "relevance"
    limit: int | None = None
    drops: bool = False


def wish(text: str, filters: Filters, before: Filters) -> Wish | None:
    """What a question that names no subject wishes of the list; None: nothing of the list itself.

    Args:
        text: the question.
        filters: what is tagged in it.
        before: the filters of the question before.
    """
    text = normalize(text)
    bare = is_bare(text)
    first = extreme(text)
    if _COMPARED.search(text):
        return Wish(order_of(text) or "newest", 1)
    if first is not None and bare_but(text, first.start, first.end):
        return Wish(first.order, filters.limit or first.limit)
    if _THE_MOST.search(text):
        return Wish(_counted(text, before), filters.limit or 1)
    if _SORTS.search(text) and not filters.active:
        order = filters.order if filters.order != "relevance" else order_of(text) or "newest"
        return Wish(order, filters.limit)
    if _DROPS.search(text) and bare:
        return Wish(drops=True)
    if bare and (TITLES.search(text) or _AGAIN.search(text)):
        return Wish(filters.order, filters.limit)
    return None


def bare_but(text: str, start: int, end: int) -> bool:
    """Whether nothing but a stretch of a question says what it is about."""
    return is_bare(f"{text[:start]} {text[end:]}")


def is_bare(text: str) -> bool:
    """Whether words name no subject, only what can be done with papers that were shown."""
    return not any(word not in _DONE_WITH_LISTS for word in content_words(text))


def _counted(text: str, before: Filters) -> Order:
    """What "the most" is of: what the question before counted."""
    few = re.search(r"fewest|least", text, re.I) is not None
    if before.order in ("comments", "upvotes"):
        return before.order
    if before.comments_min is not None:
        return "comments"
    if before.upvotes_min is not None:
        return "upvotes"
    return "fewest_authors" if few else "most_authors"
