"""Authors and makers in plain language: "by a single author", "5 or more authors", "from NAVER"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from rag.filter_dates import NUMBERS
from rag.numerals import whole
from rag.organizations import Organizations
from rag.wording import FUNCTION_WORDS, PAPER_NOUNS, folded

_N: Final = r"(\d{1,4}|" + "|".join(word for word in NUMBERS if word not in {"few", "couple"}) + ")"
_AUTHORS: Final = r"(?:co-?)?(?:authors?|writers?)(?![\w'-])"
_HAVE: Final = (
    r"(?:(?:by|with|from|having|have|has|had|of|written by|authored by|that list|listing|only|just)"
    r" )?(?:(?:a )?(?:team|group)s? of )?"
)

# "three authors annotated the data" tells of the work, not of who signed it.
_WORKED: Final = r"(?! (?:annotat|label|rat|cod|judg|review|check|agree|disagree|independent)\w*)"


class AuthorSpan(NamedTuple):
    """A stretch of the question that bounds the number of authors, both ends included."""

    start: int
    end: int
    fewest: int | None
    most: int | None


class OrganizationSpan(NamedTuple):
    """A stretch of the question that names an organisation; `name` as it was written."""

    start: int
    end: int
    name: str


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern}){_WORKED}", re.IGNORECASE)


_SINGLE: Final = _rule(
    rf"{_HAVE}(?:just |only |exactly )?(?:a |an |the )?(?:single|lone|sole|solo|one|1)[- ]"
    rf"(?:only )?(?:author(?:ed)?|writer)(?![\w'-])(?! or| and (?:more|up))|"
    r"by (?:just |only )?(?:a single|a lone|one|a sole) (?:person|researcher|scientist|individual)|"
    r"(?:written|authored|published|signed) (?:alone|solo|single-handedly)|"
    r"by (?:someone|somebody) (?:working )?alone|"
    r"solo(?= (?:papers?|works?|articles?|stud(?:y|ies)|publications?|preprints?)\b)"
)
_COUNTS: Final = (
    (_rule(rf"{_HAVE}(?:between |from )?{_N} ?(?:-|\u2013|to|and) ?{_N} {_AUTHORS}"), "range"),
    (
        _rule(rf"{_HAVE}{_N} (?:or more|or above|or over|and more|and up|plus) {_AUTHORS}"),
        "at least",
    ),
    (_rule(rf"{_HAVE}{_N}\+ ?{_AUTHORS}"), "at least"),
    (
        _rule(
            rf"{_HAVE}{_N} {_AUTHORS} (?:or more|or above|and more|and up|and above|at least|plus|"
            r"upwards?|minimum)"
        ),
        "at least",
    ),
    (_rule(rf"{_HAVE}{_N} (?:or fewer|or less|or below|and fewer) {_AUTHORS}"), "at most"),
    (
        _rule(rf"{_HAVE}{_N} {_AUTHORS} (?:or fewer|or less|or below|at most|maximum|max)"),
        "at most",
    ),
    (
        _rule(
            rf"{_HAVE}(?:at least|no fewer than|no less than|a minimum of|>=|\u2265) ?{_N} "
            rf"{_AUTHORS}"
        ),
        "at least",
    ),
    (
        _rule(
            rf"{_HAVE}(?:at most|up to|no more than|not more than|a maximum of|<=|\u2264) ?{_N} "
            rf"{_AUTHORS}"
        ),
        "at most",
    ),
    (_rule(rf"{_HAVE}(?:more than|over|above|greater than|>) ?{_N} {_AUTHORS}"), "more"),
    (_rule(rf"{_HAVE}(?:fewer than|less than|under|below|<) ?{_N} {_AUTHORS}"), "fewer"),
    (_rule(rf"{_HAVE}(?:multiple|several) {_AUTHORS}"), "several"),
    (
        _rule(
            rf"(?:by|with|having|have|has|had|exactly|precisely|only|just) (?:exactly |precisely |"
            rf"only |just )?{_N} {_AUTHORS}"
        ),
        "exactly",
    ),
    (_rule(rf"{_N}[- ]author(?:ed)?(?= (?:papers?|works?|articles?|stud))"), "exactly"),
)
_SEVERAL: Final = 2
_EARLY: Final = 12  # characters: "is there anything from ..." begins the question


def author_spans(text: str) -> Iterator[AuthorSpan]:
    """The stretches of `text` that bound the number of authors."""
    if re.search(r"\bhow many (?:co-?)?authors?\b", text, re.IGNORECASE):
        return  # the number is what is asked for
    for rule, sense in _COUNTS:
        match = rule.search(text)
        if match:
            numbers = [_number(word) for word in match.groups() if word] or [_SEVERAL]
            yield AuthorSpan(match.start(), match.end(), *_bounds(sense, numbers))
            return
    match = _SINGLE.search(text)
    if match:
        yield AuthorSpan(match.start(), match.end(), 1, 1)


def _number(word: str) -> int:
    number = whole(word, most=9999)
    return number if number is not None else NUMBERS[folded(word)]


def _bounds(sense: str, numbers: list[int]) -> tuple[int | None, int | None]:
    first = numbers[0]
    return {
        "range": (min(numbers), max(numbers)),
        "at least": (first, None),
        "at most": (None, first),
        "more": (first + 1, None),
        "fewer": (None, first - 1),
        "several": (first, None),
        "exactly": (first, first),
    }[sense]


_NAME: Final = r"[^\W\d_][\w&.'-]{0,40}"
_PLURAL: Final = "|".join(sorted(PAPER_NOUNS, key=len, reverse=True))
_FROM: Final = re.compile(
    rf"(?P<noun>\b(?:{_PLURAL}|anything|something|one|ones) (?:(?:published|written|released|done|"
    r"made|authored|coming|out|put out|that (?:are|is|was|were|came|come)) )?)?"
    r"(?<![\w-])(?P<how>from|by|at|out of|affiliated (?:with|to)|of) "
    rf"(?:(?:the )?(?:folks|people|researchers|authors|team|group|guys|lab) (?:at|of|from|in) )?"
    rf"(?:the )?(?P<name>{_NAME}(?: {_NAME}){{0,4}})",
    re.IGNORECASE,
)
_OWN: Final = re.compile(
    rf"(?<![\w-])(?P<name>{_NAME}(?: {_NAME}){{0,3}}?)(?:'s?)? (?:{_PLURAL})(?![\w-])",
    re.IGNORECASE,
)
_DID: Final = re.compile(
    rf"\b(?:did|does|has|have) (?:the )?(?P<name>{_NAME}(?: {_NAME}){{0,3}}?) "
    r"(?:publish|published|write|written|release|released|put out|done|do)\b",
    re.IGNORECASE,
)
_ENDING_A_NAME: Final = FUNCTION_WORDS - {"of", "the", "and", "for", "in", "at"}


def organization_spans(
    text: str, *, organizations: Organizations, names: Collection[str] = ()
) -> Iterator[OrganizationSpan]:
    """The stretch of `text` that names whose papers are wanted; at most one.

    Args:
        text: a question, normalised.
        organizations: those of the corpus.
        names: coined names of the corpus in lower case; "papers by BERT" names no organisation.
    """
    for match in _FROM.finditer(text):
        if folded(match["how"]) == "of" and not match["noun"]:
            continue
        known = _longest_known(text, match.start("name"), match["name"], organizations)
        if known:
            yield OrganizationSpan(match.start("how"), known.end, known.name)
            return
    did = _DID.search(text)
    if did and _is_one_name(did["name"]) and did["name"] in organizations:
        yield OrganizationSpan(did.start(), did.end(), did["name"])
        return
    for match in _OWN.finditer(text):
        for start in _word_starts(text, match.start("name"), match.end("name")):
            name = text[start : match.end("name")].removesuffix("'s").removesuffix("'")
            if not name.islower() and _is_one_name(name) and name in organizations:
                yield OrganizationSpan(start, match.end("name"), name)
                return
    for match in _FROM.finditer(text):
        stranger = _stranger(match, names)
        if stranger and _ends_phrase(text, match.start("name") + len(stranger)):
            yield OrganizationSpan(
                match.start("how"), match.start("name") + len(stranger), stranger
            )
            return


def _longest_known(
    text: str, start: int, name: str, organizations: Organizations
) -> OrganizationSpan | None:
    """The longest beginning of `name` that is an organisation of the corpus.

    In lower case it must end its phrase: "from meta on alignment", but not "from meta learning".
    """
    ends = []
    for word in re.finditer(r"\S+", name):
        if word.group().lower() in _ENDING_A_NAME:
            break
        ends.append(word.end())
    for end in reversed(ends):
        part = name[:end].rstrip(".,'").removesuffix("'s")
        if not part or part.split()[-1].lower() in FUNCTION_WORDS:
            continue
        if not _is_one_name(part) or part not in organizations:
            continue
        if name[end - 2 : end] == "'s" and end < len(name):
            continue  # "by Google's model" names the model
        if part.islower() and not _ends_phrase(text, start + end):
            continue
        return OrganizationSpan(start, start + len(part), part)
    return None


def _ends_phrase(text: str, end: int) -> bool:
    """Whether no noun follows: "from Meta on alignment", but not "by LLM agents"."""
    following = re.match(r" ([\w'-]+)", text[end : end + 40])
    return not following or following[1].lower() in FUNCTION_WORDS | PAPER_NOUNS


def _is_one_name(part: str) -> bool:
    """Whether a stretch is written as one name: capitals throughout, or none."""
    if part.islower():
        return True
    return all(word[0].isupper() or word in ("of", "the", "and", "for") for word in part.split())


def _word_starts(text: str, start: int, end: int) -> list[int]:
    return [start + match.start() for match in re.finditer(r"\S+", text[start:end])]


def _stranger(match: re.Match[str], names: Collection[str]) -> str | None:
    """The capitalised words after "papers from", where nothing else than a maker can be meant."""
    noun = match["noun"]
    if not noun or folded(match["how"]) not in ("from", "by", "out of"):
        return None
    if folded(noun).startswith(("anything", "something", "one")) and match.start() > _EARLY:
        return None  # "does it beat anything from Zorgcorp?"
    found: list[str] = []
    for word in match["name"].split():
        bare = word.rstrip(".,'")
        joins = found and bare.lower() in ("of", "the", "and", "for", "&")
        if (not bare[:1].isupper() or re.search(r"-[a-z]", bare)) and not joins:
            break
        found.append(bare)
        if bare != word:
            break
    while found and not found[-1][:1].isupper():
        found.pop()
    name = " ".join(found)
    return name if name and name.lower() not in names and found[0].lower() not in names else None
