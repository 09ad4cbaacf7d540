"""What is measured of the best evidence to tell whether it answers the question at all. Floor 1.

The second gate of silence: papers were found, but is what is asked for in them? Weights by
`eval/training/ranking.py`, from questions whose answer is in the abstract, questions on the same
abstract whose answer is not, and questions whose paper was taken out of the corpus.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.terms import NUMBER, Worth, asks_amount, content_stems, coverage, stems, total_worth

NAMES = (
    "best_sentence",
    "lead_over_second",
    "sentence_cosine",
    "paper_cosine",
    "paper_score",
    "paper_lead",
    "covered_by_paper",
    "covered_by_best",
    "covered_by_evidence",
    "largest_missing",
    "missing_count",
    "amount_without_number",
    "numbers_missing",
    "question_length",
)
EVIDENCE = 3  # sentences looked at together


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
    wanted = set(content_stems(question))
    order = np.argsort(-np.asarray(scores), kind="stable")
    own = set(stems(title))
    best = sentences[int(order[0])]
    evidence = own.union(*(stems(sentences[int(i)]) for i in order[:EVIDENCE]))
    everything = own.union(*(stems(sentence) for sentence in sentences))
    missing = wanted - everything
    total = total_worth(wanted, worth) or 1.0
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
            paper_scores[0] - (paper_scores[1] if len(paper_scores) > 1 else 0.0),
            coverage(wanted, everything, worth),
            coverage(wanted, own | set(stems(best)), worth),
            coverage(wanted, evidence, worth),
            max((worth(word) for word in missing), default=0.0) / total,
            len(missing) / max(1, len(wanted)),
            float(asks_amount(question) and not NUMBER.search(best)),
            len(numbers - held) / max(1, len(numbers)),
            min(len(wanted), 20) / 20,
        ],
        dtype=np.float64,
    )
