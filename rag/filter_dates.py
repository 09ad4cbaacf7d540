"""Years in plain language: "since 2023", "2019-2021", "in the last two years", "from before 2022".

A four-digit number is a year only where the sentence treats it as one: "up to 2048 tokens" and
"ImageNet 2012" are content. Every rule below says where it may and may not hold.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, NamedTuple

from rag.numerals import whole
from rag.wording import (
    FUNCTION_WORDS,
    PAPER_NOUNS,
    SINGULAR_PAPERS,
    SPEAKS_OF_PAPERS,
    folded,
    word_set,
)

_COUNTING: Final = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen twenty"""
NUMBERS: Final = {word: number for number, word in enumerate(_COUNTING.split())} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
    "couple": 2,
    "few": 3,
}
"""Numbers as people write them out; "few" is read as three."""

_YEAR: Final = r"(?:19|20)\d\d(?![\w%]|[.,:]\d|-\w)"
_MONTH: Final = (
    r"(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? (?:of )?|"
    r"(?:early|late|mid|mid-|spring|summer|autumn|fall|winter|the (?:start|beginning|end) of)[ -]|"
    r"the year )?"
)
_PART_OF_YEAR: Final = re.compile(
    r"\b(?:after|before|than|prior to|past|preceding) (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|"
    r"nov|dec|"
    r"early|late|mid|spring|summer|autumn|fall|winter|the )",
    re.IGNORECASE,
)
_Y: Final = rf"{_MONTH}({_YEAR})"
_OUT: Final = (
    r"(?:published|written|released|dated|posted|submitted|printed|appear(?:ed|ing)|presented|"
    r"com(?:e|es|ing) out|came out|put out|out|done|made|new)"
)


class YearSpan(NamedTuple):
    """A stretch of the question that bounds the year of publication, both ends included."""

    start: int
    end: int
    first: int | None
    last: int | None


_Read = Callable[[int, int], tuple[int | None, int | None]]


def _rule(pattern: str, read: _Read) -> tuple[re.Pattern[str], _Read]:
    return re.compile(rf"(?<![\w.,$#/-]){pattern}", re.IGNORECASE), read


# Tried in this order: the more words a phrase has, the earlier it comes.
_RULES: Final = (
    _rule(
        rf"(?:(?:{_OUT} )?(?:between|from|in|during|over|of|the years) )?{_MONTH}"
        rf"((?:19|20)\d\d) ?(?:and|to|until|till|through|thru|-|\u2013|\u2014) ?{_Y}",
        lambda one, two: (min(one, two), max(one, two)),
    ),
    _rule(
        rf"(?:{_OUT} )?(?:from |in )?((?:19|20)\d\d) ?(?:or|and|/) ?{_Y}"
        r"(?= ?(?:$|[,.;:?!)]|(?:\w+ )?papers|(?:\w+ )?stud|works?\b|on\b|about\b))",
        lambda one, two: (min(one, two), max(one, two)),
    ),
    _rule(
        rf"(?:{_OUT} )?(?:(?:since|starting|beginning|from|as of|in) (?:in |from |with )?){_Y} "
        r"(?:onwards?|(?:and|or) (?:later|after|on|onwards?|newer|beyond|above|up)|"
        r"(?:to|till|until|up to) (?:now|today|(?:the )?present)|on(?= ?(?:$|[,.;:?!)])))",
        lambda one, _: (one, None),
    ),
    _rule(
        rf"(?:{_OUT} )?(?:from |in )?{_Y}(?:\+(?!\w)| ?onwards?| (?:or|and) (?:later|newer|after"
        r"|more recent|onwards?))",
        lambda one, _: (one, None),
    ),
    _rule(
        rf"(?:{_OUT} )?(?:from |in )?{_Y} (?:or|and) (?:earlier|older|before)",
        lambda one, _: (None, one),
    ),
    _rule(
        rf"(?:{_OUT} )?(?:no|not|nothing|none) (?:older|earlier|before) (?:than )?{_Y}",
        lambda one, _: (one, None),
    ),
    _rule(
        rf"(?:{_OUT} )?(?:no|not|nothing|none) (?:newer|later|after|younger|more recent) (?:than )?"
        rf"{_Y}",
        lambda one, _: (None, one),
    ),
    _rule(
        rf"(?:{_OUT} )?(?:(?:from|ever|starting|at any time) )?(?:since|as of) {_Y}",
        lambda one, _: (one, None),
    ),
    _rule(rf"(?:starting|beginning) (?:in|from|with) {_Y}", lambda one, _: (one, None)),
    _rule(
        rf"(?:{_OUT} )?(?:from )?(?:after|(?:newer|later|younger|more recent) than|past|post-) ?"
        rf"{_Y}",
        lambda one, _: (one + 1, None),
    ),
    _rule(
        rf"(?:{_OUT} )?(?:from )?(?:(?:any ?time )?before|prior to|(?:older|earlier) than|"
        rf"preceding|pre-?) ?{_Y}",
        lambda one, _: (None, one - 1),
    ),
    _rule(
        rf"(?:{_OUT} )?(?:from )?(?:up until|until|till|up to(?: and including)?|through) {_Y}",
        lambda one, _: (None, one),
    ),
    _rule(rf"{_OUT} by {_Y}", lambda one, _: (None, one)),
    _rule(
        rf"(?:{_OUT} )?(?:in|from|during|of) the (?:year )?((?:19|20)\d0)'?s",
        lambda one, _: (one, one + 9),
    ),
    _rule(
        rf"{_OUT} (?:back )?(?:(?:only|just) )?(?:(?:in|during|from|of) )?{_Y}(?: only)?",
        lambda one, _: (one, one),
    ),
    _rule(rf"(?:from|of) {_Y}(?: only)?", lambda one, _: (one, one)),
    _rule(rf"(?:only )?(?:in|during) {_Y}(?: only)?", lambda one, _: (one, one)),
    _rule(rf"(?:the )?{_Y}", lambda one, _: (one, one)),
)
_BARE, _IN, _FROM = len(_RULES) - 1, len(_RULES) - 2, len(_RULES) - 3

