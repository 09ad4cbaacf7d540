"""Words of a text as the answer metrics compare them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

MARKER = re.compile(r"\[\d+(?:\s*,\s*\d+)*\]")
"""A citation marker as Quoth writes it: "[1]", and "[1, 2]" as some models do."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")

# Closed classes of English only: articles, prepositions, conjunctions, pronouns, auxiliaries.
# Negations are not among them: "no gain" and "gain" must not come out the same.
_FUNCTION_WORDS = frozenset(
    """
a an the this that these those it its itself they their them he she his her him we our us you your
i me my one of in on at by for from to into onto with within over under between among across
through during before after since until against about via per toward towards upon as than then so
such and or but if while whereas although though because both either each every all any some also
too only just even still which what who whom whose where when how why there here
be is are was were been being am do does did done doing have has had having will would shall should
can could may might must up out off s t
""".split()
)


def without_markers(text: str) -> str:
    """The text without its citation markers."""
    return MARKER.sub("", text)


def word_count(text: str) -> int:
    """How many words a reader reads: pieces between spaces that hold a letter or a digit."""
    pieces = without_markers(text).split()
    return sum(any(character.isalnum() for character in piece) for piece in pieces)


def words(text: str) -> list[str]:
    """Lower-case words and numbers, compatibility forms folded: "ﬁne" is "fine", "½" is "1/2"."""
    folded = unicodedata.normalize("NFKC", without_markers(text)).casefold()
    return _WORD.findall(folded)


def content_words(text: str) -> list[str]:
    """Stems of the words that carry meaning: function words out, numbers kept as they are."""
    return [stem(word) for word in words(text) if word not in _FUNCTION_WORDS]


def is_function_word(word: str) -> bool:
    """Whether a word carries grammar and no topic: "of", "which", "is"."""
    return word.casefold() in _FUNCTION_WORDS


@cache
def stem(word: str) -> str:
    """The word's Snowball stem ("models" -> "model")."""
    return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
