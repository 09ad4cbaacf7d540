"""What is measured of the best evidence to tell whether it answers the question at all. Floor 1.

The second gate of silence: papers were found, but is what is asked for in them? Weights by
`eval/training/ranking.py`, from questions whose answer is in the abstract, questions on the same
abstract whose answer is not, and questions whose paper was taken out of the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.terms import (
    NOWHERE,
    NUMBER,
    Worth,
    asks_amount,
    content_stems,
    coverage,
    name_stems,
    stems,
)

NAMES = (
    "best_sentence",
    "lead_over_second",
    "sentence_cosine",
    "paper_cosine",
    "paper_score",
    "paper_lead",
    "amount_without_number",
    "numbers_missing",
    "names_missing",
    "coverage",
    "coverage_by_best",
    "rarest_missing",
    "capitalised_missing",
    "money_missing",
    "time_missing",
    "asked_stems",
)
MOST_LEAD = 4.0  # logits: by how much more a paper leads the second says nothing more
_BEST = 2  # sentences that an answer mostly comes from

_CAPITALISED = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]{2,}\w*")  # not at the start: "Swahili"
_ASKS_MONEY = re.compile(
    r"\b(?:costs?|prices?|dollars?|usd|euros?|cheap\w*|expensive|paid|pay|fees?|budgets?)\b", re.I
)
_MONEY = re.compile(r"[$\u20ac\u00a3]|\b(?:dollars?|usd|euros?|cents?|costs?)\b", re.I)
_ASKS_TIME = re.compile(
    r"\bhow long (?:does|did|do|is|was|were|are)\b|\bhow many (?:seconds|minutes|hours|days|weeks|"
    r"months|years)\b|\b(?:latency|runtime|gpu hours|wall[- ]clock)\b",
    re.I,
)
_TIME = re.compile(r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|ms|s)\b", re.I)


def gate_features(
    question: str,
    *,
    title: str,
    sentences: Sequence[str],
    scores: Sequence[float],
    paper_scores: Sequence[float],
    cosines: tuple[float, float],
    worth: Worth,
) -> NDArray[np.float64]:
    """Features of the best paper for a question.

    Args:
        question: as asked.
        title: of the best paper.
        sentences: (m >= 1) all sentences of its abstract.
        scores: (m) their scores by the sentence model.
        paper_scores: scores of the candidate papers, best first; the first is this paper's.
        cosines: of the question with the whole abstract, and with its best sentence.
        worth: inverse document frequencies of the corpus.

    Returns:
        (len(NAMES),) float64.
    """
    order = np.argsort(-np.asarray(scores), kind="stable")
    own = set(stems(title))
    best = sentences[int(order[0])]
    each = [set(stems(sentence)) for sentence in sentences]
    everything = own.union(*each)
    names = name_stems(question)
    numbers = set(NUMBER.findall(question))
    text = " ".join([title, *sentences])
    held = set(NUMBER.findall(text))
    asked = set(content_stems(question))
    capitalised = {stem for word in capitalised_words(question) for stem in stems(word)}
    second = scores[int(order[1])] if len(order) > 1 else scores[int(order[0])] - 1.0
    return np.asarray(
        [
            scores[int(order[0])],
            scores[int(order[0])] - second,
            cosines[1],
            cosines[0],
            paper_scores[0],
            min(paper_scores[0] - (paper_scores[1] if len(paper_scores) > 1 else 0.0), MOST_LEAD),
            float(asks_amount(question) and not NUMBER.search(best)),
            len(numbers - held) / max(1, len(numbers)),
            len(names - everything) / max(1, len(names)),
            coverage(asked, everything, worth),
            coverage(asked, own.union(*(each[int(i)] for i in order[:_BEST])), worth),
            max((worth(stem) for stem in asked - everything), default=0.0) / worth(NOWHERE),
            len(capitalised - everything) / max(1, len(capitalised)),
            float(bool(_ASKS_MONEY.search(question)) and not _MONEY.search(text)),
            float(bool(_ASKS_TIME.search(question)) and not _TIME.search(text)),
            len(asked),
        ],
        dtype=np.float64,
    )


def capitalised_words(question: str) -> list[str]:
    """Words with a capital that does not begin a sentence: names of places, people, languages."""
    return _CAPITALISED.findall(question)
