"""The dates that a phrase names, each as its first and its last day.

"Q1 2025" is a quarter, "the nineties" ten years, "last month" a month before `today`. What the
phrase says of them ("since", "before") is read in `normalise_dates`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from rag.question.numbers import in_digits


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


_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR: Final = r"(?P<year>(?:1[5-9]|20)\d\d)(?!\d)"
_SHORT: Final = r"'?(?P<short>\d\d)(?!\d)"
_WHEN: Final = r"(?P<when>this|last|previous|past|next|current)"
_AGE: Final = rf"(?:(?:,| of| in)? ?(?:{_YEAR}|{_SHORT})| (?:of )?{_WHEN} (?:year|yr))"
_SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_UNITS: Final = {
    "h": "day", "hour": "day", "hr": "day", "day": "day", "week": "week", "wk": "week",
    "fortnight": "fortnight", "month": "month", "mo": "month", "quarter": "quarter",
    "year": "year", "yr": "year", "decade": "decade", "century": "century",
}  # fmt: skip
_UNIT: Final = rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})s?\b"
_DAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
_EVENTS: Final = {"covid": 2020, "pandemic": 2020, "corona": 2020, "chatgpt": 2022}
"""What people count years from, by the year in which it came out or broke out."""


def points(phrase: str, today: date) -> list[Point]:
    """The times that a phrase names, in order; months without a year are the last ones."""
    text = prepared(phrase)
    taken: list[tuple[int, int]] = []
    found: list[Point] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            span = _tried(read, match, today)
            if span:
                taken.append(match.span())
                found.append(Point(*match.span(), *span))
    return sorted(_dated(found, text, today), key=lambda point: point.start)


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
    text = phrase.lower().replace("\u2019", "'").replace("\u2013", "-").replace("\u2014", "-")
    for number, word in reversed(list(enumerate(_ORDINALS, start=1))):
        text = re.sub(rf"\b{word}\b(?! (?:quarter|half))", f"{number}th", text)
    for word, number in _DECADE_WORDS.items():
        text = re.sub(rf"\b(?:nineteen[- ])?{word}\b", f"19{number}s", text)
    text = re.sub(r"\b(\d\d)s\b", lambda m: f"{2000 if m[1] < '20' else 1900 + 0}"[:2] + m[1] + "s", text)
    text = re.sub(r"\b2k\b(?!\d)", "2000", in_digits(text))
    text = re.sub(r"\b(?:ytd|year to date)\b", "this year", text)
    text = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", text)
    return re.sub(
        rf"\b{_WHEN} {_UNIT} (?:or|and) (?:the )?(this|last|previous)(?! \w)", r"\1 \2 and \3 \2", text
    )


_Span = tuple[date, date, bool] | tuple[date, date, bool, bool] | tuple[date, date, bool, bool, bool]


def _tried(
    read: Callable[[re.Match[str], date], _Span | None], match: re.Match[str], today: date
) -> _Span | None:
    try:
        return read(match, today)
    except (ValueError, OverflowError):  # the 31st of April
        return None


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


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def months_before(today: date, months: int) -> date:
    """The same day so many months before, or the last of that month."""
    index = today.year * 12 + today.month - 1 - months
    year, month = divmod(index, 12)
    return min(date(year, month + 1, 1) + timedelta(days=today.day - 1), month_end(year, month + 1))


def _months(year: int, first: int, count: int) -> tuple[date, date, bool]:
    last = first + count - 1
    return date(year, first, 1), month_end(year + (last - 1) // 12, (last - 1) % 12 + 1), False


def _last_begun(first: int, count: int, today: date, *, before: bool = False) -> _Span:
    """The latest stretch of months that has begun; with `before`, the one that is over."""
    span = _months(today.year, first, count)
    if span[0] > today or (before and span[1] >= today):
        span = _months(today.year - 1, first, count)
    return span


def _day(match: re.Match[str], today: date) -> _Span | None:
    month = _MONTHS.index(match["month"][:3]) + 1
    year = _year_of(match, today)
    day = date(year or today.year, month, int(match["day"]))
    if year is None and day > today:
        day = date(today.year - 1, month, int(match["day"]))
    return day, day, False


def _numeric(match: re.Match[str], today: date) -> _Span | None:
    one, other = int(match["one"]), int(match["other"])
    day, month = (one, other) if other <= 12 else (other, one)
    return (date(int(match["year"]), month, day),) * 2 + (False,)


def _iso(match: re.Match[str], today: date) -> _Span | None:
    year, month, day = int(match["year"]), int(match["mm"]), match["dd"]
    return (date(year, month, int(day)),) * 2 + (False,) if day else _months(year, month, 1)


def _month(match: re.Match[str], today: date) -> _Span | None:
    month = _MONTHS.index(match["month"][:3]) + 1
    year = _year_of(match, today)
    if year is None:
        return _last_begun(month, 1, today, before=bool(match.groupdict().get("of")))
    return _months(year, month, 1)


def _season(match: re.Match[str], today: date) -> _Span | None:
    first = _SEASONS[match["season"]]
    if match["of"] in ("last", "past", "previous"):
        return _last_begun(first, 3, today, before=True)
    year = _year_of(match, today)
    return _last_begun(first, 3, today) if year is None else _months(year, first, 3)


def _part(match: re.Match[str], today: date) -> _Span | None:
    """A quarter or half of a year."""
    said = match["q"] or match["h"] or {"first": 1, "second": 2, "third": 3, "fourth": 4}[match["nth"]]
    size = 3 if match["q"] or match["word"] == "quarter" else 6
    number = min(int(said), 12 // size)
    year, first = _year_of(match, today), (number - 1) * size + 1
    return _last_begun(first, size, today) if year is None else _months(year, first, size)


def _stage(match: re.Match[str], today: date) -> _Span | None:
    first, count = {"early": (1, 4), "mid": (6, 1), "late": (9, 4)}[match["stage"]]
    return _months(int(match["year"]), first, count)


def _calendar(match: re.Match[str], today: date) -> _Span | None:
    """"this week", "last month", "this decade"."""
    back = {"this": 0, "current": 0, "next": -1}.get(match["when"], 1)
    unit = _UNITS[match["unit"]]
    if match["when"] == "past" or (match["when"] == "last" and unit in ("decade", "day", "century")):
        return _length(match, today)
    if unit == "week":
        first = today - timedelta(days=today.weekday() + 7 * back)
        return first, first + timedelta(days=6), False
    if unit == "month":
        first = months_before(today.replace(day=1), back)
        return first, month_end(first.year, first.month), False
    if unit == "quarter":
        first = months_before(today.replace(day=1), (today.month - 1) % 3 + 3 * back)
        return _months(first.year, first.month, 3)
    if unit == "year":
        return _years(today.year - back, today.year - back)
    if unit in ("decade", "century"):
        begun = today.year // (10 if unit == "decade" else 100) * (10 if unit == "decade" else 100)
        return _years(begun, today.year + 1000)
    return None


def _years(first: int, last: int) -> _Span:
    return date(first, 1, 1), date(last, 12, 31), True


def _length(match: re.Match[str], today: date) -> _Span | None:
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
    return first, first, False, True


def _ago(match: re.Match[str], today: date) -> _Span | None:
    span = _length(match, today)
    if span is None:
        return None
    if _UNITS[match["unit"]] == "year":
        return _years(span[0].year, span[0].year)
    return span[0], span[0], False


def _weekday(match: re.Match[str], today: date) -> _Span | None:
    back = (today.weekday() - _DAYS.index(match["weekday"])) % 7
    if match["of"] and back == 0:
        back = 7
    return (today - timedelta(days=back),) * 2 + (False,)


def _feast(match: re.Match[str], today: date) -> _Span | None:
    find = easter if match["feast"] == "easter" else (lambda year: date(year, 12, 25))
    year = _year_of(match, today)
    day = find(year or today.year)
    return ((day if year or day <= today else find(today.year - 1)),) * 2 + (False,)


def easter(year: int) -> date:
    """Easter Sunday. Source: Meeus 1991, "Astronomical Algorithms" (the Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def _decade(match: re.Match[str], today: date) -> _Span | None:
    first = int(match["decade"])
    return _years(first, first + (99 if first % 100 == 0 and first != 2000 else 9))


def _in_century(match: re.Match[str], today: date) -> _Span | None:
    first = 100 * (int(match["n"]) - 1) + 1
    half = {"first": (0, 49), "second": (50, 99), None: (0, 99)}[match["part"]]
    return _years(first + half[0], first + half[1])


def _two_years(match: re.Match[str], today: date) -> _Span | None:
    first = int(match["year"])
    last = first // 100 * 100 + int(match["to"])
    return _years(first, last) if first < last <= first + 50 else None


def _short_year(match: re.Match[str], today: date) -> _Span | None:
    year = _century(int(match["short"]), today)
    return _years(year, year)


def _rule(pattern: str, read: Callable[[re.Match[str], date], _Span | None]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return re.compile(rf"(?<!\w)(?<!\d[.]){pattern}"), read


_BEFORE_SHORT: Final = ("since ", "after ", "before ", "from ", "in ", "until ", "pre-", "post-", "to ")
# Tried in this order: the more a form says, the earlier it comes.
_FORMS: Final = (
    _rule(r"(?P<year>(?:19|20)\d\d)[-/.](?P<mm>0?[1-9]|1[0-2])(?:[-/.](?P<dd>\d{1,2}))?(?![\d/])", _iso),
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
    _rule(r"(?:(?P<part>first|second) half of (?:the )?)?(?:the )?(?P<n>\d\d) century", _in_century),
    _rule(
        r"(?:q(?P<q>[1-4])|h(?P<h>[12])|(?:the )?(?P<nth>first|second|third|fourth) "
        rf"(?P<word>quarter|half))(?:{_AGE})?",
        _part,
    ),
    _rule(rf"(?P<stage>early|mid|late)[ -]{_YEAR}", _stage),
    _rule(rf"(?P<year>(?:19|20)\d\d) ?[-/] ?'?(?P<to>\d\d)(?!\d)", _two_years),
    _rule(r"(?P<decade>(?:1[5-9]|20)\d0)'?s\b", _decade),
    _rule(rf"{_YEAR}(?!\w)", lambda match, _: _years(int(match["year"]), int(match["year"]))),
    _rule(r"'(?P<short>\d\d)(?!\d)", _short_year),
    _rule(rf"(?P<n>\d{{1,3}}) ?{_UNIT} ago", _ago),
    _rule(rf"(?:(?P<n>\d{{1,3}}) ?(?:calendar )?|(?:a|the (?:last|past)|last|past) ){_UNIT}(?P<half> and a half)?", lambda m, t: _length(m, t) if m["n"] or m["half"] else None),
    _rule(rf"{_WHEN} (?:calendar )?{_UNIT}(?:'s)?", _calendar),
    _rule(r"today\b|\bnow\b(?=$)", lambda _, today: (today, today, False)),
    _rule(r"yesterday\b", lambda _, today: (today - timedelta(days=1),) * 2 + (False,)),
    _rule(rf"(?P<of>last )?(?P<weekday>{'|'.join(_DAYS)})\b", _weekday),
    _rule(rf"(?:last )?(?P<feast>easter|christmas|xmas)(?: {_YEAR})?", _feast),
    _rule(rf"(?:the )?(?P<event>{'|'.join(_EVENTS)})\b(?:-19)?", lambda m, _: (date(_EVENTS[m["event"]], 1, 1), date(_EVENTS[m["event"]], 12, 31), True, False, True)),
    _rule(rf"(?P<n>a) (?P<unit>fortnight)|(?:last|past) (?P<unit_>fortnight)", lambda m, t: (t - timedelta(days=14),) * 2 + (False, True)),
    _rule(
        rf"(?:{'|'.join(f'(?<={word})' for word in _BEFORE_SHORT)})(?P<short>\d\d)(?!\d|s)",
        _short_year,
    ),
)


def _dated(found: list[Point], text: str, today: date) -> Iterator[Point]:
    """Months and seasons without a year take that of the next one in the phrase: "May to July 2024"."""
    ordered = sorted(found, key=lambda point: point.start)
    later: Point | None = None
    for point in reversed(ordered):
        said = text[point.start : point.end]
        free = not point.whole_years and not point.length and not re.search(r"\d\d|this|last|year|day|xmas|christ", said)
        if free and later is not None and not later.length and (point.first > later.first or point.last < later.first):
            span = point.first.replace(day=1)
            year = later.first.year if span.month <= later.first.month else later.first.year - 1
            months = (point.last.year - point.first.year) * 12 + point.last.month - point.first.month
            if point.first.day == 1:
                point = point._replace(
                    first=date(year, span.month, 1),
                    last=_months(year, span.month, months + 1)[1],
                )
            else:
                point = point._replace(first=point.first.replace(year=year), last=point.last.replace(year=year))
        yield point
        later = point
