"""When to say nothing: gates that do not share a cause. Floor 3.

    near      nothing in the corpus is close to the question
    unheard   the question names something that no paper of the corpus writes
    premise   the best paper contradicts what the question takes for granted; it is quoted
    answered  papers are close, but what is asked for is not in them
    carried   nothing that was written is carried by its evidence (this one is in `composing`:
              a claim that fails the check is never made)

Thresholds are data (`rag/data/thresholds.json`), learned and cross-validated by
`eval/training/thresholds.py` and stored with the fingerprints of the indexes they were learned on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag import gate_features, learned
from rag.contract import title_line
from rag.contradiction import contradicts
from rag.premises import denied
from rag.presuppositions import presupposed
from rag.retrieval import Candidate, Retriever
from rag.selection import WITH_READER
from rag.terms import NOWHERE, Worth, demands_amount, has_amount, names_in, stems

READ_NAMES = ("read_of_best_paper", "read_of_any_paper")
_TELLING_NAME = 3  # letters: ML, CV and AR are written out as often as not
_FILE = Path(__file__).parent / "data" / "thresholds.json"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Below these nothing is said.

    `near`: cosine in [-1, 1] of the best sentence or abstract, where no word is shared either.
    `answered`: probability that the best paper holds the answer.
    `related`: probability that any candidate belongs in a list on the topic.

    Both probabilities are of one learned model or of another: with the reader, and without.
    """

    near: float
    answered: float
    related: float


@cache
def thresholds(*, read: bool = False) -> Thresholds:
    """The calibrated thresholds; `read`: for what the reader had a part in."""
    tree = json.loads(_FILE.read_text(encoding="utf-8"))
    if read:
        tree |= tree["with_reader"]
    return Thresholds(**{field.name: float(tree[field.name]) for field in fields(Thresholds)})


def is_near(candidates: Sequence[Candidate]) -> bool:
    """The first gate: something is close by meaning, or shares a word that says something."""
    limit = thresholds().near
    return any(
        max(candidate.parts["whole"], candidate.parts["sentence"]) >= limit
        or candidate.parts["lexical"] > 0
        for candidate in candidates
    )


def unheard_names(question: str, worth: Worth, *, capitalised: bool) -> tuple[str, ...]:
    """What a question names that no paper of the corpus writes, not even in part.

    Of the training questions, over random corpora of 250 papers, 1.6 % of those that the corpus
    answers name such a thing, and 17 % of those that it does not ("what WER does it reach?").

    Args:
        question: with names spelled as the corpus spells them.
        worth: inverse document frequencies of the corpus.
        capitalised: whether capitalised words count too. In a specific question they are names
            ("Swahili"); a list may ask for "European languages" and mean Danish.
    """
    most = worth(NOWHERE)
    names = [name for name in names_in(question) if len(name) >= _TELLING_NAME]
    if capitalised:
        names += gate_features.capitalised_words(question)
    return tuple(
        name for name in dict.fromkeys(names) if all(worth(stem) >= most for stem in stems(name))
    )


def answered_probability(
    question: str,
    candidates: Sequence[Candidate],
    retriever: Retriever,
    *,
    read: NDArray[np.float64] | None = None,
) -> float:
    """How likely the best paper holds what is asked for: [0, 1].

    Args:
        question: as asked.
        candidates: best first.
        retriever: that found them.
        read: (n,) what the reader says of each, nan where it did not read; None without a reader.
    """
    if not candidates:
        return 0.0
    features = retriever.gate_features(question, candidates)
    if read is None:
        model = learned.load("gate", gate_features.NAMES)
    else:
        model = learned.load("gate" + WITH_READER, (*gate_features.NAMES, *READ_NAMES))
        features = np.append(features, read_features(read))
    return float(model.probabilities(features[None, :])[0])


def read_features(read: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the gate looks at of what the reader said of each paper: (len(READ_NAMES),)."""
    return np.asarray([read[0], np.nanmax(read)])


def false_premise(question: str, candidates: Sequence[Candidate]) -> str:
    """What the question presumes and the sentence of the best paper that denies it; "" if none."""
    stated = presupposed(question)
    if not stated or not candidates:
        return ""
    paper = candidates[0].paper
    passages = sorted(candidates[0].passages, key=lambda passage: passage.ordinal)
    told = [passage.text(paper.abstract) for passage in passages]
    against = next((s for s in told if contradicts(stated, s)), "") or denied(
        question, told, title=paper.title
    )
    if not against:
        return ""
    return f'it takes for granted that {stated}, but "{title_line(paper)}" says: "{against}"'


def states_amount(question: str, sentences: Sequence[str]) -> bool:
    """Whether evidence holds a number, where one is asked for; True where none is."""
    return not demands_amount(question) or any(has_amount(sentence) for sentence in sentences)
