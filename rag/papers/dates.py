"""Dates as sources write them, to ISO 8601 as exact as the source is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from rag.errors import UsageError

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_FULL_NAMES = (
    "january february march april may june july august september october november december".split()
)
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?=$|[T\s])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})(?!\d)")
_DAY_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? (\d{4})"
)
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")


class Day(NamedTuple):
    """A day of a page; `year` is None where the page leaves it out."""

    month: int
    day: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class PageYear:
    """The year that dates without one are given, and how it is known."""

    year: int
    origin: str


def month_number(name: str) -> int | None:
    """1 to 12 for an English name or its usual short form, else None."""
    short = name.casefold().rstrip(".")
    number = _MONTHS.get(short[:3])
    if number is None or not (_FULL_NAMES[number - 1].startswith(short) or short == "sept"):
        return None
    return number


def iso_date(value: Any) -> str | None:
    """The date at the start of a value as "YYYY", "YYYY-MM" or "YYYY-MM-DD"; None if none is there.

    Reads "2024-05-22T00:00:00Z", "2024/5/22", "May 22, 2024", "22 May 2024", "May 2024",
    "Mon, 2 Apr 2007 19:18:42 GMT" and the number 2024. "05/06/2024" could be two days, so only
    its year is taken.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = " ".join(str(value).split())
    if found := _ISO.match(text) or _COMPACT.match(text):
        return _compose(*(int(part) if part else None for part in found.groups()))
    if found := _DAY_FIRST.match(text):
        return _compose(int(found[3]), month_number(found[2]) or 0, int(found[1]))
    if found := _MONTH_FIRST.match(text):
        day = int(found[2]) if found[2] else None
        return _compose(int(found[3]), month_number(found[1]) or 0, day)
    if found := _NUMBERS.match(text):
        return _from_numbers(int(found[1]), int(found[2]), int(found[3]))
    return None


def day_of(day: Day, *, year: int) -> str | None:
    """A page's day as an ISO date, with `year` where the page gives none."""
    return _compose(day.year or year, day.month, day.day)


def page_year_of(page_year: int | None, *, modified: date | None, page_day: Day | None) -> PageYear:
    """The year of a page's dates without one, from the best source there is.

    That is `page_year`, else the year in the page's own date line, else the file's date. A page
    cannot be older than its file: where its own day and month lie after those of the file's
    date, it was saved in the year before. A later day in a record changes nothing: the listing
    leaves out the year of the day it is viewed on.

    Raises:
        UsageError: `page_year` is not a year.
    """
    if page_year is not None:
        if not 1000 <= page_year <= 9999:
            raise UsageError(f"--page-year {page_year} is not a year: give four digits, as 2025")
        return PageYear(page_year, "--page-year")
    if page_day is not None and page_day.year is not None:
        return PageYear(page_day.year, "the date on the page")
    if modified is None:
        return PageYear(date.today().year, "today's date")
    if page_day is not None and (page_day.month, page_day.day) > (modified.month, modified.day + 1):
        return PageYear(
            modified.year - 1,
            f"the file's date, {modified.isoformat()}, which is before the page's day",
        )
    return PageYear(modified.year, f"the file's date, {modified.isoformat()}")


def _compose(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    if year is None or not 1000 <= year <= 9999:
        return None
    if month is None:
        return f"{year}"
    try:
        checked = date(year, month, 1 if day is None else day)
    except ValueError:  # month 13, 30 February
        return None
    return checked.isoformat() if day is not None else checked.isoformat()[:7]


def _from_numbers(first: int, second: int, year: int) -> str | None:
    if first > 12 >= second:
        return _compose(year, second, first)
    if second > 12 >= first:
        return _compose(year, first, second)
    return _compose(year)
