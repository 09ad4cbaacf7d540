"""What a question says of the papers themselves, and the subject that is left without it.

`parse` reads filters out of plain language, `matches` holds a paper against them. A paper whose
page does not give a date, a count of authors or an organisation never matches a filter on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Final, NamedTuple

from rag.filter_dates import year_spans
from rag.filter_people import author_spans, organization_spans
from rag.filter_wishes import code_wish, order_wish, releases_something
from rag.organizations import Organizations, same_organization
from rag.types import Filters, Paper
from rag.wording import content_words, normalize, word_set, words


class Parsed(NamedTuple):
    """The filters of a question, and its topic: "" when it is nothing but filters."""

    filters: Filters
    topic: str


# What joins a filter to the rest, and means nothing when the filter is taken out.
_JOINS_BEFORE: Final = word_set(
    """but and only just that which who are is were was be have has having had with by from in
    published written released appeared appearing dated ones those came come coming out also
    please if possible at least not"""
)
_JOINS_AFTER: Final = word_set("only please pls and but")
_CUT: Final = "\x00"


def parse(
    question: str,
    *,
    today: date,
    organizations: Collection[str] = (),
    names: Collection[str] = (),
) -> Parsed:
    """The filters in a question, and its topic without them.

    Args:
        question: as the user wrote it, in any length.
        today: what "last year" and "the last two years" count from.
        organizations: those of the corpus, as stored; others are filters only where the words
            allow nothing else ("papers from Zorgcorp"), and then match no paper.
        names: coined names of the corpus in lower case, which are no organisations.
    """
    text = normalize(question)
    order, code = order_wish(text), code_wish(text)
    spans = [(wish.start, wish.end) for wish in (order, code) if wish]
    first, last = _years(text, today, spans)
    fewest = most = organization = None
    for authors in author_spans(text):
        fewest, most = authors.fewest, authors.most
        spans.append((authors.start, authors.end))
    for maker in organization_spans(text, organizations=Organizations(organizations), names=names):
        organization = maker.name
        spans.append((maker.start, maker.end))
    filters = Filters(
        year_min=first,
        year_max=last,
        author_count_min=fewest,
        author_count_max=most,
        organization=organization,
        with_code=True if code else None,
        order=order.order if order else "relevance",
    )
    return Parsed(filters, _topic(text, spans))


def _years(text: str, today: date, spans: list[tuple[int, int]]) -> tuple[int | None, int | None]:
    """The years asked for, narrowed by every phrase that names some."""
    first = last = None
    for span in year_spans(text, today=today):
        first = span.first if first is None else max(first, span.first or first)
        last = span.last if last is None else min(last, span.last or last)
        spans.append((span.start, span.end))
    return first, last


def _topic(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` without the spans and without the words that only joined them to it."""
    cut = len(text)
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {_CUT} {text[min(end, cut) :]}"
        cut = start
    kept: list[str] = []
    after_cut = False
    for token in text.split():
        if token == _CUT:
            while kept and kept[-1].strip(",;:-()").lower() in _JOINS_BEFORE | {""}:
                kept.pop()
            after_cut = True
            continue
        bare = token.strip(",;:.?!()").lower()
        if after_cut and (not bare or bare in _JOINS_AFTER):
            if any(mark in token for mark in "?.!,;:") and kept:
                kept[-1] = kept[-1].rstrip(",;:") + token[-1]
            continue
        after_cut = False
        kept.append(token)
    topic = " ".join(kept).strip(" ,;:-")
    return topic if content_words(topic) else ""


def matches(filters: Filters, paper: Paper) -> bool:
    """Whether nothing known of `paper` breaks `filters`; what is not known of it breaks them."""
    checks: tuple[tuple[bool, Callable[[], bool]], ...] = (
        (
            filters.year_min is not None or filters.year_max is not None,
            lambda: _within(paper.year, filters.year_min, filters.year_max),
        ),
        (
            filters.author_count_min is not None or filters.author_count_max is not None,
            lambda: _within(
                author_count(paper), filters.author_count_min, filters.author_count_max
            ),
        ),
        (
            filters.organization is not None,
            lambda: _made_by(filters.organization or "", paper),
        ),
        (
            filters.with_code is not None,
            lambda: releases_something(paper) is filters.with_code,
        ),
    )
    return all(holds() for asked, holds in checks if asked)


def _made_by(asked: str, paper: Paper) -> bool:
    """Whether `asked` is the organisation of a paper, or one of its authors by name.

    "papers by Ada Grey" cannot be told from "papers by Acme Labs" before the papers are seen.
    """
    if paper.organization is not None and same_organization(asked, paper.organization):
        return True
    wanted = set(words(asked))
    return bool(wanted) and any(wanted <= set(words(author)) for author in paper.authors)


def _within(value: int | None, least: int | None, most: int | None) -> bool:
    if value is None:
        return False
    return (least is None or value >= least) and (most is None or value <= most)


def author_count(paper: Paper) -> int | None:
    """How many authors a paper has: as counted by its page, else its names; None: not known."""
    return paper.author_count if paper.author_count is not None else len(paper.authors) or None


def undated(filters: Filters, papers: Iterable[Paper]) -> int:
    """How many papers are left out only because they carry no date."""
    if filters.year_min is None and filters.year_max is None:
        return 0
    rest = Filters(
        author_count_min=filters.author_count_min,
        author_count_max=filters.author_count_max,
        organization=filters.organization,
        with_code=filters.with_code,
    )
    return sum(paper.date is None and matches(rest, paper) for paper in papers)


def sort_key(filters: Filters) -> Callable[[Paper], tuple[int, str, int]]:
    """A key that puts papers in the order asked for; all are equal when it is by relevance.

    Papers without what is sorted by come last in every order.
    """

    def key(paper: Paper) -> tuple[int, str, int]:
        if filters.order == "comments":
            return (paper.comments is None, "", -(paper.comments or 0))
        if filters.order == "relevance":
            return (0, "", 0)
        if paper.date is None:
            return (1, "", 0)
        if filters.order == "oldest":
            return (0, paper.date, 0)
        return (0, "", -int(paper.date.replace("-", "").ljust(8, "0")))

    return key


def describe(filters: Filters) -> str:
    """The filters in plain words: "from 2021 to 2023, by one author, newest first"; "" for none."""
    parts = [
        _span(filters.year_min, filters.year_max, "from {}", "since {}", "until {}"),
        _authors(filters.author_count_min, filters.author_count_max),
        f"from {filters.organization}" if filters.organization else "",
        {True: "with released code, data or weights", False: "without released code"}.get(
            filters.with_code, ""
        )
        if filters.with_code is not None
        else "",
        {
            "newest": "newest first",
            "oldest": "oldest first",
            "comments": "most discussed first",
        }.get(filters.order, ""),
    ]
    return ", ".join(part for part in parts if part)


def _span(least: int | None, most: int | None, same: str, since: str, until: str) -> str:
    if least is not None and most is not None:
        return same.format(least if least == most else f"{least} to {most}")
    if least is not None:
        return since.format(least)
    return until.format(most) if most is not None else ""


def _authors(least: int | None, most: int | None) -> str:
    if least == most == 1:
        return "by one author"
    text = _span(least, most, "by {}", "by at least {}", "by at most {}")
    return f"{text} authors" if text else ""
