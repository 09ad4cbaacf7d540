"""What is measured of candidates and readings; `lab/training/evidence.py` learns the weights.

Every table has columns that need no reader and, behind them, those that do: `..._NAMES` are the
first, `..._READ_NAMES` all. Numpy only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.evidence import paper_features
from rag.evidence.looking import Looked, above_best
from rag.evidence.retrieval import Candidate
from rag.language.words import NOWHERE, NUMBER, Worth, content_stems, name_stems, stems

Floats = NDArray[np.float64]

SENTENCE_NAMES: Final = ("sentence", "sentence_below_best", "paper", "paper_below_best")
SENTENCE_READ_NAMES: Final = (*SENTENCE_NAMES, "carries", "carries_below_best", "here")
ANSWERED_NAMES: Final = (
    "paper",
    "lead",
    "sentence",
    "whole_cosine",
    "sentence_cosine",
    "coverage",
    "rarest_missing",
    "names_missing",
    "numbers_missing",
    "asked_stems",
)
ANSWERED_READ_NAMES: Final = (
    *ANSWERED_NAMES,
    "carries",
    "here",
    "here_anywhere",
    "against",
    "bears",
    "bears_anywhere",
)
TOPIC_NAMES: Final = ("paper", "sentence_cosine")
TOPIC_READ_NAMES: Final = (*TOPIC_NAMES, "bears", "second_bears", "here_anywhere")
BELONGS_NAMES: Final = ("paper", "paper_below_best", "log_rank")
BELONGS_READ_NAMES: Final = (*BELONGS_NAMES, "bears", "bears_below_best", "here")
SHAPE_NAMES: Final = ("words", "paper", "lead", "lead_over_fifth", "second_over_fifth", "sentence")
SHAPE_READ_NAMES: Final = (
    *SHAPE_NAMES,
    "here",
    "here_below_second",
    "here_above_mean",
    "bearing",
    "bears",
)
COMPARED_NAMES: Final = ("words", "lead")
COMPARED_READ_NAMES: Final = (*COMPARED_NAMES, "here_below_second", "second_bears")
DENIED_NAMES: Final = ("against", "against_below_best", "here", "paper_below_best")
LEAST: Final = 1e-3
"""Added to probabilities before their logarithm is taken."""
MOST_LEAD: Final = 4.0
"""By how much more a paper leads the second, in logits, says nothing more."""
COVERAGE: Final = paper_features.NAMES.index("coverage")


def sentence_table(looked: Looked) -> Floats:
    """Every sentence of the papers in front, paper after paper: (m, names)."""
    front = looked.front
    papers = above_best([candidate.logit for candidate in front])
    scores = [np.asarray(candidate.sentence_scores) for candidate in front]
    highest = max((s.max(initial=-np.inf) for s in scores), default=0.0)
    carries = [reading.carries for reading in looked.readings]
    most = max((c.max(initial=-np.inf) for c in carries), default=0.0)
    tables = []
    for place, candidate in enumerate(front):
        own = scores[place]
        columns = [own, own - highest, _same(candidate.logit, own), _same(papers[place], own)]
        if looked.readings:
            read = looked.readings[place]
            columns += [read.carries, read.carries - most, _same(read.here, own)]
        tables.append(np.stack(columns, axis=1))
    width = len(SENTENCE_READ_NAMES if looked.readings else SENTENCE_NAMES)
    return np.vstack(tables) if tables else np.zeros((0, width))


def answered_row(question: str, looked: Looked, best: int, worth: Worth) -> Floats:
    """Of a question and the paper that is likeliest to answer it: (names,).

    Args:
        question: as asked.
        looked: at least one candidate.
        best: place of that paper among those in front.
        worth: inverse document frequencies of the corpus.
    """
    front = looked.front
    chosen = front[best]
    held = set(stems(f"{chosen.paper.title} {chosen.paper.abstract}"))
    names, asked = name_stems(question), set(content_stems(question))
    numbers = set(NUMBER.findall(question))
    stated = set(NUMBER.findall(f"{chosen.paper.title} {chosen.paper.abstract}"))
    row = [
        chosen.logit,
        _lead(front, 1),
        max(chosen.sentence_scores, default=0.0),
        chosen.parts["whole"],
        chosen.parts["sentence"],
        chosen.features[COVERAGE],
        _rarest(asked - held, worth),
        len(names - held) / max(1, len(names)),
        len(numbers - stated) / max(1, len(numbers)),
        float(len(asked)),
    ]
    if looked.readings:
        read = looked.readings[best]
        row += [
            float(read.carries.max(initial=-20.0)),
            read.here,
            max(one.here for one in looked.readings),
            read.against,
            read.bears,
            max(one.bears for one in looked.readings),
        ]
    return np.asarray(row, dtype=np.float64)


def topic_row(looked: Looked) -> Floats:
    """Of the papers that are nearest to a topic, at least one: (names,)."""
    front = looked.front
    row = [
        max(candidate.logit for candidate in front),
        max(candidate.parts["sentence"] for candidate in front),
    ]
    if looked.readings:
        bears = sorted((reading.bears for reading in looked.readings), reverse=True)
        row += [bears[0], bears[min(1, len(bears) - 1)]]
        row.append(max(reading.here for reading in looked.readings))
    return np.asarray(row, dtype=np.float64)


def belongs_table(looked: Looked) -> Floats:
    """Of each paper that was read, best first; of all candidates without a reader: (n, names)."""
    candidates = looked.candidates[: len(looked.readings) or None]
    scores = np.asarray([candidate.logit for candidate in candidates])
    ranks = np.log(np.arange(1, len(candidates) + 1, dtype=np.float64))
    columns = [scores, above_best(scores), ranks]
    if looked.readings:
        bears = [reading.bears for reading in looked.readings]
        columns += [np.asarray(bears), above_best(bears)]
        columns.append(np.asarray([reading.here for reading in looked.readings]))
    return np.stack(columns, axis=1)


def shape_row(words: float, looked: Looked) -> Floats:
    """Of how a question is worded and how its ranking falls off: (names,).

    Args:
        words: log-odds of a survey from the words alone (`Asked.survey_odds`).
        looked: at least one candidate.
    """
    front = looked.front
    row = [
        words,
        front[0].logit,
        _lead(front, 1),
        _lead(front, 4),
        _lead(front[1:] or front, 3),
        max(front[0].sentence_scores, default=0.0),
    ]
    if looked.readings:
        here = sorted((reading.here for reading in looked.readings), reverse=True)
        bears = np.asarray([reading.bears for reading in looked.readings])
        row += [here[0], here[0] - here[min(1, len(here) - 1)], here[0] - float(np.mean(here))]
        row += [float((1 / (1 + np.exp(-bears))).sum()), float(bears.max())]
    return np.asarray(row, dtype=np.float64)


def compared_row(kinds: Mapping[str, float], looked: Looked) -> Floats:
    """Of a point: what tells that two papers are to be compared: (names,).

    Args:
        kinds: probabilities of the kinds by the words, by name.
        looked: at least one candidate.
    """
    compare, other = kinds.get("compare", 0.0), kinds.get("fact", 0.0) + kinds.get("paper", 0.0)
    row = [float(np.log(compare + LEAST) - np.log(other + LEAST)), _lead(looked.front, 1)]
    if looked.readings:
        here = sorted((reading.here for reading in looked.readings), reverse=True)
        bears = sorted((reading.bears for reading in looked.readings), reverse=True)
        second = min(1, len(here) - 1)
        row += [here[0] - here[second], bears[second]]
    return np.asarray(row, dtype=np.float64)


def denied_table(looked: Looked) -> Floats:
    """Of each paper in front: what tells that it denies what is presumed: (n, names)."""
    papers = above_best([candidate.logit for candidate in looked.front])
    against = [reading.against for reading in looked.readings]
    here = [reading.here for reading in looked.readings]
    return np.stack([np.asarray(against), above_best(against), np.asarray(here), papers], axis=1)


def _lead(candidates: Sequence[Candidate], behind: int) -> float:
    other = candidates[min(behind, len(candidates) - 1)]
    return min(candidates[0].logit - other.logit, MOST_LEAD)


def _rarest(missing: set[str], worth: Worth) -> float:
    return max((worth(stem) for stem in missing), default=0.0) / worth(NOWHERE)


def _same(value: float, like: Floats) -> Floats:
    return np.full(len(like), value, dtype=np.float64)
