"""The words of questions and sentences that carry meaning, and how much each is worth."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Set
from functools import lru_cache

from index_store.words import words

Worth = Callable[[str], float]
"""The weight of a stem: its inverse document frequency in the corpus, >= 0."""

# Words by which people ask for papers, and that say nothing of what the papers are about. BM25
# would give "papers" or "pls" a high weight, because abstracts hardly ever hold them.
REQUEST_WORDS = frozenset(
    "paper papers study studies work works article articles research researcher researchers "
    "publication publications literature author authors abstract abstracts title list lists show "
    "find give tell explain describe summarise summarize name named please pls plz want wants need "
    "needs know looking search anything something anybody anyone somebody someone everything "
    "relevant exist exists got get many much any some there here about which what who whom whose "
    "where when why how is are was were be been being am do does did doing done has have had can "
    "could should would will shall may might must i me my we us our you your he she his her they "
    "them their it its this that these those a an the and or but if so then than as of in on at to "
    "for from by with into over under between not no ok also just too very only ever yet".split()
)

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[\w'’*+&-]+")  # noqa: RUF001 (a typographic apostrophe is part of words)
_NAME = re.compile(r"\b(?:[A-Z][\w-]*[A-Z][\w-]*|[A-Za-z]+-?\d[\w.]*|[a-z]+[A-Z]\w*)")
_PLAIN = re.compile(r"[a-z]{5,}")

# Forms of question that ask for an amount. A closed class: the quantity words of English, and the
# units in which papers report.
_ASKS_AMOUNT = re.compile(
    r"\b(?:how (?:many|much|often|far|long|large|big|small|fast|quick|few|high|low|old|accurate\w*|"
    r"frequent\w*|compact|badly|well|strong\w*)|(?:what|which) (?:share|fraction|percent\w*|"
    r"proportion|number|score|accuracy|rate|size|percentage|speed\w*|margin|factor|range)|"
    r"accuracy|scores?|percent\w*|percentage|f1|bleu|rouge|auc|mae|rate|size|number|count|amount|"
    r"speed-?up|faster|slower|improvement|gain|reduction|range|average|avg|ratio|parameters)\b|%",
    re.IGNORECASE,
)


@lru_cache(maxsize=50_000)
def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words, in order, stop words left out; remembered between questions."""
    return tuple(words(text))


def content(question: str) -> str:
    """The question without the words that only ask; the question itself if nothing is left."""
    kept = [word for word in _WORD.findall(question) if word.lower() not in REQUEST_WORDS]
    return " ".join(kept) or question


def content_stems(question: str) -> tuple[str, ...]:
    """The stems of the words that are left, in order."""
    return stems(content(question))


def name_stems(question: str) -> frozenset[str]:
    """The stems of words that are names by their letters: DPO, CoT, GPT-4, LLaMA2.

    LLM and AI name nothing: every paper of such a corpus has them, and their worth says so.
    """
    return frozenset(stem for name in _NAME.findall(question) for stem in stems(name))


def asks_amount(question: str) -> bool:
    """Whether the question asks for a number."""
    return _ASKS_AMOUNT.search(question) is not None


NOWHERE = "\0"
"""A stem that no document holds: nothing is worth more."""


def inverse_frequency(*, frequency: Callable[[str], int], documents: int) -> Worth:
    """The worth of stems in a corpus: BM25's inverse document frequency (Lucene's, never negative).

    Args:
        frequency: in how many documents a stem occurs.
        documents: how many there are.
    """

    @lru_cache(maxsize=100_000)
    def worth(stem: str) -> float:
        count = frequency(stem)
        return math.log(1.0 + (documents - count + 0.5) / (count + 0.5))

    return worth


def coverage(wanted: Set[str], held: Set[str], worth: Worth) -> float:
    """The share of the wanted stems' worth that is held: [0, 1], 0 when nothing is wanted."""
    total = total_worth(wanted, worth)
    return total_worth(wanted & held, worth) / total if total > 0 else 0.0


def total_worth(words: Iterable[str], worth: Worth) -> float:
    """The sum of the stems' worth, added in sorted order so that it is the same every time."""
    return sum(worth(word) for word in sorted(words))


def grams(text: str) -> set[str]:
    """Runs of four letters within longer words: what a typo or another ending leaves in place."""
    return {word[i : i + 4] for word in _PLAIN.findall(text.lower()) for i in range(len(word) - 3)}
