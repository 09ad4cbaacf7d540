"""The times that a phrase names, each as its first and its last day.

What the phrase says of them ("since", "before") is read in `normalise_dates`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from rag.language.wording import folded
from rag.question.filters.calendar_days import month_end
from rag.question.filters.date_forms import FORMS, UNIT, WHEN, Reader, Span
from rag.question.filters.numbers import in_digits


class Point(NamedTuple):
    """A stretch of a phrase that names a time: from `first` to `last`, both included.

    `whole_years`: it is said in years, so that only the year of a paper counts. `length`: it is
    the length of a time ("two years"), not a time; then `first` is that long before today.
    `event`: the year of one, which is part of the time after it.
    """

    start: int
    end: int
    first: date
    last: date
    whole_years: bool
    length: bool = False
    event: bool = False


def points(phrase: str, today: date) -> list[Point]:
    """The times that a phrase names, in order; months without a year are the last ones."""
    text = prepared(phrase)
    taken: list[tuple[int, int]] = []
    found: list[Point] = []
    for pattern, read in FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            span = _tried(read, match, today)
            if span:
                taken.append(match.span())
                found.append(Point(match.start(), match.end(), **span._asdict()))
    return sorted(_dated(found, text), key=lambda point: point.start)


_DECADE_WORDS: Final = {
    f"{word}ies": 10 * number
    for number, word in enumerate("twent thirt fort fift sixt sevent eight ninet".split(), start=2)
} | {"eighties": 80}
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
    "twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
    "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()


def prepared(phrase: str) -> str:
    """A phrase in lower case and digits; everything that looks at its points looks at this."""
    text = folded(phrase).replace("\u2019", "'").replace("\u2013", "-").replace("\u2014", "-")
    for number, word in reversed(list(enumerate(_ORDINALS, start=1))):
        text = re.sub(rf"\b{word}\b(?! (?:quarter|half))", f"{number}th", text)
    for word, number in _DECADE_WORDS.items():
        text = re.sub(rf"\b(?:nineteen[- ])?{word}\b", f"19{number}s", text)
    text = re.sub(r"'?\b([2-9]0)s\b", r"19\1s", text)
    text = re.sub(r"'?\b([01]0)s\b", r"20\1s", text)
    text = re.sub(r"\b2k\b(?!\d)", "2000", in_digits(text))
    text = re.sub(r"\b(?:ytd|year to date)\b", "this year", text)
    text = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text)
    return re.sub(
        rf"\b{WHEN} {UNIT} (?:or|and) (?:the )?(this|last|previous)(?! \w)",
        r"\1 \2 and \3 \2",
        text,
    )


def _tried(read: Reader, match: re.Match[str], today: date) -> Span | None:
    try:
        return read(match, today)
    except (ValueError, OverflowError):  # the 31st of April
        return None


_SAYS_WHEN: Final = re.compile(r"\d\d|this|last|past|year|day|xmas|christ|easter|now")


def _dated(found: list[Point], text: str) -> Iterator[Point]:
    """Months and seasons without a year take it from the next time said: "May to July 2024"."""
    later: Point | None = None
    for point in sorted(found, key=lambda point: -point.start):
        dated = point.whole_years or point.length
        dated = dated or bool(_SAYS_WHEN.search(text[point.start : point.end]))
        if not dated and later is not None and not later.length:
            same = point.first.month <= later.first.month
            years = later.first.year - point.first.year - (0 if same else 1)
            point = point._replace(first=_moved(point.first, years), last=_moved(point.last, years))
        yield point
        later = point


def _moved(day: date, years: int) -> date:
    """The same day in another year; the last of a month stays that."""
    year, last = day.year + years, month_end(day.year, day.month) == day
    return month_end(year, day.month) if last else day.replace(year=year)
