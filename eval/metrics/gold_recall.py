"""Recall of gold answers, by string."""

from __future__ import annotations

from collections.abc import Sequence


def gold_recall(shown: Sequence[str], answers: Sequence[Sequence[str]]) -> float | None:
    """Share of the gold answers of which one alternative appears in what was shown.

        recall = |{g : some alternative of g is a substring of some shown text}| / |gold answers|

    Case does not count; nothing else is forgiven. `equivalence` is the forgiving sibling.

    Args:
        shown: the answer's text and its quotes; an alternative must appear within one of them.
        answers: per gold answer, its alternatives.

    Returns:
        In [0, 1]; None when there are no gold answers.

    Source: "Recall" of Adlakha et al., "Evaluating Correctness and Faithfulness of
    Instruction-Following Models for Question Answering", TACL 2024, over strings instead of
    tokens: for short gold answers it agrees best with people and is not fooled by word salad.
    """
    if not answers:
        return None
    texts = [text.casefold() for text in shown]
    return sum(_appears(alternatives, texts) for alternatives in answers) / len(answers)


def _appears(alternatives: Sequence[str], texts: Sequence[str]) -> bool:
    return any(alternative.casefold() in text for alternative in alternatives for text in texts)
