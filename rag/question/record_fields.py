"""Which fields of a paper's record a question asks for.

A table, because nothing at hand teaches it: the training utterances say *that* a question asks for
a fact of the record and not which one, and the asker has no slot for it (417 lines of metadata,
none marked). What can be asked is closed: the fields of `Paper`, by their usual names. The words
that name the paper are taken out before, so that a title asks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from rag.language.spelling import NearWords, is_common, slips_allowed
from rag.question.slots import Label, Slot

USUAL: Final = ("authors", "date", "venue", "organization", "url")
"""What is told of a paper where a record is asked for and no field of it is named."""
_FIELDS: Final[tuple[tuple[str, str], ...]] = (
    (
        "author_count",
        r"how (?:many|big|large)\b.{0,20}\b(?:authors?|people|persons?|researchers?|scientists|"
        r"names|writers?|hands|teams?|collaborators)|(?:number|count) of (?:authors?|people)|"
        r"author count|(?:single|sole|one|solo)[- ](?:author|person)\w*|"
        r"just one (?:author|person|guy)|team size|longest author list|\balone\b|\bsolo\b",
    ),
    (
        "authors",
        r"\bwho(?!le)|\bauthors?\b(?! count)|\bco-?authors?|\bauthored|\bwrote\b|\bwritten by|"
        r"\bby whom|\bwriters?\b|\bcredit|\bsigned\b|"
        r"\bnames? of (?:everyone|everybody|the people)\b|\bpeople (?:behind|on)\b",
    ),
    (
        "date",
        r"\bwhen\b|\bdates?\b|\bdated\b|\byears?\b|\bmonth|\bday\b|"
        r"\b(?:old|new|young)(?:er|est)?\b|\bearlier|\bearliest|\blater\b|\blatest\b|\brecent|"
        r"how long ago|\b(?:come|came|comes|coming) (?:out )?"
        r"(?:first|last|out)|\b(?:19|20)\d\d\b|\bago\b|\bappeared? (?:first|last)",
    ),
    (
        "venue",
        r"\bvenues?\b|\bjournals?\b|\bconferences?\b|\bproceedings\b|\bworkshop\b|"
        r"\bpeer[- ]review|\bpublisher|"
        r"\bwhere\b.{0,40}\b(?:published?|appear(?:ed)?|printed|presented|come out|came out)|"
        r"\b(?:published|appear(?:ed)?|presented|printed) (?:in|at|where)\b",
    ),
    (
        "organization",
        r"\borgani[sz]ations?|\binstitut\w*|\buniversit\w*|\buni\b|\blabs?\b|\blaborator\w*|\bcompan(?:y|ies)|"
        r"\baffiliat\w*|\bdepartment|\bbehind\b|\bgroup\b|\bfrom (?:which|what|who)\b",
    ),
    ("title", r"\bbib ?tex\b|\bcite\b|\bcitation for\b|\bbibliograph\w+|\breference entry\b"),
    ("doi", r"\bdois?\b|\bdigital object"),
    ("arxiv_id", r"\barxiv\b|\bidentifiers?\b|\bids?\b"),
    ("code_url", r"\bcode\b|\bgithub\b|\brepo\w*|\bimplementation|\bsource code"),
    (
        "url",
        r"\blinks?\b|\burls?\b|\bpdf\b|\bweb(?:site| ?page| address)|\baddress\b|"
        r"\bwhere\b.{0,30}\b(?:read|find|download|get|see)\b|\bfree to read",
    ),
    ("upvotes", r"\bup-?vot\w*|\bvotes?\b|\blikes?\b|\bpopular\w*"),
    ("comments", r"\bcomments?\b|\bdiscussed\b"),
    ("keywords", r"\bkey ?words?\b|\btags?\b"),
    ("retracted", r"\bretract\w*|\bwithdrawn?\b|\bwithdrew\b"),
    ("type", r"\bpre-?prints?\b|\b(?:type|kind) of (?:paper|publication|article)"),
)
COMPARED: Final = frozenset(("date", "author_count", "upvotes", "comments"))
"""Fields by which papers are compared ("is it older than ...?")."""
NUMBERS: Final = frozenset(("author_count", "upvotes", "comments"))
"""Fields that are asked for by "how many"."""
_PATTERNS: Final = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _FIELDS)
_SPECIFIC: Final = (("code_url", "url"), ("doi", "url"))
"""Pairs of which the first says what the words of the second ask for."""
_OF_A_COUNT: Final = re.compile(r"\bwho\b|\bnames\b(?!.{0,12}\bhow many)", re.IGNORECASE)
_NAMES_A_PAPER: Final[frozenset[Label]] = frozenset(("name", "topic", "side"))
_TAGGED: Final[Mapping[Label, str]] = {
    "author": "authors",
    "org": "organization",
    "venue": "venue",
    "date": "date",
    "authors_count": "author_count",
}
"""What is asked of a value that the question itself gives ("Yann Dubois on AlpacaFarm?")."""
_TERMS: Final = """author authors authored organisation organization institute institution
university affiliation journal conference venue published publication retracted withdrawn keywords
upvotes comments address website preprint written company laboratory identifier""".split()
_WORD: Final = re.compile(r"[^\W\d_]{5,}")


def fields_asked(
    text: str, slots: Sequence[Slot], named: Iterable[tuple[int, int]] = ()
) -> tuple[str, ...]:
    """The fields of `Paper` that a question asks for, in the order of the table.

    Args:
        text: the question, made normal.
        slots: as the asker tagged them.
        named: where the question names papers, in characters.
    """
    taken = [*named, *((s.start, s.end) for s in slots if s.label in _NAMES_A_PAPER)]
    letters = list(text)
    for start, end in taken:
        letters[start:end] = "_" * (end - start)
    text = "".join(letters)
    text = _WORD.sub(lambda match: _meant(match.group()), text)
    found = [name for name, pattern in _PATTERNS if pattern.search(text)]
    if "author_count" in found and "authors" in found and not _OF_A_COUNT.search(text):
        found.remove("authors")
    for first, second in _SPECIFIC:
        if first in found and second in found:
            found.remove(second)
    tagged = (_TAGGED[slot.label] for slot in slots if slot.label in _TAGGED)
    return tuple(found or dict.fromkeys(tagged))


@lru_cache(maxsize=1)
def _near() -> NearWords:
    return NearWords((term, 1) for term in _TERMS)


def _meant(word: str) -> str:
    """A word, or the name of a field that it is a misspelling of."""
    low = word.lower()
    if is_common(low):
        return word
    return _near().nearest(low, most=slips_allowed(low)) or word
