"""Papers held against what a question says of them, and the subject that is left without it.

A paper whose page does not give a date, a count of authors or an organisation never matches a
filter on it. What of a question is a filter, the asker tags (`rag/question`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from rag.language.wording import content_words, word_set, words
from rag.language.words import stems
from rag.library.organizations import same_organization
from rag.library.releases import releases_something
from rag.types import Filters, Paper

# What joins a filter to the rest, and means nothing when the filter is taken out.
_JOINS_BEFORE: Final = word_set(
    """but and only just that which who are is were was be have has having had with by from in
    published written released appeared appearing dated ones those came come coming out also
    please if possible at least not no without excluding except sorted ordered w/ w/o"""
)
_JOINS_AFTER: Final = word_set("only please pls and but")
_CUT: Final = "\x00"


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` without the spans and the words that only joined them to it.

    It is "" if nothing is left that can carry a subject.
    """
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
    f = filters
    checks: tuple[tuple[bool, Callable[[], bool]], ...] = (
        (
            f.year_min is not None or f.year_max is not None,
            lambda: _within(paper.year, f.year_min, f.year_max),
        ),
        (f.date_min is not None or f.date_max is not None, lambda: _in_time(f, paper)),
        (
            f.author_count_min is not None or f.author_count_max is not None,
            lambda: _within(author_count(paper), f.author_count_min, f.author_count_max),
        ),
        (bool(f.authors), lambda: all(_made_by(name, paper) for name in f.authors)),
        (
            f.organization is not None,
            lambda: any(_made_by(one, paper) for one in (f.organization or "").split(" or ")),
        ),
        (f.with_code is not None, lambda: releases_something(paper) is f.with_code),
        (bool(f.exclude), lambda: not any(_is_left_out(thing, paper) for thing in f.exclude)),
        (f.upvotes_min is not None, lambda: _within(paper.upvotes, f.upvotes_min, None)),
        (f.comments_min is not None, lambda: _within(paper.comments, f.comments_min, None)),
    )
    return all(holds() for asked, holds in checks if asked)


def _in_time(filters: Filters, paper: Paper) -> bool:
    """Whether every day on which a paper may be of is within the bounds."""
    if paper.date is None:
        return False
    first, last = (
        paper.date + "-01-01"[len(paper.date) - 4 :],
        paper.date + "-12-31"[len(paper.date) - 4 :],
    )
    return (filters.date_min is None or first >= filters.date_min) and (
        filters.date_max is None or last <= filters.date_max
    )


def _is_left_out(thing: str, paper: Paper) -> bool:
    """Whether a paper is about what must not be there, or made by who must not have made it."""
    return _is_about(thing, paper) or _made_by(thing, paper)


def _is_about(thing: str, paper: Paper) -> bool:
    """Whether a paper says in its title, or twice in its abstract, what it must not be about.

    Once in an abstract is not enough: it may be what the paper sets itself off from.
    """
    wanted = tuple(stems(thing))
    if not wanted:
        return False
    return _said(wanted, stems(paper.title)) > 0 or _said(wanted, stems(paper.abstract)) > 1


def _said(wanted: Sequence[str], told: Sequence[str]) -> int:
    size = len(wanted)
    return sum(tuple(told[i : i + size]) == wanted for i in range(len(told) - size + 1))


def _made_by(asked: str, paper: Paper) -> bool:
    """Whether `asked` is the organisation of a paper, or one of its authors by name.

    "papers by Ada Grey" cannot be told from "papers by Acme Labs" before the papers are seen. An
    initial stands for any name that begins with it, and a letter for itself with any accent.
    """
    if paper.organization is not None and same_organization(asked, paper.organization):
        return True
    wanted = words(_plain(asked))
    return bool(wanted) and any(
        _is_named(wanted, words(_plain(author))) for author in paper.authors
    )


_LETTERS: Final = str.maketrans("\u00f8\u00d8\u0111\u0110\u0142\u0141\u0131", "oOdDlLi")


