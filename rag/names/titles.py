"""Papers named by words of their title: "hitchhikers guide to PO", "the value drifts study"."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rag.language.wording import FUNCTION_WORDS, word_set
from rag.names.index import NameIndex, key_of
from rag.names.words import Word


class TitleMatch(NamedTuple):
    """Papers whose title a stretch of the question says: words `first` to `last`, both included.

    `score` in (0, 1]: the share of the title that is said, by weight; `weight` in nats.
    """

    papers: tuple[int, ...]
    first: int
    last: int
    score: float
    weight: float


SURE: Final = 0.7
"""Share of a title's weight that must be said for the title to be meant without further cue."""
_SURE_OF_HEAD: Final = 0.85
_HEAD_WORTH: Final = 0.95  # a whole head is as good as nearly the whole title
_MARGIN: Final = 2.0
"""Nats. Words that weigh less than log(papers) + 2 would be met together by accident in more than
one of seven such corpora (e^-2), so they name no paper."""
_WRITINGS: Final = word_set("paper study work article preprint survey review report thesis")
_MOST_TITLES: Final = 5000
"""A word in more titles than this finds none of them."""
_MOST_CANDIDATES: Final = 100
_TIE: Final = 1e-9
_LONG_TITLE: Final = 4  # words; a shorter title can stand in a question by accident
_WIDEST_GAP: Final = 4  # words of the question between two words of a title


def title_matches(
    index: NameIndex, question: str, question_words: Sequence[Word]
) -> list[TitleMatch]:
    """The titles that `question` says enough of, best first; their stretches do not overlap."""
    stems = [
        "" if word.meant in FUNCTION_WORDS else index.stem(word.meant) for word in question_words
    ]
    telling = math.log(len(index) or 1)
    squeezed = key_of(question)
    scored = [
        _sure_if_whole(match, index.titles[paper], squeezed)
        for paper in _candidates(index, stems)
        for match in _matches(index, paper, stems)
    ]
    found: list[TitleMatch] = []
    for match in sorted(scored, key=lambda match: (-match.score, match.papers)):
        if match.score >= SURE and match.weight >= telling + _MARGIN:
            _add(found, match)
    for match in sorted(scored, key=lambda match: (-match.weight, -match.score, match.papers)):
        if match.weight >= telling and _is_cued(index, question, question_words, stems, match):
            _add(found, match)
    return found


def _sure_if_whole(match: TitleMatch, title: str, squeezed: str) -> TitleMatch:
    """A title that stands in the question letter by letter is meant, however plain its words."""
    key = key_of(title)
    said = key == squeezed or (len(title.split()) >= _LONG_TITLE and key in squeezed)
    return match._replace(score=1.0, weight=math.inf) if said else match


def _add(found: list[TitleMatch], match: TitleMatch) -> None:
    """Adds a match whose stretch is free; one that is as good as another shares its stretch."""
    for place, rival in enumerate(found):
        if rival.first <= match.last and match.first <= rival.last:
            if rival.score - match.score < _TIE and rival.papers != match.papers:
                found[place] = rival._replace(papers=rival.papers + match.papers)
            return
    found.append(match)


def _candidates(index: NameIndex, stems: Sequence[str]) -> list[int]:
    """The papers whose titles share most weight with the question."""
    shared = Counter[int]()
    weights: dict[int, float] = {}
    for stem in dict.fromkeys(stem for stem in stems if stem):
        papers = index.titled_with(stem)
        if len(papers) > _MOST_TITLES:
            continue
        weight = index.weight(stem)
        for paper in papers:
            shared[paper] += 1
            weights[paper] = weights.get(paper, 0.0) + weight
    several = (paper for paper, count in shared.items() if count > 1)
    return heapq.nsmallest(_MOST_CANDIDATES, several, key=lambda paper: (-weights[paper], paper))


def _matches(index: NameIndex, paper: int, stems: Sequence[str]) -> Iterator[TitleMatch]:
    """How much of a title each stretch of the question says."""
    title = index.titles[paper]
    wanted = set(index.title_stems(title))
    head = set(index.title_stems(title.split(": ")[0]))
    for run in _runs([place for place, stem in enumerate(stems) if stem in wanted]):
        said = {stems[place] for place in run}
        if len(said) < 2:
            continue
        score = _share(index, said, wanted)
        of_head = _share(index, said & head, head)
        if len(head) > 1 and of_head >= _SURE_OF_HEAD:
            score = max(score, of_head * _HEAD_WORTH)
        yield TitleMatch((paper,), run[0], run[-1], score, sum(map(index.weight, said)))


def _share(index: NameIndex, said: set[str], wanted: set[str]) -> float:
    whole = sum(map(index.weight, wanted))
    return sum(map(index.weight, said)) / whole if whole else 0.0


def _runs(places: Sequence[int]) -> Iterator[list[int]]:
    """The places in stretches without wide gaps."""
    run: list[int] = []
    for place in places:
        if run and place - run[-1] > _WIDEST_GAP:
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _is_cued(
    index: NameIndex,
    question: str,
    question_words: Sequence[Word],
    stems: Sequence[str],
    match: TitleMatch,
) -> bool:
    """Whether "the ... paper" says little else than words of this title."""
    for place in range(match.last + 1, min(match.last + 3, len(question_words))):
        between = question[question_words[match.last].end : question_words[place].start]
        if question_words[place].meant not in _WRITINGS or re.search(r"[?.!,;:]", between):
            continue
        opening = range(match.first - 1, max(match.first - 4, -1), -1)
        opens = [one for one in opening if question_words[one].meant in ("the", "that", "this")]
        start = opens[0] if opens else match.first
        said = {stem for stem in stems[start:place] if stem}
        wanted = set(index.title_stems(index.titles[match.papers[0]]))
        return len(said) > 1 and _share(index, said & wanted, said) >= SURE
    return False
