"""Answer equivalence beyond string match: a lexical tier, and a learned one where a model is set.

Source: Bulian et al., "Tomayto, Tomahto. Beyond Token-level Answer Equivalence for Question
Answering Evaluation", EMNLP 2022: an answer is equivalent when it says at least as much as the
gold answer and changes nothing relevant. Their learned tier is a classifier over (question, gold,
candidate); here it is any callable that gives the probability of that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.metrics.words import content_words, words

LearnedTier = Callable[[str, str, str], float]
"""(question, gold answer, shown text) -> probability in [0, 1] that they are equivalent."""

SLACK = 2
"""Words that may stand between those of the gold answer: "32 percent" in "32.0 or so percent"."""

_NEGATIONS = frozenset({"not", "no", "never", "without", "neither", "nor", "cannot", "n't"})
_NUMBERS = {
    name: str(value)
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}


def equivalence(
    shown: Sequence[str],
    answers: Sequence[Sequence[str]],
    *,
    question: str = "",
    learned: LearnedTier | None = None,
) -> float | None:
    """Mean, over the gold answers, of how well what was shown says them.

    For each gold answer the best of its alternatives over the shown texts counts: 1 when it
    stands there or the lexical tier matches, else the learned tier's probability, else 0.

    Returns:
        In [0, 1]; None when there are no gold answers.
    """
    if not answers:
        return None
    total = 0.0
    for alternatives in answers:
        total += max(
            (
                _one(gold, text, question=question, learned=learned)
                for gold in alternatives
                for text in shown
            ),
            default=0.0,
        )
    return total / len(answers)


def _one(gold: str, text: str, *, question: str, learned: LearnedTier | None) -> float:
    if gold.casefold() in text.casefold() or lexically_equivalent(gold, text):
        return 1.0
    return learned(question, gold, text) if learned is not None else 0.0


def lexically_equivalent(gold: str, text: str) -> bool:
    """Whether some stretch of the text holds all content words of the gold answer, close together.

    Words are compared as stems, number words and percent signs as numbers ("seven" is "7", "half"
    is "50 percent" is "50%"), and their order does not count. A stretch is at most `SLACK` words
    longer than the gold answer, and one with a negation that the gold answer lacks does not match.
    """
    wanted = _normal(gold)
    found = _normal(text)
    needed = set(wanted)
    if not needed:
        return False
    negated = bool(_NEGATIONS & set(words(gold)))
    width = len(wanted) + SLACK
    for start, first in enumerate(found):
        if first not in needed:
            continue
        stretch = found[start : start + width]
        before = found[max(0, start - 1) : start]
        if needed <= set(stretch) and (
            negated or not _NEGATIONS & {*before, *_cover(stretch, needed)}
        ):
            return True
    return False


def _cover(stretch: list[str], needed: set[str]) -> list[str]:
    """The shortest beginning of the stretch that holds all the needed words."""
    missing = set(needed)
    for length, word in enumerate(stretch, start=1):
        missing.discard(word)
        if not missing:
            return stretch[:length]
    return stretch


def _normal(text: str) -> list[str]:
    spelled = text.replace("%", " percent ").replace("n't", " not").replace("half", "50 percent")
    return [_number(_NUMBERS.get(word, word)) for word in content_words(spelled)]


def _number(word: str) -> str:
    """Numbers in one spelling: thousands commas out, "32.0" as "32"."""
    plain = word.replace(",", "")
    if not plain.replace(".", "", 1).isdigit():
        return word
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
