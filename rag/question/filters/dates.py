"""A tagged date as bounds: "since 2023", "2019-2021", "the last two years", "from before 2022"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from rag.question.filters.date_points import Point, points, prepared


class Bounds(NamedTuple):
    """The first and the last day that are asked for, both included; None: no bound there.

    `whole_years`: said in years, so that a paper of which only the year is known can match.
    """

    first: date | None = None
    last: date | None = None
    whole_years: bool = True


Sense = Literal["within", "since", "after", "until", "before"]
_NO: Final = r"(?:no|not|nothing|none|never|nor|isn't|aren't)(?: (?:be|any|papers?))? "
_LATE: Final = r"(?:new|late|young|more recent|fresh|recent)(?:er)?(?: than)?"
_EARLY: Final = r"(?:old|earli)er(?: than)?"
_LATER: Final = _LATE.replace("(?: than)?", " than")
_BEFORE_IT: Final[tuple[tuple[Sense, str], ...]] = (
    ("since", rf"{_NO}(?:{_EARLY}|before|pre)|nothing before"),
    ("until", rf"{_NO}(?:{_LATE}|after|past|later(?: than)?)"),
    (
        "since",
        r">=|\u2265|=>|at least|since(?: after)?|as of|(?:start|beginn)ing(?: (?:in|from|with))?",
    ),
    (
        "until",
        r"<=|\u2264|=<|until|till?|up to|upto|thru|through|by(?: the)?(?: end of)?|at most",
    ),
    ("after", rf"after(?: the)?|{_LATER}|later than|post|past(?= (?:19|20)\d\d)|>"),
    ("before", rf"before(?: the)?|b4|{_EARLY}|prior to|earlier than|pre|preceding|<"),
)
"""What stands before a time and says how it is meant; of several the nearest counts."""
_NOW: Final = r"(?:-|to|till?|until|through|and|up to)? ?(?:now|today|(?:the )?present|date)\b"
_AND_LATER: Final = (
    r"(?:or|and|&) (?:later|newer|after(?:wards)?|more recent|younger|beyond|up|above|"
    r"on(?:wards?)?)"
)
_AFTER_IT: Final[tuple[tuple[Sense, str], ...]] = (
    (
        "since",
        rf"{_AND_LATER}|on(?:-?wa?r?ds?)?\b|\+|-$|\.\.$|at the earliest|{_NOW}",
    ),
    ("until", r"(?:or|and|&) (?:earlier|older|before|below)|at the latest|and under"),
)
_ENDS: Final = re.compile(
    r"\b(?:the )?(?:very )?(?:start|beginning|end|course|whole|years?|months?) (?:of )?(?:the )?"
)
_LENGTH_OVER: Final = re.compile(
    rf"(?<!not )(?<!no )(?<!nothing )(?:\b{_EARLY}\b|\bmore than\b|>|\bover\b(?! the))"
)
_DAY: Final = timedelta(days=1)


def bounds(phrases: Sequence[str], today: date) -> Bounds | None:
    """What tagged dates of one question ask for together; None when they name no time.

    Times that only stand side by side ("2021", "2022") are all meant; bounds narrow each other.
    """
    each = [found for phrase in phrases if (found := _bounds(phrase, today))]
    if not each:
        return None
    inside = [one for one, sense in each if sense == "within"]
    rest = [one for one, sense in each if sense != "within"]
    joined = [_span(inside)] if inside else []
    return _narrowest([*joined, *rest])


def _bounds(phrase: str, today: date) -> tuple[Bounds, Sense] | None:
    text = prepared(phrase)
    found = points(phrase, today)
    if not found:
        return None
    if len(found) > 1 and re.fullmatch("now|today", text[found[-1].start : found[-1].end]):
        joiner = text[: found[-1].start].rstrip(" ")
        if re.search(r"(?:-|to|till?|until|through|and|up to|\.)$", joiner) and "yest" not in text:
            found = found[:-1]
    if len(found) == 1 and found[0].length:
        return _of_length(text, found[0], today)
    blank = _blanked(text, found)
    senses = [_sense(blank, found, place) for place in range(len(found))]
    whole = all(point.whole_years for point in found)
    if len(found) > 1 and re.search(r"<", text) and senses[0] == "within":
        return _between_signs(text, found, whole), "since"  # 2018<=yr<2022
    if all(sense == "within" for sense in senses) or _is_range(blank, found):
        firsts, lasts = [point.first for point in found], [point.last for point in found]
        first, last = min(firsts), max(lasts)
        open_end = last >= date(today.year + 900, 1, 1)
        return Bounds(first, None if open_end else last, whole), "within"
    each = [
        _one(point, sense, whole)
        for point, sense in zip(found, senses, strict=True)
        if sense != "within"
    ]
    return _narrowest(each), "since"


def _of_length(text: str, point: Point, today: date) -> tuple[Bounds, Sense]:
    calendar = re.search(r"calendar years?", text)
    if calendar:
        count = int((re.search(r"\d+", text) or [1])[0])
        return Bounds(date(today.year - count, 1, 1), date(today.year - 1, 12, 31), True), "within"
    if re.search(_NO, text) or not _LENGTH_OVER.search(text):
        return Bounds(point.first, None, False), "since"
    return Bounds(None, point.first, False), "until"


def _blanked(text: str, found: Sequence[Point]) -> str:
    for point in found:
        text = text[: point.start] + "\x00" * (point.end - point.start) + text[point.end :]
    return text


def _sense(text: str, found: Sequence[Point], place: int) -> Sense:
    point = found[place]
    begin = found[place - 1].end if place else 0
    end = found[place + 1].start if place + 1 < len(found) else len(text)
    lead, tail = text[begin : point.start], text[point.end : end]
    for sense, words in _AFTER_IT:
        if re.match(rf" ?(?:{words})", tail) and (end == len(text) or "\x00" not in tail):
            return sense
    best: tuple[int, Sense] = (-1, "within")
    # The word of a kind that stands nearest before the date; a longer one wins over its part.
    for sense, words in _BEFORE_IT:
        for match in re.finditer(rf"(?<![a-z])(?:{words})(?![a-z])", lead):
            if match.end() > best[0]:
                best = (match.end(), sense)
    prefix = re.search(r"(?:^|[ -])(pre|post)[ -]?$", lead)
    if prefix:
        return "before" if prefix[1] == "pre" else "after"
    return best[1]


def _is_range(text: str, found: Sequence[Point]) -> bool:
    """Whether two times are the ends of one stretch: "2015 to 2025", "between May and July"."""
    if len(found) != 2:
        return False
    lead, middle = text[: found[0].start], text[found[0].end : found[1].start]
    middle = _ENDS.sub("", middle).strip()
    joined = re.fullmatch(r"-|\.\.+|to|till?|until|thru|through|up to|/|->", middle)
    return bool(joined) or ("between" in lead and middle in ("and", "&"))


def _one(point: Point, sense: Sense, whole: bool) -> Bounds:
    if sense == "since" or (sense == "after" and point.event):
        return Bounds(point.first, None, whole)
    if sense == "after":
        return Bounds(point.last + _DAY, None, whole)
    if sense == "until":
        return Bounds(None, point.last, whole)
    return Bounds(None, point.first - _DAY, whole)


def _between_signs(text: str, found: Sequence[Point], whole: bool) -> Bounds:
    one, other = found[0], found[-1]
    low = one.first if text[one.end :].lstrip().startswith(("<=", "\u2264")) else one.last + _DAY
    up_to = re.search(r"(?:<=|\u2264)\s*$", text[: other.start])
    return Bounds(low, other.last if up_to else other.first - _DAY, whole)


def _span(each: Sequence[Bounds]) -> Bounds:
    firsts = [one.first for one in each if one.first]
    lasts = [one.last for one in each]
    whole = all(one.whole_years for one in each)
    return Bounds(
        min(firsts, default=None), None if None in lasts else max(x for x in lasts if x), whole
    )


def _narrowest(each: Sequence[Bounds]) -> Bounds:
    firsts = [one.first for one in each if one.first]
    lasts = [one.last for one in each if one.last]
    whole = all(one.whole_years for one in each)
    return Bounds(max(firsts, default=None), min(lasts, default=None), whole)