def _plain(name: str) -> str:
    """A name without its accents: "Nguyễn" is typed "Nguyen"."""
    parts = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _is_named(wanted: Sequence[str], author: Sequence[str]) -> bool:
    return all(
        any(part == name or (len(part.strip(".")) == 1 and name[:1] == part[:1]) for name in author)
        for part in wanted
    )


def _within(value: int | None, least: int | None, most: int | None) -> bool:
    if value is None:
        return False
    return (least is None or value >= least) and (most is None or value <= most)


def author_count(paper: Paper) -> int | None:
    """How many authors a paper has: as counted by its page, else its names; None: not known."""
    return paper.author_count if paper.author_count is not None else len(paper.authors) or None


_TOGETHER: Final = (
    ("year_min", "year_max", "date_min", "date_max"),
    ("author_count_min", "author_count_max"),
)
"""What is one bound: a new one of them takes the place of all."""


def joined(old: Filters, new: Filters) -> Filters:
    """The filters of a question narrowed by another: what the new one says holds."""
    plain = Filters()
    said = {f.name for f in fields(new) if getattr(new, f.name) != getattr(plain, f.name)}
    for group in _TOGETHER:
        if said.intersection(group):
            said.update(group)
    changes: dict[str, Any] = {name: getattr(new, name) for name in said}
    if "exclude" in said:
        changes["exclude"] = tuple(dict.fromkeys((*old.exclude, *new.exclude)))
    return replace(old, **changes)


def undated(filters: Filters, papers: Iterable[Paper]) -> int:
    """How many papers are left out only because they carry no date."""
    dates = (filters.year_min, filters.year_max, filters.date_min, filters.date_max)
    if all(bound is None for bound in dates):
        return 0
    rest = replace(filters, year_min=None, year_max=None, date_min=None, date_max=None)
    return sum(paper.date is None and matches(rest, paper) for paper in papers)


def sort_key(filters: Filters) -> Callable[[Paper], tuple[int, str, int]]:
    """A key that puts papers in the order asked for; all are equal when it is by relevance.

    Papers without what is sorted by come last in every order.
    """

    def key(paper: Paper) -> tuple[int, str, int]:
        if filters.order == "relevance":
            return (0, "", 0)
        if filters.order in _COUNTED:
            count = _COUNTED[filters.order](paper)
            least = filters.order == "fewest_authors"
            return (count is None, "", (count or 0) if least else -(count or 0))
        if paper.date is None:
            return (1, "", 0)
        if filters.order == "oldest":
            return (0, paper.date, 0)
        return (0, "", -int(paper.date.replace("-", "").ljust(8, "0")))

    return key


_COUNTED: Final[dict[str, Callable[[Paper], int | None]]] = {
    "comments": lambda paper: paper.comments,
    "upvotes": lambda paper: paper.upvotes,
    "most_authors": author_count,
    "fewest_authors": author_count,
}


def describe(filters: Filters) -> str:
    """The filters in plain words: "from 2021 to 2023, by one author, newest first"; "" for none."""
    parts = [
        _span(filters.year_min, filters.year_max, "from {}", "since {}", "until {}"),
        _span(filters.date_min, filters.date_max, "from {}", "since {}", "until {}"),
        _authors(filters.author_count_min, filters.author_count_max),
        f"by {' and '.join(filters.authors)}" if filters.authors else "",
        f"from {filters.organization}" if filters.organization else "",
        f"without {', '.join(filters.exclude)}" if filters.exclude else "",
        f"with at least {filters.upvotes_min} upvotes" if filters.upvotes_min else "",
        f"with at least {filters.comments_min} comments" if filters.comments_min else "",
        {True: "with released code, data or weights", False: "without released code"}.get(
            filters.with_code, ""
        )
        if filters.with_code is not None
        else "",
        {
            "newest": "newest first",
            "oldest": "oldest first",
            "comments": "most discussed first",
            "upvotes": "most upvoted first",
            "most_authors": "most authors first",
            "fewest_authors": "fewest authors first",
        }.get(filters.order, ""),
        f"{filters.limit} at the most" if filters.limit else "",
    ]
    return ", ".join(part for part in parts if part)


def _span(
    least: int | str | None, most: int | str | None, same: str, since: str, until: str
) -> str:
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
