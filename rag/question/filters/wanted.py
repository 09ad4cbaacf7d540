"""Tagged stretches of a question to `Filters`: exact rules on phrases that the asker has tagged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from rag.language.sentences import split
from rag.language.wording import normalize
from rag.library.filtering import without
from rag.question.asker import Asked
from rag.question.filters.counts import CountBounds, count_bounds, limit_of
from rag.question.filters.dates import bounds
from rag.question.filters.extremes import extreme
from rag.question.filters.wishes import code_of, order_of, popularity_of
from rag.question.slots import SUBJECTS, Label, Slot
from rag.types import Filters

_NOBODY_ELSE: Final = re.compile(r"nobody|no ?one else|only them|just them", re.I)
_OWNS: Final = re.compile(r"(?:'s|'|\u2019s|\u2019)(?![^\W_])")
_OWN: Final = re.compile(r"(?:'s|'|\u2019s|\u2019)$")
_AND_OTHERS: Final = re.compile(
    r"(?:,| and| &) (?:co|colleagues|others|al|team|coworkers)\.?$|,? et al\.?$", re.I
)
_LAST_FIRST: Final = re.compile(r"([^\W\d_][\w'-]+), ([^\W\d_][\w.'-]*(?: [^\W\d_]\.?)?)$")
_NOT_WANTED: Final = re.compile(
    r"^(?:but|and|or|please|anything|stuff|papers|ones|those|that|which|are|is|were|use|using|on|about|"
    r"with|from|by|of|no|not|non|without|w/o|excluding|exclude|except|leave out|leaving out|skip|"
    r"drop|counting|just|merely|the|an?)(?:[ :]+|-(?=\w))",
    re.I,
)
_NOT_BY: Final = re.compile(
    r"\b(?:not|except|without|excluding|other than|apart from|besides|nor)"
    r"(?: (?:those|ones|any|papers|anything|written|authored|published|made|from|by|of))* ?$",
    re.I,
)
_SHARES: Final = re.compile(
    r"\b(?:releas\w+|shar(?:e|es|ed)|publish(?:es)?|provid\w+|open[- ]sourc\w+|ha(?:ve|s)|with|"
    r"offer\w*)"
    r" (?:\w+ ){0,3}(?:code|github(?: \w+)?|data ?sets?|data|weights|source)\b.*",
    re.I,
)
"""Words for a paper that gives away what it made, where the asker has tagged nothing at all."""
_LEFT_OUT: Final = re.compile(r" (?:ones|stuff|please|pls|excluded|left out)$", re.I)
_CUT: Final[frozenset[Label]] = frozenset(
    ("date", "authors_count", "author", "org", "order", "limit", "code", "exclude", "popularity")
)
"""Slots that are no words of the subject."""


def filters_and_topic(
    text: str, asked: Asked, titles: Sequence[str], *, listing: bool, today: date
) -> tuple[Filters, str]:
    """The filters of a question, and its topic without them.

    Of one that asks for a fact or one paper none: what looks like a filter there may be all that
    tells which paper is meant. Nor is a word of a title that is written out: "... by Eight-Fold".
    What people tell of themselves before they ask for papers is no topic.

    Args:
        text: the question, made normal.
        asked: what the asker read in it.
        titles: that may stand in it.
        listing: whether papers are to be listed or counted.
        today: what "last year" counts from.
    """
    if not listing:
        return Filters(), text
    written = [_stretch(text, title) for title in titles]
    slots = [
        slot
        for slot in asked.slots
        if not any(start <= slot.start and slot.end <= end for start, end in written)
    ]
    slots = [_denied(slot, text) for slot in slots]
    cut = [(slot.start, _owner_end(slot, text)) for slot in slots if slot.label in _CUT]
    cut += _asides(text, asked.slots)
    filters = filters_of(slots, today=today)
    first = extreme(text)
    if first is not None and not any(a < first.end and first.start < b for a, b in written):
        cut.append((first.start, first.end))
        order = first.order if filters.order == "relevance" else filters.order
        filters = replace(filters, order=order, limit=filters.limit or first.limit)
    if filters.with_code is None and not slots and (shared := _SHARES.search(text)):
        cut.append(shared.span())
        filters = replace(filters, with_code=True)
    if (filters.authors or filters.organization) and SUBJECTS.isdisjoint(s.label for s in slots):
        return filters, ""  # "what has Grey been involved in?" is about nothing else
    return filters, without(text, cut)


def _owner_end(slot: Slot, text: str) -> int:
    """Where a slot ends, with the "'s" that makes it an owner."""
    found = _OWNS.match(text, slot.end) if slot.label in ("author", "org") else None
    return found.end() if found else slot.end


def _denied(slot: Slot, text: str) -> Slot:
    """An author or organisation that is not wanted ("not by Roe") is one to be left out."""
    named = slot.label in ("author", "org") and _NOT_BY.search(text[: slot.start])
    return replace(slot, label="exclude") if named else slot


def _asides(text: str, slots: Sequence[Slot]) -> list[tuple[int, int]]:
    """The first sentences, as long as nothing in them was tagged and something is after them."""
    found = []
    for passage in split(text)[:-1]:
        if any(slot.start < passage.end for slot in slots) or not slots:
            break
        found.append((passage.start, passage.end))
    return found


def filters_of(slots: Sequence[Slot], *, today: date) -> Filters:
    """What the slots of a question say of the papers wanted.

    Args:
        slots: as tagged.
        today: what "last year" counts from.
    """

    def said(label: Label) -> list[str]:
        return [slot.text.strip() for slot in slots if slot.label == label]

    authors = tuple(author_of(text) for text in said("author"))
    when = bounds(said("date"), today)
    by_year = when is not None and when.whole_years
    first, last = (when.first, when.last) if when else (None, None)
    count = _author_count(said("authors_count"), len(authors))
    liked = [popularity_of(text) for text in said("popularity")]
    orders = [order for text in said("order") if (order := order_of(text))]
    orders += [one.order for one in liked if one.order]
    code = [code_of(text) for text in said("code")]
    limits = [limit for text in said("limit") if (limit := limit_of(text))]
    return Filters(
        year_min=first.year if first and by_year else None,
        year_max=last.year if last and by_year else None,
        date_min=first.isoformat() if first and not by_year else None,
        date_max=last.isoformat() if last and not by_year else None,
        author_count_min=count.least if count else None,
        author_count_max=count.most if count else None,
        authors=authors,
        organization=" or ".join(named(text) for text in said("org")) or None,
        with_code=code[0] if code else None,
        exclude=tuple(one for text in said("exclude") for one in excluded(text)),
        types=tuple(said("type")),
        upvotes_min=next((one.upvotes for one in liked if one.upvotes), None),
        comments_min=next((one.comments for one in liked if one.comments), None),
        limit=limits[-1] if limits else None,
        order=orders[0] if orders else "relevance",
    )


def named(text: str) -> str:
    """A name without what makes it an owner: "Hinton's" is "Hinton"."""
    return _OWN.sub("", text.strip(' ,;:.?!"()'))


def author_of(text: str) -> str:
    """An author as "First Last", however it was put: "Grey, Ada", "Grey and co"."""
    name = named(_AND_OTHERS.sub("", text.strip()))
    turned = _LAST_FIRST.fullmatch(name)
    return f"{turned[2]} {turned[1]}" if turned else name


def excluded(text: str) -> tuple[str, ...]:
    """What must not be in a paper, each thing by itself: of "no letters or comments" two."""
    found = []
    for part in re.split(r",| or | nor |(?<!w)/(?!o\b)", text):
        bare = part.strip(" .;:!?()\"'-")
        while match := _NOT_WANTED.match(bare):
            bare = bare[match.end() :]
        bare = _LEFT_OUT.sub("", bare).strip()
        if bare:
            found.append(bare)
    return tuple(found)


def _author_count(phrases: Sequence[str], authors: int) -> CountBounds | None:
    for phrase in phrases:
        if _NOBODY_ELSE.search(phrase) and authors:
            return CountBounds(authors, authors)
        found = count_bounds(phrase)
        if found:
            return found
    return None


def _stretch(text: str, title: str) -> tuple[int, int]:
    """Where a title stands in a question made normal; nowhere: (0, 0)."""
    found = re.search(re.escape(normalize(title)), text, re.IGNORECASE)
    return found.span() if found else (0, 0)