_RELATIVE: Final = re.compile(
    rf"\b(?:(?:{_OUT}|only) )?(?:(?P<how>in|over|during|within|from|for|of|since|after|before|"
    rf"until) )?"
    r"(?:(?:the )?(?:last|past|previous|recent|latest) (?:(?P<n>\d\d?|[a-z]+) )?(?P<unit>years|"
    r"months|"
    r"decades|weeks)|the (?:last|past|previous) (?P<one>year|month|decade|week)|"
    r"(?P<which>this|last|the current) year)(?:'s)?(?! (?:of|old)\b)(?![\w-])",
    re.IGNORECASE,
)
_MONTHS_A_YEAR, _YEARS_A_DECADE = 12, 10

# What data come from: "tweets from 2020" says when they were collected, not who published.
_DATED_THINGS: Final = word_set(
    """data dataset datasets text texts tweets posts images photos pictures videos news records
    record patients patient samples sample observations measurements questions problems exam exams
    cases case snapshot snapshots dump dumps logs documents transcripts elections election census
    survey surveys statistics scores prices weather counts cohort cohorts edition version season
    outbreak pandemic competition challenge olympiad contest"""
)


_PAPER: Final = r"(?:paper|study|article|work|publication|preprint|thesis|survey|review|report)"
_CUE: Final = re.compile(
    rf"\b(?:{'|'.join(sorted(SPEAKS_OF_PAPERS - SINGULAR_PAPERS))})\b|"
    rf"\b(?:an?|any|which|what|another|some|no|more|all|solo|early|recent|related) "
    rf"(?:[\w-]+ ){{0,2}}{_PAPER}\b|(?:^|[:,] )(?:[\w-]+ ){{0,2}}(?:work|research|literature)\b|"
    r"\b(?:come|came|coming) out\b",
    re.IGNORECASE,
)
# Questions and statements about the world: in them a year is content.
_WORLDLY: Final = re.compile(
    r"(?:^|[.:;,] ?)(?:(?:in|at|on|by|for|from|of) )?(?:how|what|when|why|where|which|who|did|does|"
    r"do|is|are|was|were|can|could|would|will|should|has|have|had)\b|\b(?:is|are|was|were|has|have|"
    r"had|will|which|what|increased|decreased|rose|fell|declined|occurred|required|changed|doubled)"
    r"\b",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.?!](?= |$)")


