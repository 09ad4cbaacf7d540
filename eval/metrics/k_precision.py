"""K-precision: how much of an answer comes from its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.words import content_words


def k_precision(text: str, evidence: Sequence[str]) -> float | None:
    """Share of the answer's content words that the evidence holds.

        K-Precision = |{w in the answer's content words : w in the evidence}| / |content words|

    Words count as often as they occur in the answer; they are compared as stems.

    Args:
        text: the answer, markers and all; markers are left out.
        evidence: what the answer was made from: quotes, and titles of the cited papers.

    Returns:
        In [0, 1]; None when the answer has no content words.

    Source: Adlakha et al., "Evaluating Correctness and Faithfulness of Instruction-Following
    Models for Question Answering", TACL 2024, section 5: of the token-overlap measures the one
    closest to people's judgement of faithfulness.
    """
    answer = content_words(text)
    if not answer:
        return None
    known = {word for passage in evidence for word in content_words(passage)}
    return sum(word in known for word in answer) / len(answer)
