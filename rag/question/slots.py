"""What of a question is tagged: the labels, and from a label a token to stretches of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Label = Literal[
    "topic",
    "name",
    "side",
    "date",
    "authors_count",
    "author",
    "org",
    "order",
    "limit",
    "code",
    "type",
    "exclude",
    "popularity",
    "venue",
]
LABELS: tuple[Label, ...] = get_args(Label)
SUBJECTS: frozenset[Label] = frozenset(("topic", "name", "side", "type", "venue"))
"""What a question is about; the others are filters, or how papers are to be put."""
TAGS = 1 + 2 * len(LABELS)
"""0 is outside of all; of label i, 1 + 2i begins a slot and 2 + 2i goes on with it."""
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a question: `question[start:end] == text`."""

    label: Label
    text: str
    start: int
    end: int


def tags_of(slots: Sequence[Slot], spans: Sequence[tuple[int, int]]) -> list[int]:
    """The tag of each token, given its stretch of characters.

    Args:
        slots: that do not overlap.
        spans: (start, end) of the tokens, in order.
    """
    tags = [0] * len(spans)
    for slot in slots:
        begun = False
        for place, (start, end) in enumerate(spans):
            if start < slot.end and end > slot.start:
                tags[place] = 1 + 2 * LABELS.index(slot.label) + begun
                begun = True
    return tags


def read_tags(
    scores: NDArray[np.float64], spans: Sequence[tuple[int, int]], text: str
) -> tuple[Slot, ...]:
    """The slots of the likeliest tags that make sense: a slot begins, and ends with a word.

    Args:
        scores: (n, TAGS) log-probabilities.
        spans: (start, end) of the n tokens in `text`.
        text: the question.

    Source: Viterbi 1967, https://doi.org/10.1109/TIT.1967.1054010.
    """
    if not len(scores):
        return ()
    best = scores[0] + np.where(_goes_on(), _NEVER, 0.0)
    back: list[NDArray[Any]] = []
    for place in range(1, len(scores)):
        inside = spans[place][0] == spans[place - 1][1] and text[spans[place][0]].isalnum()
        inside = inside and text[spans[place - 1][1] - 1].isalnum()
        total = best[:, None] + (_WITHIN if inside else _BETWEEN)
        back.append(total.argmax(0))
        best = total.max(0) + scores[place]
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return _slots(path[::-1], spans, text)


def _goes_on() -> NDArray[np.bool_]:
    tags = np.arange(TAGS)
    return (tags > 0) & (tags % 2 == 0)


def _moves(*, within_a_word: bool) -> NDArray[np.float64]:
    """(TAGS, TAGS) 0 where one tag may follow another."""
    moves = np.full((TAGS, TAGS), _NEVER)
    for one in range(TAGS):
        for other in range(TAGS):
            going_on = other > 0 and other % 2 == 0
            same = going_on and one > 0 and other // 2 == (one + 1) // 2
            if same or (not going_on and not within_a_word) or one == other == 0:
                moves[one, other] = 0.0
    return moves


_WITHIN, _BETWEEN = _moves(within_a_word=True), _moves(within_a_word=False)


def _slots(path: Sequence[int], spans: Sequence[tuple[int, int]], text: str) -> tuple[Slot, ...]:
    found: list[tuple[int, int, int]] = []
    for tag, (start, end) in zip(path, spans, strict=True):
        if tag == 0:
            continue
        label = (tag - 1) // 2
        if tag % 2 == 1 or not found:
            found.append((label, start, end))
        else:
            found[-1] = (label, found[-1][1], end)
    return tuple(Slot(LABELS[label], text[start:end], start, end) for label, start, end in found)