class _Sentences:
    """The sentences of a text, each with whether it is about the literature or names a subject."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [match.end() for match in _SENTENCE_END.finditer(text)] + [len(text)]
        self._known: dict[int, bool] = {}

    def speak_of_papers(self, place: int) -> bool:
        """Whether the sentence at `place` speaks of papers, or says nothing of the world."""
        number = bisect_right(self._ends, place)
        if number not in self._known:
            start = self._ends[number - 1] if number else 0
            sentence = self._text[start : self._ends[min(number, len(self._ends) - 1)]].strip()
            self._known[number] = bool(_CUE.search(sentence)) or not _WORLDLY.search(sentence)
        return self._known[number]


def year_spans(text: str, *, today: date) -> Iterator[YearSpan]:
    """The stretches of `text` that say when a paper was published; they do not overlap.

    Where a sentence does not speak of papers at all ("how has the temperature changed since
    1950?") only a verb of publishing makes a year a filter.

    Args:
        text: a question, normalised.
        today: what "last year" counts from; a year after next cannot be one of publication.
    """
    taken = [False] * len(text)
    sentences = _Sentences(text)
    for number, (pattern, read) in enumerate(_RULES):
        for match in pattern.finditer(text):
            years = [int(year) for year in match.groups() if year]
            if any(taken[match.start() : match.end()]) or max(years) > today.year + 1:
                continue
            speaks = sentences.speak_of_papers(match.start())
            if not _is_publication(number, match, text, bibliographic=speaks):
                continue
            taken[match.start() : match.end()] = [True] * (match.end() - match.start())
            first, last = read(years[0], years[-1])
            if _PART_OF_YEAR.search(match.group()):  # "after May 2023" lets the rest of 2023 in
                first, last = (year and years[0] for year in (first, last))
            yield YearSpan(match.start(), match.end(), first, last)
    yield from _relative(text, today, sentences)


def _is_publication(number: int, match: re.Match[str], text: str, *, bibliographic: bool) -> bool:
    """Whether what surrounds the year allows it to be one of publication."""
    before = re.findall(r"[\w'-]+|[^\w\s]", text[max(0, match.start() - 60) : match.start()])
    after = re.findall(r"[\w'-]+|[^\w\s]", text[match.end() : match.end() + 40])
    previous = before[-1].lower() if before else ""
    following = after[0].lower() if after else ""
    if following[:1].isalnum() and following not in FUNCTION_WORDS | PAPER_NOUNS:
        return number == _BARE and _noun_phrase_of_papers(after)
    if re.match(_OUT, match.group(), re.IGNORECASE):
        return bibliographic or not folded(match.group()).startswith(("made", "new", "done", "out"))
    if number == _BARE and (following in PAPER_NOUNS or not _other_words(text, match)):
        return True  # "the 2023 paper", "what about 2023?"
    if not bibliographic or previous in _DATED_THINGS:
        return False
    if number == _BARE:  # "LLM judges, 2024", "LLM judges (2024)"
        return previous in (",", "(", "in") and following in ("", ")", "?", ".")
    if number == _FROM and folded(match.group()).startswith("of"):
        return previous in PAPER_NOUNS
    if number == _IN:
        return previous in PAPER_NOUNS or not previous or following in ("", "?", ".", ",", "and")
    return True


def _noun_phrase_of_papers(after: list[str]) -> bool:
    """Such as "2023 workshop papers": one word between the year and the noun, no more."""
    return len(after) > 1 and after[1].lower() in PAPER_NOUNS


def _other_words(text: str, match: re.Match[str]) -> bool:
    """Whether anything but function words stands beside the match."""
    rest = text[: match.start()] + " " + text[match.end() :]
    words = (word.group().lower() for word in re.finditer(r"[^\W_]+", rest))
    return any(word not in FUNCTION_WORDS for word in words)


def _relative(text: str, today: date, sentences: _Sentences) -> Iterator[YearSpan]:
    """Such as "in the last two years": whole years, counted back from today, generously."""
    for match in _RELATIVE.finditer(text):
        if not sentences.speak_of_papers(match.start()):
            continue
        how = folded(match["how"] or "")
        if match["which"]:
            year = today.year - (folded(match["which"]) == "last")
            first, last = {
                "since": (year, None),
                "after": (year + 1, None),
                "before": (None, year - 1),
                "until": (None, year),
            }.get(how, (year, year))
            yield YearSpan(match.start(), match.end(), first, last)
            continue
        since = _counted_back(match, today)
        if since is not None and how not in ("before", "until", "after"):
            yield YearSpan(match.start(), match.end(), since, None)


def _counted_back(match: re.Match[str], today: date) -> int | None:
    """The year that "the last two years" begin in."""
    word = folded(match["n"] or "few") if match["unit"] else "one"
    count = whole(word, most=99) if word.isdecimal() else NUMBERS.get(word)
    if count is None:
        return None
    unit = folded(match["unit"] or match["one"])[0]
    if unit in "dy":
        return today.year - count * (_YEARS_A_DECADE if unit == "d" else 1)
    return (today.year * _MONTHS_A_YEAR + today.month - 1 - count) // _MONTHS_A_YEAR
