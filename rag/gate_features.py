"""What is measured of the best evidence to tell whether it answers the question at all. Floor 1.

The second gate of silence: papers were found, but is what is asked for in them? Weights by
`eval/training/ranking.py`, from questions whose answer is in the abstract, questions on the same
abstract whose answer is not, and questions whose paper was taken out of the corpus. No share of
covered words is among the features: people who ask in their own words would be told that the
answer is not there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.terms import NUMBER, asks_amount, name_stems, stems

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
)
MOST_LEAD = 4.0  # logits: by how much more a paper leads the second says nothing more


def gate_features(
    question: str,
    *,
    title: str,
    sentences: Sequence[str],
    scores: Sequence[float],
    paper_scores: Sequence[float],
    cosines: tuple[float, float],
) -> NDArray[np.float64]:
    """Features of the best paper for a question.

    Args:
        question: as asked.
        title: of the best paper.
        sentences: (m >= 1) all sentences of its abstract.
        scores: (m) their scores by the sentence model.
        paper_scores: scores of the candidate papers, best first; the first is this paper's.
        cosines: of the question with the whole abstract, and with its best sentence.

    Returns:
        (len(NAMES),) float64.
    """
    order = np.argsort(-np.asarray(scores), kind="stable")
    own = set(stems(title))
    best = sentences[int(order[0])]
    everything = own.union(*(stems(sentence) for sentence in sentences))
    names = name_stems(question)
    numbers = set(NUMBER.findall(question))
    held = set(NUMBER.findall(" ".join([title, *sentences])))
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
        ],
        dtype=np.float64,
    )
