"""Shape, sentences, papers and silence: each decided by one learned model of what was measured.

The weights are in `rag/data/evidence.json`, made by `lab/training/evidence.py` from training
questions over corpora made at random; each model is there twice, with the reader and without.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from rag.evidence import learned, measures
from rag.evidence.learned import Linear
from rag.evidence.looking import Looked
from rag.evidence.passages import Chosen, ranked_passages
from rag.evidence.retrieval import Candidate
from rag.language.words import Worth
from rag.package_data import DATA
from rag.types import Kind, Suggestion

FILE = DATA / "evidence.json"
PARTS = {
    "sentence": (measures.SENTENCE_NAMES, measures.SENTENCE_READ_NAMES),
    "answered": (measures.ANSWERED_NAMES, measures.ANSWERED_READ_NAMES),
    "topic": (measures.TOPIC_NAMES, measures.TOPIC_READ_NAMES),
    "belongs": (measures.BELONGS_NAMES, measures.BELONGS_READ_NAMES),
    "shape": (measures.SHAPE_NAMES, measures.SHAPE_READ_NAMES),
    "compared": (measures.COMPARED_NAMES, measures.COMPARED_READ_NAMES),
}
"""What each model looks at, without the reader and with it."""
WITH_READER = "+reader"
PERHAPS = 0.15
"""Probability from which on a paper under the cut is shown apart."""
SURE_PAPER = 0.75
"""Share of the probability of a fact or a paper at which a paper is summed up: at that length the
answer to a fact is buried."""
UNSURE = (0.35, 0.65)
"""Probabilities of a survey between which the other shape's best is shown too."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Below these nothing is said, or a paper is not listed: probabilities.

    `answered`: that the best paper holds the answer. `topic`: that any paper belongs on a topic.
    `denied`: that a paper denies what the question takes for granted.
    """

    answered: float
    topic: float
    denied: float


@cache
def limits(*, read: bool) -> Limits:
    """The calibrated limits; `read`: for what the reader had a part in."""
    tree = json.loads(FILE.read_text(encoding="utf-8"))["limits" + WITH_READER * read]
    return Limits(**{field.name: float(tree[field.name]) for field in fields(Limits)})


def model(name: str, looked: Looked) -> Linear:
    """The model for a decision, according to whether papers were read."""
    read = bool(looked.readings)
    return learned.load(name + WITH_READER * read, PARTS[name][read], file=FILE)


def survey_probability(words: float, looked: Looked) -> float:
    """How likely papers are to be listed, and no point is to be made: [0, 1].

    Args:
        words: log-odds of a survey from the words alone (`Asked.survey_odds`).
        looked: at least one candidate.
    """
    row = measures.shape_row(words, looked)
    return float(model("shape", looked).probabilities(row[None, :])[0])


def point_kind(kinds: Mapping[str, float], looked: Looked, *, comparable: bool) -> Kind:
    """A comparison where words and evidence say so, else a fact unless a paper is surely meant.

    Args:
        kinds: probabilities of the kinds by the words, by name.
        looked: at least one candidate.
        comparable: whether two papers to be compared were found.
    """
    row = measures.compared_row(kinds, looked)
    if comparable and model("compared", looked).probabilities(row[None, :])[0] >= 0.5:
        return "compare"
    paper, fact = kinds.get("paper", 0.0), kinds.get("fact", 0.0)
    return "paper" if paper >= SURE_PAPER * (paper + fact) > 0 else "fact"


def ranked_sentences(looked: Looked) -> list[Chosen]:
    """All sentences of the papers in front, the likeliest to answer first; shares sum to 1."""
    scores = _sentence_scores(looked)
    if not any(map(len, scores)):
        return []
    flat = np.concatenate(scores)
    shares = np.exp(flat - flat.max())
    shares /= shares.sum()
    places = [(one, passage) for one in scored(looked) for passage in one.passages]
    order = [int(i) for i in np.argsort(-shares, kind="stable")]
    return [Chosen(places[i][0], places[i][1], float(shares[i])) for i in order]


def scored(looked: Looked) -> list[Candidate]:
    """The papers in front, their sentences scored as they were read."""
    return [
        replace(candidate, score_sentences=partial(np.asarray, own))
        for candidate, own in zip(looked.front, _sentence_scores(looked), strict=True)
    ]


def _sentence_scores(looked: Looked) -> list[NDArray[np.float64]]:
    """Of each paper in front the scores of its sentences; they compare between papers."""
    table = measures.sentence_table(looked)
    if not len(table):
        return [np.zeros(0) for _ in looked.front]
    ends = np.cumsum([len(candidate.passages) for candidate in looked.front])
    return np.split(model("sentence", looked).scores(table), ends[:-1])


def answering_sentences(
    ranked: Sequence[Chosen], *, most: int = 3, papers: int = 2, enough: float = 0.99
) -> list[Chosen]:
    """The fewest sentences that hold the answer with probability `enough`, best first.

    Args:
        ranked: sentences with their shares.
        most: sentences at the most.
        papers: papers that they may come from.
        enough: summed share at which no more are taken.
    """
    chosen: list[Chosen] = []
    for one in ranked:
        if len({c.candidate.index for c in chosen} | {one.candidate.index}) <= papers:
            chosen.append(one)
        if len(chosen) == most or sum(c.share for c in chosen) >= enough:
            break
    return chosen


def answered_probability(question: str, looked: Looked, best: Candidate, worth: Worth) -> float:
    """How likely the corpus holds what is asked for, in the paper likeliest to: [0, 1]."""
    place = next(i for i, c in enumerate(looked.front) if c.index == best.index)
    row = measures.answered_row(question, looked, place, worth)
    return float(model("answered", looked).probabilities(row[None, :])[0])


def topic_probability(looked: Looked) -> float:
    """How likely any paper belongs in a list on a topic: [0, 1].

    A paper that holds every telling word of the topic is one: nobody who asks for "hallucination"
    wants to hear that nothing is close to it where the word stands in an abstract.
    """
    if max(candidate.features[measures.COVERAGE] for candidate in looked.candidates) >= 1.0:
        return 1.0
    row = measures.topic_row(looked)
    return float(model("topic", looked).probabilities(row[None, :])[0])


def belonging(looked: Looked) -> NDArray[np.float64]:
    """How likely each paper that was read belongs in the list: (n,) in [0, 1], in their order."""
    return model("belongs", looked).probabilities(measures.belongs_table(looked))


def best_point(looked: Looked) -> tuple[Suggestion, ...]:
    """The sentence that is likeliest to answer."""
    best = ranked_sentences(looked)[:1]
    return tuple(Suggestion(c.candidate.paper, c.share, c.passage) for c in best)


def best_list(looked: Looked) -> tuple[Suggestion, ...]:
    """The papers in front that likelier belong in a list than not."""
    chances = zip(scored(looked), belonging(looked), strict=False)
    return tuple(suggested(one, float(chance)) for one, chance in chances if chance >= 0.5)


def suggested(candidate: Candidate, chance: float) -> Suggestion:
    """A paper with its best sentence."""
    return Suggestion(candidate.paper, chance, ranked_passages(candidate)[0])


def denial(looked: Looked) -> Chosen | None:
    """The sentence that denies what the question takes for granted, if one surely does."""
    if not looked.readings:
        return None
    denies = learned.load("denied", measures.DENIED_NAMES, file=FILE)
    chances = denies.probabilities(measures.denied_table(looked))
    best = int(np.argmax(chances))
    if chances[best] < limits(read=True).denied:
        return None
    candidate, reading = looked.front[best], looked.readings[best]
    return Chosen(candidate, candidate.passages[int(reading.denies.argmax())], float(chances[best]))


def best_length(chances: NDArray[np.float64]) -> int:
    """How many of the first papers to list so that the expected F1 is highest; at least one.

    Source: Lewis 1995, "Evaluating and optimizing autonomous text classification systems"
    (https://doi.org/10.1145/215206.215366).

    Args:
        chances: (n >= 1,) of belonging in the list, best paper first.
    """
    lengths = np.arange(1, len(chances) + 1)
    expected = 2 * np.cumsum(chances) / (lengths + chances.sum())
    return int(np.argmax(expected)) + 1
