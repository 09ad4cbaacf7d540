"""Names that papers give to things, read from titles and abstracts with rules.

A coined name is a token that English would not write so ("TextGrad", "SORRY-Bench", "R^3"), or
what stands before the colon of a title, or what the abstract says it introduces.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from rag.language.spelling import is_common
from rag.language.wording import FUNCTION_WORDS, PAPER_NOUNS, THING_NOUNS, word_set

_TOKEN: Final = re.compile(r"\w+(?:[-+.^*/]\w+|\+\+|\*|\+(?!\w))*")
_HEAD: Final = re.compile(r"(?P<head>[^:?!]{2,60}?)(?::| -{1,2} | \u2013 | \u2014 )")
_ODD: Final = re.compile(r"[^\W\d_].*(?:[A-Z]|[\d^+*])")
LONGEST_HEAD: Final = 5
"""Words. What is longer before a colon is a phrase, and found as part of the title."""

_BRACKET: Final = re.compile(r"\(([^()]{2,90})\)")
_SHORT_FORM: Final = re.compile(r"[A-Za-z][\w.^+*/-]{1,14}")
_EXPLAINED: Final = re.compile(r"(?<![\w-])[A-Z][\w^+*/-]{1,14}(?= $)")
_INTRODUCING: Final = word_set(
    """introduce introduces introduced introducing propose proposes proposed proposing present
    presents presented presenting develop develops developed developing release releases released
    releasing describe describes described contribute contributes create creates created creating
    construct constructs constructed design designs designed devise devises devised formulate
    formulates formulated curate curates curated provide provides provided offer offers offered
    establish establishes build builds built building"""
)
_CALLING: Final = word_set(
    "call called calls dub dubbed term termed terms name named names coined coin titled namely"
)
_ANNOUNCING: Final = frozenset(
    form for word in _INTRODUCING | _CALLING for form in (word, word.capitalize())
)
_NOUNS_TOO: Final = word_set("design present offer build name term call release construct")
_SAYING: Final = re.compile(
    r"\b(?:we|i|they|authors|paper|work|study|article|to|and|also|then|now|further|thus|hence|first|"
    r"additionally|finally|here|this) $",
    re.IGNORECASE,
)
_BEFORE_VERB: Final = 16  # characters: the word before it
_GIVEN: Final = re.compile(
    r"[\"'*`)]*(?:$|[,.:;(]| \(| -{1,2} | ?[\u2013\u2014]| (?:is|are|that|which|who|to|and|for|"
    r"as|in|on|"
    r"with|by|using|can|does|learns|benchmark|dataset|data set|framework|model|models|method|"
    r"algorithm|system|corpus|metric|score|loss|suite|approach|toolkit|library|architecture)\b)"
)
# A sentence ends, or what follows belongs to others: baselines, examples, ingredients.
_ENDING: Final = re.compile(
    r"[.;] |\b(?:including|include|such as|like|e\.g|using|than|outperform(?:ing|s)|over|versus|vs|"
    r"against)\b"
)
_CAPITAL: Final = re.compile(r"\b\w*[A-Z]\w*(?:[-+.^*/]\w+|\+\+|\*|\+(?!\w))*")
_AFTER_VERB: Final = 110  # characters: as far as the name is from the verb that introduces it
_SENTENCE_END: Final = re.compile(r"[.!?] (?=[A-Z])")
_SUBJECT: Final = re.compile(
    r"(?P<name>[^\W\d_][\w^+*/-]{1,24}(?: [A-Z\d][\w-]{0,14}){0,2})"
    r"(?: \([^()]{2,80}\))?"
    r"(?:, | is | are | adds | uses | learns | gives | lets | combines | makes )"
)
_CLAUSE_END: Final = re.compile(r"[.;:!?](?:\s|$)|[()]")
_SPACE: Final = re.compile(r"\s+")
_LONGEST_LONG_FORM: Final = 150  # characters
_LONGEST_SHORT_FORM: Final = 17
_MOST_OF_IT: Final = 0.7  # share of what stands in brackets that must spell out the short form
_WORD_LIMIT: Final = 12  # words of text before a bracket that may spell out its letters


class Definition(NamedTuple):
    """A short form and what it stands for, both as written."""

    short: str
    long: str


def tokens(text: str) -> list[str]:
    """Words with what belongs to them: "GPT-4", "R^3", "TVD++", "scale-invariant"."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=65536)
def is_name_like(token: str) -> bool:
    """Whether English would not write `token` so: capitals inside, or letters with digits.

    "Low-Rank" is no name: every part of it is a word with at most a first capital.
    """
    if not token or (token.isalpha() and token[1:].islower()) or token.isdigit():
        return False
    return len(token) > 1 and token[0].isalpha() and any(map(_ODD.search, token.split("-")))


