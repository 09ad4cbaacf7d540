"""Names that papers give to things, read from titles and abstracts with rules.

A coined name is a token that English would not write so ("TextGrad", "SORRY-Bench", "R^3"), or
what stands before the colon of a title, or what the abstract says it introduces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rag.spelling import is_common
from rag.wording import FUNCTION_WORDS, PAPER_NOUNS, THING_NOUNS, word_set

_TOKEN: Final = re.compile(r"[^\W_]+(?:[-+.^*/][^\W_]+|\+\+|\*|\+(?!\w))*")
_HEAD: Final = re.compile(r"(?P<head>[^:?!]{2,60}?)(?::| -{1,2} | \u2013 | \u2014 )")
_ODD: Final = re.compile(r"[^\W\d_].*(?:[A-Z]|[\d^+*])")
LONGEST_HEAD: Final = 5
"""Words. What is longer before a colon is a phrase, and found as part of the title."""

_SHORT_FORM: Final = re.compile(r"\(([A-Za-z][\w.^+*/-]{1,14})\)")
_EXPLAINED: Final = re.compile(r"(?<![\w-])([A-Z][\w^+*/-]{1,14}) \(([^()]{5,90})\)")
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
_GIVEN: Final = re.compile(
    r"[\"'*`)]*(?:$|[,.:;(]| \(| -{1,2} | ?[\u2013\u2014]| (?:is|are|that|which|who|to|and|for|"
    r"as|in|on|"
    r"with|by|using|can|does|learns|benchmark|dataset|data set|framework|model|models|method|"
    r"algorithm|system|corpus|metric|score|loss|suite|approach|toolkit|library|architecture)\b)"
)
_AFTER_VERB: Final = 14  # tokens: as far as the name is from the verb that introduces it
_SUBJECT: Final = re.compile(
    r"(?:^|[.!?] )(?P<name>[^\W\d_][\w^+*/-]{1,24}(?: [A-Z\d][\w-]{0,14}){0,2})"
    r"(?: \([^()]{2,80}\))?"
    r"(?:, | is | are | adds | uses | learns | gives | lets | combines | makes )"
)
_WORD_LIMIT: Final = 12  # words of text before a bracket that may spell out its letters


class Definition(NamedTuple):
    """A short form and what it stands for, both as written."""

    short: str
    long: str


def tokens(text: str) -> list[re.Match[str]]:
    """Words with what belongs to them: "GPT-4", "R^3", "TVD++", "scale-invariant"."""
    return list(_TOKEN.finditer(text))


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
        words = [match.group() for match in tokens(head["head"])]
        if 0 < len(words) <= LONGEST_HEAD and not _is_plain_clause(words):
            names.append(head["head"].strip(" \"'*"))
            if len(words) > 1 and re.fullmatch(r"v?\d+(?:\.\d+)?", words[-1].lower()):
                names.append(" ".join(words[:-1]))
    if not title.isupper():
        names.extend(match.group() for match in tokens(title) if is_name_like(match.group()))
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
    for match in _SHORT_FORM.finditer(text):
        short = match[1]
        if not any(char.isupper() for char in short):
            continue
        before = text[max(0, match.start() - 150) : match.start()].rstrip()
        words = re.split(r"\s+", re.split(r"[.;:!?](?:\s|$)|[()]", before)[-1])
        long = _spelled_out(short, words[-min(len(short) + 5, 2 * len(short), _WORD_LIMIT) :])
        if long:
            found.append(Definition(short, long))
    for match in _EXPLAINED.finditer(text):
        long = _spelled_out(match[1], match[2].split())
        if long and len(long) > 0.7 * len(match[2]):
            found.append(Definition(match[1], match[2]))
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


def introduced_names(abstract: str, words: Sequence[re.Match[str]] | None = None) -> list[str]:
    """Names that an abstract says it introduces, or that its sentences are about.

    Args:
        abstract: any text.
        words: its tokens, where they are known already.
    """
    found: list[str] = []
    words = tokens(abstract) if words is None else words
    verbs = [place for place, match in enumerate(words) if match.group() in _ANNOUNCING]
    for place in verbs:
        nearest = 0 if words[place].group().lower() in _CALLING else 1  # after an article
        found.extend(_first_name(abstract, words[place + 1 : place + _AFTER_VERB], nearest))
    for match in _SUBJECT.finditer(abstract):
        first, *more = match["name"].split()
        if _could_be_coined(first) and abstract.count(first) > 1:
            found.append(first)
            if more and all(word[0].isdigit() for word in more):
                found.append(match["name"])
    return list(dict.fromkeys(found))


def _first_name(abstract: str, words: Sequence[re.Match[str]], nearest: int) -> Iterator[str]:
    """The first name among `words` of one sentence that stands where a name is given.

    That is right behind the verb, or set off by commas or brackets, and not before a noun that it
    only describes: "we introduce Themis, a ..." but "we present African languages".
    """
    for place, match in enumerate(words):
        word = match.group()
        before = abstract[match.start() - 2 : match.start()]
        if before in (". ", "; "):
            return
        if _could_be_coined(word):
            set_off = before in (", ", ": ") or before.endswith(("(", '"', "`"))
            if (place <= nearest or set_off) and _GIVEN.match(abstract[match.end() :]):
                yield word
            return


def _could_be_coined(word: str) -> bool:
    """Name-like, or a capitalised word that is no English."""
    return is_name_like(word) or (
        word[0].isupper() and len(word) > 2 and word.isalpha() and not is_common(word.lower())
    )
