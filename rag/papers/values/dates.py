"""Dates as sources write them, to ISO 8601 as exact as the source is."""

# ruff: noqa: RUF001 (the signs are the point)

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
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
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d-])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_MONTH_FIRST = re.compile(
    r"([A-Za-z]{3,9})\.?(?:[-–/][A-Za-z]{3,9}\.?)? "
    r"(?:(\d{1,2})(?:st|nd|rd|th)?(?:[-–]\d{1,2})?,? )?"
    r"(\d{4})(?!\d)"
)
_DAY_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})"
)
# "2022 Mar 14", "2022-Mar-Apr", "2018/Jul/01": as MEDLINE has it.
_YEAR_FIRST = re.compile(r"(\d{4})[ /-]([A-Za-z]{3,9})\b\.?(?:[ /-](\d{1,2})(?!\d))?")
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
# What people put around a year: "c. 1990", "{{2016}}", "[2020?]", "spring 2019", "/2015", "..2012".
_AROUND = re.compile(
    r"(?:c|ca|circa|about|approx|approximately|around|before|after|early|mid|late|copyright|©|"
    r"published|winter|spring|summer|autumn|fall|epub|online|first|in|by|[\W_])*?"
    r"(\d{4})(?=$|\D)",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}(?:\.\d+)?")
_EARLIEST, _LATEST = 1400, 2199
"""Years that may be told from a text with other words around them."""


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

    Reads "2024-05-22T00:00:00Z", "2024/5/22", "May 22, 2024", "22 May 2024", "2024 May 22",
    "May 2024", "Mon, 2 Apr 2007 19:18:42 GMT", the numbers 2024 and 2024.0, seconds and
    milliseconds since 1970, CSL's {"date-parts": [[2024, 5]]}, and years with a doubt or an end
    ("2022~", "c. 1990", "2019/2020": the first). "05/06/2024" could be two days, so only its year
    is taken; of a day that is none, its month, of a month that is none, its year.
    """
    if isinstance(value, Mapping):
        return _of_parts(value)
    if isinstance(value, list | tuple):
        return _of_list(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() and abs(value) < 1e14 else value
    return _of_text(" ".join(str(value).split()))


def _of_text(text: str) -> str | None:
    if re.fullmatch(r"\d{4}\.0+", text):  # as pandas writes years
        text = text[:4]
    if (found := _YEAR_FIRST.match(text)) and (month := month_number(found[2])):
        return _compose(int(found[1]), month, int(found[3]) if found[3] else None)
    if found := _ISO.match(text) or _COMPACT.match(text):
        return _compose(*(int(part) if part else None for part in found.groups()))
    if (found := _DAY_FIRST.match(text)) and (month := month_number(found[2])):
        return _compose(int(found[3]), month, int(found[1]))
    if (found := _MONTH_FIRST.match(text)) and (month := month_number(found[1])):
        return _compose(int(found[3]), month, int(found[2]) if found[2] else None)
    if found := _NUMBERS.match(text):
        return _from_numbers(int(found[1]), int(found[2]), int(found[3]))
    if _MILLISECONDS.fullmatch(text) or _SECONDS.fullmatch(text):
        number = float(text)
        moment = datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        return moment.date().isoformat()
    if (found := _AROUND.match(text)) and _EARLIEST <= int(found[1]) <= _LATEST:
        return found[1]
    return None


def _of_parts(value: Mapping[Any, Any]) -> str | None:
    """Dates as CSL and Crossref have them, or as named parts."""
    for name in ("date-parts", "date_parts"):
        if found := _of_list(value.get(name)):
            return found
    parts = [value.get(name) for name in ("year", "month", "day")]
    if found := _of_list(parts):
        return found
    texts = (value.get(name) for name in ("raw", "literal", "date-time", "date", "value", "start"))
    return next((found for text in texts if isinstance(text, str | int)
                 if (found := iso_date(text))), None)  # fmt: skip


def _of_list(value: Any) -> str | None:
    if not isinstance(value, list | tuple) or not value:
        return None
    if isinstance(value[0], list | tuple):
        return _of_list(value[0])
    numbers: list[int] = []
    for part in value[:3]:
        text = str(part).strip() if isinstance(part, str | int) else ""
        number = int(text) if text.isdecimal() and len(text) < 5 else month_number(text)
        if isinstance(part, bool) or number is None:
            break
        numbers.append(number)
    return _compose(*numbers) if numbers else None


def day_of(day: Day, *, year: int) -> str | None:
    """A page's day as an ISO date, with `year` where the page gives none; None for 30 February."""
    made = _compose(day.year or year, day.month, day.day)
    return made if made and len(made) == len("2024-05-22") else None


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
    if month is None or not 1 <= month <= 12:  # a season, or a month 13
        return f"{year}"
    try:
        return date(year, month, 1 if day is None else day).isoformat()[: 7 if day is None else 10]
    except ValueError:  # 30 February
        return f"{year}-{month:02d}"


def _from_numbers(first: int, second: int, year: int) -> str | None:
    if first > 12 >= second:
        return _compose(year, second, first)
    if second > 12 >= first:
        return _compose(year, first, second)
    return _compose(year)
