"""Terms that a handful of papers share: what a question for a list can be about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from eval.metrics.words import is_function_word, stem
from rag.types import Paper

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|[.,;:()?!]")
_SHORTEST = 4  # letters; shorter words make no term of their own

# What every abstract says, whatever it is about: two of these make no topic.
_OF_RESEARCH = frozenset(
    """
    paper papers work works study studies method methods approach approaches framework result
    results experiment experiments show shows propose proposes proposed introduce introduces author
    authors model models data new novel large small high low better best performance task tasks
    first second several many various state-of-the-art significantly consistently extensive recent
    existing previous prior earlier code available released across without within however based
    using used which their these those state art strong improve improves improved gains training
    language two three four both further well
    """.split()
)


def shared_terms(
    papers: Sequence[Paper], *, least: int, most: int
) -> Mapping[str, tuple[Paper, ...]]:
    """Pairs of neighbouring words that stand in `least` to `most` of the papers.

    Pairs with the same stems are one term, under its commonest spelling; words that every
    abstract uses make none.

    Returns:
        term -> the papers that have it, in their order.
    """
    spellings: dict[tuple[str, str], dict[str, int]] = {}
    found: dict[tuple[str, str], dict[str, Paper]] = {}
    for paper in papers:
        words = _WORD.findall(f"{paper.title}. {paper.abstract}".lower())
        for first, second in pairwise(words):
            if not (_is_topical(first) and _is_topical(second)):
                continue
            key = stem(first), stem(second)
            found.setdefault(key, {})[paper.paper_id] = paper
            counts = spellings.setdefault(key, {})
            counts[f"{first} {second}"] = counts.get(f"{first} {second}", 0) + 1
    return {
        max(sorted(spellings[key]), key=lambda text: spellings[key][text]): tuple(having.values())
        for key, having in found.items()
        if least <= len(having) <= most
    }


def _is_topical(word: str) -> bool:
    return (
        len(word) >= _SHORTEST
        and word[0].isalpha()
        and word not in _OF_RESEARCH
        and not is_function_word(word)
    )
