"""The forms of words that name a time, and what each means on a day.

"Q1 2025" is a quarter, "the nineties" ten years, "last month" a month before today.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple

from rag.question.filters.calendar_days import easter, month_end, months_before

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR: Final = r"(?P<year>(?:1[5-9]|20)\d\d)(?!\d)"
_SHORT: Final = r"'?(?P<short>\d\d)(?!\d)"
WHEN: Final = r"(?P<when>this|last|previous|past|next|current)"
_AGE: Final = rf"(?:(?:,| of| in)? ?(?:{_YEAR}|{_SHORT})| (?:of )?{WHEN} (?:year|yr))"
_SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_UNITS: Final = {
    "h": "day", "hour": "day", "hr": "day", "day": "day", "week": "week", "wk": "week",
    "fortnight": "fortnight", "month": "month", "mo": "month", "quarter": "quarter",
    "year": "year", "yr": "year", "decade": "decade", "century": "century",
}  # fmt: skip
UNIT: Final = rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})s?\b"
_DAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
_EVENTS: Final = {"covid": 2020, "pandemic": 2020, "corona": 2020, "chatgpt": 2022}
"""What people count years from, by the year in which it came out or broke out."""


class Span(NamedTuple):
    """A time: its first and its last day, and the rest as in `date_points.Point`."""

    first: date
    last: date
    whole_years: bool = False
    length: bool = False
    event: bool = False


Reader = Callable[[re.Match[str], date], Span | None]
"""What a form of words means on a day; ValueError or OverflowError where there is no such day."""


def _year_of(match: re.Match[str], today: date) -> int | None:
    """The year that goes with a month, a season ...; None where none is said."""
    named = match.groupdict()
    if named.get("year"):
        return int(named["year"])
    if named.get("short"):
        return _century(int(named["short"]), today)
    if named.get("when"):
        return today.year + {"this": 0, "current": 0, "next": 1}.get(named["when"], -1)
    return None


def _century(short: int, today: date) -> int:
    return 2000 + short if 2000 + short <= today.year + 5 else 1900 + short


def _months(year: int, first: int, count: int) -> Span:
    last = first + count - 1
    return Span(date(year, first, 1), month_end(year + (last - 1) // 12, (last - 1) % 12 + 1))


def _last_begun(first: int, count: int, today: date, *, before: bool = False) -> Span:
    """The latest stretch of months that has begun; with `before`, the one that is over."""
    span = _months(today.year, first, count)
    if span.first > today or (before and span.last >= today):
        span = _months(today.year - 1, first, count)
    return span


def _one(day: date) -> Span:
    return Span(day, day)


def _day(match: re.Match[str], today: date) -> Span | None:
    month = _MONTHS.index(match["month"][:3]) + 1
    year = _year_of(match, today)
    day = date(year or today.year, month, int(match["day"]))
    if year is None and day > today:
        day = date(today.year - 1, month, int(match["day"]))
    return Span(day, day)


def _numeric(match: re.Match[str], today: date) -> Span | None:
    one, other = int(match["one"]), int(match["other"])
    day, month = (one, other) if other <= 12 else (other, one)
    found = date(int(match["year"]), month, day)
    return Span(found, found)


def _iso(match: re.Match[str], today: date) -> Span | None:
    year, month, day = int(match["year"]), int(match["mm"]), match["dd"]
    return _one(date(year, month, int(day))) if day else _months(year, month, 1)


def _month(match: re.Match[str], today: date) -> Span | None:
    month = _MONTHS.index(match["month"][:3]) + 1
    year = _year_of(match, today)
    if year is None:
        return _last_begun(month, 1, today, before=bool(match.groupdict().get("of")))
    return _months(year, month, 1)


def _season(match: re.Match[str], today: date) -> Span | None:
    first = _SEASONS[match["season"]]
    if match["of"] in ("last", "past", "previous"):
        return _last_begun(first, 3, today, before=True)
    year = _year_of(match, today)
    return _last_begun(first, 3, today) if year is None else _months(year, first, 3)


def _part(match: re.Match[str], today: date) -> Span | None:
    """A quarter or half of a year."""
    said = (
        match["q"] or match["h"] or {"first": 1, "second": 2, "third": 3, "fourth": 4}[match["nth"]]
    )
    size = 3 if match["q"] or match["word"] == "quarter" else 6
    number = min(int(said), 12 // size)
    year, first = _year_of(match, today), (number - 1) * size + 1
    return _last_begun(first, size, today) if year is None else _months(year, first, size)


def _stage(match: re.Match[str], today: date) -> Span | None:
    first, count = {"early": (1, 4), "mid": (6, 1), "late": (9, 4)}[match["stage"]]
    return _months(int(match["year"]), first, count)


def _calendar(match: re.Match[str], today: date) -> Span | None:
    """As in "this week", "last month", "this decade"."""
    back = {"this": 0, "current": 0, "next": -1}.get(match["when"], 1)
    unit = _UNITS[match["unit"]]
    if match["when"] == "past" or (
        match["when"] == "last" and unit in ("decade", "day", "century")
    ):
        return _length(match, today)
    if unit == "week":
        first = today - timedelta(days=today.weekday() + 7 * back)
        return Span(first, first + timedelta(days=6))
    if unit == "month":
        first = months_before(today.replace(day=1), back)
        return Span(first, month_end(first.year, first.month))
    if unit == "quarter":
        first = months_before(today.replace(day=1), (today.month - 1) % 3 + 3 * back)
        return _months(first.year, first.month, 3)
    if unit == "year":
        return _years(today.year - back, today.year - back)
    if unit in ("decade", "century"):
        begun = today.year // (10 if unit == "decade" else 100) * (10 if unit == "decade" else 100)
        return _years(begun, today.year + 1000)
    return None


def _years(first: int, last: int) -> Span:
    return Span(date(first, 1, 1), date(last, 12, 31), whole_years=True)


def _length(match: re.Match[str], today: date) -> Span | None:
    named = match.groupdict()
    count, unit = int(named.get("n") or 1), _UNITS[match["unit"]]
    if unit == "century":
        count, unit = 100 * count, "year"
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}.get(unit)
    half = 6 if named.get("half") and months == 12 else 0
    if months:
        first = months_before(today, count * months + half)
    elif match["unit"] in ("h", "hour", "hr"):
        first = today - timedelta(days=-(-count // 24))
    else:
        first = today - timedelta(days=count * {"week": 7, "fortnight": 14}.get(unit, 1))
    return Span(first, first, length=True)


def _event(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31), whole_years=True, event=True)


def _ago(match: re.Match[str], today: date) -> Span | None:
    span = _length(match, today)
    if span is None:
        return None
    if _UNITS[match["unit"]] == "year":
        return _years(span.first.year, span.first.year)
    return _one(span.first)


def _weekday(match: re.Match[str], today: date) -> Span | None:
    back = (today.weekday() - _DAYS.index(match["weekday"])) % 7
    if match["of"] and back == 0:
        back = 7
    return _one(today - timedelta(days=back))


def _feast(match: re.Match[str], today: date) -> Span | None:
    find = easter if match["feast"] == "easter" else (lambda year: date(year, 12, 25))
    year = _year_of(match, today)
    day = find(year or today.year)
    return _one(day if year or day <= today else find(today.year - 1))


def _decade(match: re.Match[str], today: date) -> Span | None:
    first = int(match["decade"])
    return _years(first, first + (99 if first % 100 == 0 and first != 2000 else 9))


def _in_century(match: re.Match[str], today: date) -> Span | None:
    first = 100 * (int(match["n"]) - 1) + 1
    half = {"first": (0, 49), "second": (50, 99), None: (0, 99)}[match["part"]]
    return _years(first + half[0], first + half[1])


def _two_years(match: re.Match[str], today: date) -> Span | None:
    first = int(match["year"])
    last = first // 100 * 100 + int(match["to"])
    return _years(first, last) if first < last <= first + 50 else None


def _short_year(match: re.Match[str], today: date) -> Span | None:
    year = _century(int(match["short"]), today)
    return _years(year, year)


def _rule(pattern: str, read: Reader) -> tuple[re.Pattern[str], Reader]:
    return re.compile(rf"(?<!\w)(?<!\d[.]){pattern}"), read


_BEFORE_SHORT: Final = (
    "since ",
    "after ",
    "before ",
    "from ",
    "in ",
    "until ",
    "pre-",
    "post-",
    "to ",
)
# Tried in this order: the more a form says, the earlier it comes.
FORMS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = (
    _rule(
        r"(?P<year>(?:19|20)\d\d)(?:[-.]|/(?=\d+/))(?P<mm>0?[1-9]|1[0-2])(?:[-/.](?P<dd>\d{1,2}))?(?![\d/])",
        _iso,
    ),
    _rule(r"(?P<one>\d{1,2})[./-](?P<other>\d{1,2})[./-](?P<year>(?:19|20)\d\d)(?!\d)", _numeric),
    _rule(r"(?P<mm>0?[1-9]|1[0-2])/(?P<year>(?:19|20)\d\d)(?P<dd>)(?!\d)", _iso),
    _rule(rf"(?:the )?(?P<day>[0-3]?\d)(?: of)? {_MONTH}(?:{_AGE})?", _day),
    _rule(rf"{_MONTH} (?P<day>[0-3]?\d),? (?:{_YEAR})", _day),
    _rule(rf"(?P<of>last |past |previous )?{_MONTH}(?:{_AGE})?", _month),
    _rule(
        r"(?:(?P<of>this|last|past|previous) )?(?P<season>spring|summer|autumn|fall|winter)"
        rf"(?: \d\d/\d\d)?(?:{_AGE})?",
        _season,
    ),
    _rule(
        r"(?:(?P<part>first|second) half of (?:the )?)?(?:the )?(?P<n>\d\d) century", _in_century
    ),
    _rule(
        r"(?:q(?P<q>[1-4])|h(?P<h>[12])|(?:the )?(?P<nth>first|second|third|fourth) "
        rf"(?P<word>quarter|half))(?:{_AGE})?",
        _part,
    ),
    _rule(rf"(?P<stage>early|mid|late)[ -]{_YEAR}", _stage),
    _rule(r"(?P<year>(?:19|20)\d\d) ?[-/] ?'?(?P<to>\d\d)(?!\d)", _two_years),
    _rule(r"(?P<decade>(?:1[5-9]|20)\d0)'?s\b", _decade),
    _rule(rf"{_YEAR}(?!\w)", lambda match, _: _years(int(match["year"]), int(match["year"]))),
    _rule(r"'(?P<short>\d\d)(?!\d)", _short_year),
    _rule(rf"(?P<n>\d{{1,3}}) ?{UNIT} ago", _ago),
    _rule(
        rf"(?:(?P<n>\d{{1,3}}) ?(?:calendar )?|(?:a|the (?:last|past)|last|past) ){UNIT}"
        "(?P<half> and a half)?",
        lambda match, today: _length(match, today) if match["n"] or match["half"] else None,
    ),
    _rule(rf"{WHEN} (?:calendar )?{UNIT}(?:'s)?", _calendar),
    _rule(r"(?:today|now)\b", lambda _, today: _one(today)),
    _rule(r"yesterday\b", lambda _, today: _one(today - timedelta(days=1))),
    _rule(rf"(?P<of>last )?(?P<weekday>{'|'.join(_DAYS)})\b", _weekday),
    _rule(rf"(?:last )?(?P<feast>easter|christmas|xmas)(?: {_YEAR})?", _feast),
    _rule(
        rf"(?:the )?(?P<event>{'|'.join(_EVENTS)})\b(?:-19)?",
        lambda match, _: _event(_EVENTS[match["event"]]),
    ),
    _rule(
        r"(?:a|last|past) fortnight",
        lambda _, today: Span(*_one(today - timedelta(days=14))[:2], length=True),
    ),
    _rule(
        rf"(?:{'|'.join(f'(?<={word})' for word in _BEFORE_SHORT)})(?P<short>\d\d)(?!\d|s)",
        _short_year,
    ),
)