def title_names(title: str) -> list[str]:
    """What a title names: the head before its colon if it is short, and its name-like tokens."""
    names: list[str] = []
    head = _HEAD.match(title)
    if head:
        words = tokens(head["head"])
        if 0 < len(words) <= LONGEST_HEAD and not _is_plain_clause(words):
            names.append(head["head"].strip(" \"'*"))
            if len(words) > 1 and re.fullmatch(r"v?\d+(?:\.\d+)?", words[-1].lower()):
                names.append(" ".join(words[:-1]))
    if not title.isupper():
        names.extend(word for word in tokens(title) if is_name_like(word))
    return list(dict.fromkeys(names))


def _is_plain_clause(words: list[str]) -> bool:
    """Whether a head is an ordinary phrase of small words ("On the Use", "A Survey")."""
    telling = [
        word for word in words if word.lower() not in FUNCTION_WORDS | PAPER_NOUNS | THING_NOUNS
    ]
    return not telling or words[0].lower() in ("on", "towards", "toward", "when", "how", "what")


def definitions(text: str) -> list[Definition]:
    """Short forms defined in `text`, as "long form (SF)" or "SF (long form)".

    Source: Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation
    definitions in biomedical text": the letters of the short form are found from the right.
    """
    found: list[Definition] = []
    for match in _BRACKET.finditer(text):
        inside = match[1]
        before = text[max(0, match.start() - _LONGEST_LONG_FORM) : match.start()]
        if _SHORT_FORM.fullmatch(inside):
            words = _SPACE.split(_CLAUSE_END.split(before.rstrip())[-1])
            most = min(len(inside) + 5, 2 * len(inside), _WORD_LIMIT)
            long = None if inside.islower() else _spelled_out(inside, words[-most:])
            if long:
                found.append(Definition(inside, long))
        elif short := _EXPLAINED.search(before[-_LONGEST_SHORT_FORM:]):
            long = _spelled_out(short.group(), inside.split())
            if long and len(long) > _MOST_OF_IT * len(inside):
                found.append(Definition(short.group(), inside))
    return found


def _spelled_out(short: str, words: list[str]) -> str | None:
    """The end of `words` whose letters, in order, are those of `short`; None when they are not."""
    letters = [char.lower() for char in short if char.isalnum()]
    if len(letters) > 2 and letters[-1] == "s" and short[-1] == "s":
        letters.pop()  # a plural
    text = " ".join(words)
    low = text.lower()
    place = len(low)
    for index in range(len(letters) - 1, -1, -1):
        place = low.rfind(letters[index], 0, place)
        while index == 0 and place > 0 and low[place - 1].isalnum():
            place = low.rfind(letters[0], 0, place)
        if place < 0:
            return None
    long = text[place:].strip(" ,\"'")
    much_longer = len(long) > len(short) and len(long.split()) >= min(2, len(letters))
    return long if much_longer and short.lower() not in long.lower().split() else None


def introduced_names(abstract: str, words: Collection[str] | None = None) -> list[str]:
    """Names that an abstract says it introduces, or that its sentences are about.

    Args:
        abstract: any text.
        words: its tokens, where they are known already.
    """
    names: list[str] = []
    for word in sorted(_ANNOUNCING.intersection(tokens(abstract) if words is None else words)):
        nearest = 0 if word.lower() in _CALLING else 1  # an article may stand between
        for start in _places(abstract, word):
            before = abstract[max(0, start - _BEFORE_VERB) : start]
            if word not in _NOUNS_TOO or _SAYING.search(before):
                names.extend(_first_name(abstract, start + len(word), nearest))
    for start in (0, *(match.end() for match in _SENTENCE_END.finditer(abstract))):
        match = _SUBJECT.match(abstract, start)
        if not match:
            continue
        first, *more = match["name"].split()
        if _could_be_coined(first) and abstract.count(first) > 1:
            names.append(first)
            if more and all(word[0].isdigit() for word in more):
                names.append(match["name"])
    return list(dict.fromkeys(names))


def _places(text: str, word: str) -> Iterator[int]:
    """Where `word` stands in `text` as a word of its own."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start
        start = text.find(word, end)


def _first_name(abstract: str, start: int, nearest: int) -> Iterator[str]:
    """The first name from `start` on, in its sentence, that stands where a name is given.

    That is right behind the verb, or set off by commas or brackets, and not before a noun that it
    only describes: "we introduce Themis, a ..." but "we present African languages".
    """
    stop = _ENDING.search(abstract, start, start + _AFTER_VERB)
    end = stop.start() if stop else start + _AFTER_VERB
    for match in _CAPITAL.finditer(abstract, start, end):
        if _could_be_coined(match.group()):
            before = abstract[match.start() - 2 : match.start()]
            set_off = before in (", ", ": ") or before.endswith(("(", '"', "`"))
            near = set_off or len(abstract[start : match.start()].split()) <= nearest
            if near and _GIVEN.match(abstract, match.end()):
                yield match.group()
                return


def _could_be_coined(word: str) -> bool:
    """Name-like, or a capitalised word that is no English."""
    return is_name_like(word) or (
        word[0].isupper() and len(word) > 2 and word.isalpha() and not is_common(word.lower())
    )
