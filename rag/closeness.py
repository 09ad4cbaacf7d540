"""Whether a written sentence keeps close enough to its evidence to be shown as its own. Floor 1.

A model of 135M parameters that is held to the words of its evidence can still string them together
to something that says nothing ("This is a complex and complex human.") and that no test of words,
numbers and negation refuses. What it says well, it says in the order of the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.wording import words

KEPT_PAIRS = 0.75
"""Share of adjacent words that must be adjacent in the evidence. Of 116 sentences of the bundled
model that the check had passed, read by us: below .65 hardly any was fit to be shown, above .75
hardly any was not."""

_POINTS_ELSEWHERE = re.compile(
    r"(?:this|that|these|those|it|its|they|their|there|such|he|she)\b", re.IGNORECASE
)


def keeps_close(sentence: str, evidence: Sequence[str]) -> bool:
    """Whether most neighbours in a sentence are neighbours in its evidence, and it stands alone.

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
    held = {pair for text in evidence for pair in pairwise(words(text))}
    if _POINTS_ELSEWHERE.match(sentence) and pairs[0] not in held:
        return False
    return sum(pair in held for pair in pairs) >= KEPT_PAIRS * len(pairs)
