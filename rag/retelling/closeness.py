"""Whether a written sentence keeps close enough to its evidence to be shown as its own.

A model of 135M parameters that is held to the words of its evidence can still string them together
to something that says nothing ("This is a complex and complex human.") and that no test of words,
numbers and negation refuses. What it says well, it says in the order of the evidence; and what it
leaves out from between turns what is said of one thing into something said of another ("We show
that the gap between A and B can be reduced": "We show that A and B can be reduced").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.language.text import Word, reading
from rag.language.wording import words

KEPT_PAIRS = 0.75
"""Share of adjacent words that must be adjacent in the evidence. Of 116 sentences of the bundled
model that the check had passed, read by us: below .65 hardly any was fit to be shown, above .75
hardly any was not."""

_POINTS_ELSEWHERE = re.compile(
    r"(?:this|that|these|those|it|its|they|their|there|such|he|she)\b", re.IGNORECASE
)

_ASIDE = re.compile(r"\s*\([^()]*\)")
_ARTICLES = frozenset(("the", "a", "an"))
_LINKS = frozenset("of between among in for from by to with on at and or nor as than".split())


def keeps_close(sentence: str, evidence: Sequence[str]) -> bool:
    """Whether a sentence says a stretch of its evidence in its words and order, and stands alone.

    Its content words are those of the stretch, none left out but whole asides in parentheses; of
    all words that are neighbours in it, most are neighbours there.

    Args:
        sentence: as written.
        evidence: the sentences that it was written over.

    Returns:
        False too for a sentence that begins by pointing at something said before it ("This ..."),
        unless the evidence says it so, or that says a word twice in a row.
    """
    pairs = list(pairwise(words(sentence)))
    if not pairs or any(one == other for one, other in pairs):
        return False
    if not any(_is_stretch(sentence, text) for text in evidence):
        return False
    held = {pair for text in evidence for pair in pairwise(words(text))}
    if _POINTS_ELSEWHERE.match(sentence) and pairs[0] not in held:
        return False
    return sum(pair in held for pair in pairs) >= KEPT_PAIRS * len(pairs)


def without_asides(text: str) -> str:
    """A text without what it has in parentheses."""
    return _ASIDE.sub("", text)


def _is_stretch(sentence: str, text: str) -> bool:
    """Whether the content words of a sentence come one after the other in a text."""
    said = [word.stem for word in reading(sentence).words if word.content]
    for version in (text, without_asides(text)):
        told = reading(version).words
        content = [at for at, word in enumerate(told) if word.content]
        stems = [told[at].stem for at in content]
        for start in range(len(stems) - len(said) + 1):
            if stems[start : start + len(said)] == said and _begins(told, content[start]):
                return True
    return False


def _begins(told: Sequence[Word], at: int) -> bool:
    """Whether a stretch can begin at a word: not within "the gap between A", at A."""
    before = at - 1
    while before >= 0 and told[before].lower in _ARTICLES:
        before -= 1
    return before < 0 or told[before].lower not in _LINKS
