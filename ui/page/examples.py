"""Example questions made from the corpus itself, by rule, so that each has an answer in it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rag.types import Paper

# Words that join others in titles and name no topic by themselves.
_JOINING = frozenset(
    "a an and are as at by can do does for from how in into is it its no not of on or over the to"
    " toward towards under via we what when why with without beyond need all you your using based"
    " new more than".split()
)
# Words, and every other sign as a token of its own: what comes before a colon ends there.
_TOKEN = re.compile(r"[A-Za-z][A-Za-z-]+|[^\sA-Za-z]")
_MOST = 4


def example_questions(papers: Sequence[Paper]) -> tuple[str, ...]:
    """Up to four questions, one of each kind: two lists, a paper, a comparison.

    Topics are the pairs of words that most titles share; the papers are the newest whose title
    has a short name before a colon. The same corpus gives the same examples.
    """
    topics = shared_topics(papers)
    named = [paper for paper in newest_first(papers) if short_name(paper.title)]
    questions: list[str] = []
    if topics:
        questions.append(f"Which papers study {topics[0]}?")
    if named:
        questions.append(f"What does the {short_name(named[0].title)} paper show?")
    if len(named) > 1:
        first, second = short_name(named[0].title), short_name(named[1].title)
        questions.append(f"Compare {first} and {second}.")
    if len(topics) > 1:
        questions.append(f"Which papers are about {topics[1]}?")
    return tuple(questions[:_MOST])


def shared_topics(papers: Sequence[Paper], *, least: int = 2, share: float = 0.05) -> list[str]:
    """Pairs of neighbouring title words, those of most titles first; no word in two of them.

    A pair must end its phrase in half of its titles, or it is the beginning of a longer name:
    "direct preference" goes on to "optimization", "preference optimization" is whole.

    Args:
        papers: any papers.
        least: a pair in fewer titles is no topic of the corpus.
        share: a pair in a larger part of the titles (0 to 1) says what the whole corpus is about
            ("language models") and would make a list of everything.
    """
    counts: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for paper in papers:
        pairs = _pairs(paper.title)
        counts.update(set(pairs))
        whole.update({pair for pair, ends in pairs.items() if ends})
    most = max(least, int(share * len(papers)))
    topics: list[str] = []
    used: set[str] = set()
    for pair, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if not least <= count <= most or 2 * whole[pair] < count:
            continue
        if used.isdisjoint(pair.split()):
            topics.append(pair)
            used.update(pair.split())
    return topics


def newest_first(papers: Iterable[Paper]) -> list[Paper]:
    """Papers by date, the newest first; undated ones last."""
    return sorted(papers, key=lambda paper: (paper.date or "", paper.title), reverse=True)


def short_name(title: str) -> str:
    """The name a paper gives itself, "ORPO" of "ORPO: Monolithic ..."; "" when it gives none."""
    name, colon, _ = title.partition(":")
    return name.strip() if colon and 0 < len(name.split()) <= 2 and len(name) <= 30 else ""


def _pairs(title: str) -> dict[str, bool]:
    """The pairs of words that stand together, and whether each ends its phrase somewhere."""
    tokens = [*_TOKEN.findall(title.lower()), "."]
    solid = [token[0].isalpha() and token not in _JOINING for token in tokens]
    pairs: dict[str, bool] = {}
    for place, (first, second) in enumerate(itertools.pairwise(tokens[:-1])):
        if solid[place] and solid[place + 1]:
            pair = f"{first} {second}"
            pairs[pair] = pairs.get(pair, False) or not solid[place + 2]
    return pairs
