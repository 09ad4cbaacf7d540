"""Organisations, matched as loosely as people name them: "NAVER" is "naver-ai NAVER AI Lab"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rag.language.wording import word_set

_GENERIC: Final = word_set(
    """ai ml nlp lab labs laboratory laboratories research researchers institute institutes of the
    and for inc ltd llc corp corporation company co gmbh group team org organization organisation
    university universities college school department dept center centre technology technologies
    science sciences national international academy foundation hq official open community company's
    at in"""
)
"""Words that many organisations share: they never make a match alone."""
_SMALL: Final = frozenset(["of", "the", "and", "for", "at", "in", "de", "la"])
_SHORTEST_STEM: Final = 4
"""Letters. "allen" may stand for "allenai"; three letters would match by accident."""


def same_organization(asked: str, stored: str) -> bool:
    """Whether `asked`, as a question names it, is the organisation `stored` as a page gives it.

    Every telling word asked for must be one of the stored name, or the other way round ("NAVER LABS
    Europe" is "NAVER AI Lab"); initials stand for the whole ("MIT"), and so does the name run
    together ("Hugging Face", "huggingface").
    """
    wanted, have = _telling(asked), _telling(stored)
    if not wanted or not have:
        return asked.casefold().strip() == stored.casefold().strip()
    if asked.strip().isupper() and asked.strip().casefold() in _initials(stored):
        return True
    if stored.strip().isupper() and stored.strip().casefold() in _initials(asked):
        return True
    if "".join(wanted) in (*have, "".join(have)) or "".join(have) in wanted:
        return True
    if all(any(_same_word(one, other) for other in have) for one in wanted):
        return True
    return all(any(_same_word(one, other) for one in wanted) for other in have)


def _same_word(one: str, other: str) -> bool:
    """Equal, or one is the other with a generic ending: "allen" and "allenai"."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return (
        len(short) >= _SHORTEST_STEM and long.startswith(short) and long[len(short) :] in _GENERIC
    )


@lru_cache(maxsize=65536)
def _telling(name: str) -> tuple[str, ...]:
    """The words of a name that are not shared by many, in order, in lower case, once each."""
    pieces = [piece.casefold() for piece in re.findall(r"[^\W_]+", name)]
    return tuple(dict.fromkeys(piece for piece in pieces if piece not in _GENERIC))


@lru_cache(maxsize=65536)
def _initials(name: str) -> frozenset[str]:
    """Initials of a name of three words or more, with and without its small words."""
    heads = [word for word in re.findall(r"[^\W\d_]+", name) if word[0].isupper()]
    long = [word for word in heads if word.casefold() not in _SMALL]
    return frozenset(
        "".join(word[0] for word in some).casefold() for some in (heads, long) if len(some) > 1
    )
