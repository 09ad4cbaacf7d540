"""Numbers of a claim that its evidence lacks, turns round, or gives to something else."""

from __future__ import annotations

import re

from rag.language.text import Reading, name_key
from rag.support.matching import Match
from rag.support.quantities import (
    Quantity,
    listed_counts,
    opposite_bounds,
    quantities,
    same_quantity,
)

PLACE_REACH = 3
"""Content words on either side of a number that are taken for what it counts."""

_FROM_TO = re.compile(
    r"from\s+(?:[\w~$]+\s+){0,4}?[~$]?(\d+(?:[.,]\d+)*)\W{0,4}(?:\w+\s+){0,5}?"
    r"to\s+(?:[\w~]+\s+){0,2}?[~$]?(\d+(?:[.,]\d+)*)"
)


def number_conflicts(match: Match) -> dict[str, float]:
    """Numbers that the evidence lacks, bounds turned round, numbers that count something else."""
    known = quantities(match.evidence.text)
    listed = listed_counts(match.evidence.text)
    found = dict.fromkeys(
        ("number_novel", "number_novel_small", "bound_opposite", "number_misplaced"), 0.0
    )
    for number in quantities(match.claim.text):
        same = [other for other in known if same_quantity(number, other)]
        if same:
            found["bound_opposite"] += all(opposite_bounds(number, other) for other in same)
            found["number_misplaced"] += _misplaced(match, number, same, known)
        elif number.spelled and number.unit == "plain" and number.value in listed:
            continue
        elif not _part_of_name(match, number):
            small = number.spelled and number.value <= 10
            found["number_novel_small" if small else "number_novel"] += 1
    turned = set(_FROM_TO.findall(match.evidence.text))
    found["from_to"] = sum(
        (end, start) in turned and (start, end) not in turned
        for start, end in _FROM_TO.findall(match.claim.text)
    )
    return found


def _part_of_name(match: Match, number: Quantity) -> bool:
    """Whether the paper has the number in a name: "a 7B model" (MathFlow-7B), "SAM 3"."""
    text = match.claim.text
    written = text[number.start : number.end].strip()
    if any(letter.isalpha() for letter in written) and not number.spelled:
        return name_key(written) in match.context.keys
    before = text[: number.start].rsplit(maxsplit=1)[-1:]
    return bool(before) and name_key(before[0] + written) in match.context.keys


def _misplaced(
    match: Match, number: Quantity, same: list[Quantity], known: tuple[Quantity, ...]
) -> float:
    """By how much another number of the evidence counts what the claim's number counts, to 1."""
    others = [other for other in known if other not in same]
    if not others:
        return 0.0
    before, after = _around(match.claim, number)

    def likeness(other: Quantity) -> float:
        there_before, there_after = _around(match.evidence, other)
        return _shared(after, there_after) + 0.5 * _shared(before, there_before)

    return min(1.0, max(0.0, max(map(likeness, others)) - max(map(likeness, same))))


def _around(text: Reading, number: Quantity) -> tuple[list[str], list[str]]:
    """The stems before and after a number, the nearest first."""
    before = [word.stem for word in text.words if word.content and word.start < number.start]
    after = [word.stem for word in text.words if word.content and word.start >= number.end]
    return before[: -PLACE_REACH - 1 : -1], after[:PLACE_REACH]


def _shared(here: list[str], there: list[str]) -> float:
    return sum(
        1.0 / (1 + at) / (1 + there.index(stem)) for at, stem in enumerate(here) if stem in there
    )
