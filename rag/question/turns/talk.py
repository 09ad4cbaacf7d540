"""Turns of a conversation that ask for nothing new: doubts, corrections, "more like that".

Closed classes: each is a handful of fixed phrases around the words that matter.
"""

from __future__ import annotations

import re
from typing import Final

from rag.language.wording import normalize

_CORRECTS: Final = re.compile(
    r"^(?:no|nope|nah|sorry|wait|not that(?: one)?)\b[,.!:; -]*(?:i|we) "
    r"(?:mean|meant|was asking about|wanted|was after|am after)\b[,: ]*(?=\S)",
    re.I,
)
_DOUBTS: Final = re.compile(
    r"^(?:and |but |hm+,? )?(?:are|r) (?:you|u) (?:really |quite |absolutely )?(?:sure|certain)\b|"
    r"^really\W*$|^says who\b|"
    r"\b(?:which|what) (?:paper|study|article|source) says (?:so|that|this)\W*$|"
    r"^where does it say (?:so|that|this)\W*$|^(?:what's|what is) (?:the|your) source\b",
    re.I,
)
_ASKED_BEFORE: Final = re.compile(
    r"\bwhat (?:was|were|did i|have i)\b.*\b(?:(?:my|the) (?:previous|last|first|earlier) "
    r"question|(?:just )?asked?(?: you)?(?: before)?\W*$)",
    re.I,
)
_ALIKE: Final = re.compile(
    r"\bsimilar\b|\bakin to\b|\balike\b|\b(?:papers?|work|ones|more|something|anything|others?) "
    r"(?:\w+ )?like (?:this|that|it|the|these|those|[\"'A-Z\[])",
)
_WHERE: Final = re.compile(
    r"\bwhere\b.{0,60}\b(?:us(?:ed|es)|mention\w*|cited|comes? up|occurs?|turns? up)\b", re.I
)


_WHICH_OF: Final = re.compile(
    r"\b(?:which|what|any|some|are any|is any|one) (?:ones? )?of (?:them|these|those)\b", re.I
)


def asks_which_of_them(question: str) -> bool:
    """Whether some of the papers spoken of are wanted."""
    return _WHICH_OF.search(normalize(question)) is not None


_OTHERS: Final = re.compile(
    r"\b(?:any|anything|something|others?|more)\b.{0,20}"
    r"\b(?:newer|more recent|later|older|earlier)\b",
    re.I,
)


def asks_for_others(question: str) -> bool:
    """Whether papers are wanted that the list does not hold ("anything newer?")."""
    return _OTHERS.search(normalize(question)) is not None


def correction(question: str) -> str:
    """What was meant instead, of a question that takes the last one back; "" of any other."""
    text = normalize(question)
    found = _CORRECTS.match(text)
    return text[found.end() :] if found else ""


def doubts(question: str) -> bool:
    """Whether the last answer is only to be shown again."""
    return _DOUBTS.search(normalize(question)) is not None


def asks_what_was_asked(question: str) -> bool:
    """Whether the user's own last question is wanted."""
    return _ASKED_BEFORE.search(normalize(question)) is not None


def asks_for_alike(question: str) -> bool:
    """Whether papers like another are wanted."""
    return _ALIKE.search(normalize(question)) is not None


def asks_where(question: str) -> bool:
    """Whether the places are wanted at which something stands or is used."""
    return _WHERE.search(normalize(question)) is not None
