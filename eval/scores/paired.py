"""How a figure differs between two answers to the same questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.scores.figures import Figure, Row, value_of, values_of
from eval.statistics.resampling import Interval, mean_interval, paired_interval

Pair = tuple[Row, Row]
"""What was measured of one question on the one side and on the other."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure on two sides, over the questions that have it on both.

    Attributes:
        before: its value on the first side.
        after: its value on the second.
        interval: paired bootstrap interval of after minus before; None for too few questions.
        count: questions compared.
    """

    before: float
    after: float
    interval: Interval | None
    count: int

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before


def difference(figure: Figure, pairs: Sequence[Pair]) -> Difference | None:
    """How the second side differs from the first; None where a side does not have the figure.

    Args:
        figure: which.
        pairs: of the questions that count for it, as `comparable` finds them.
    """
    one, other = [row for row, _ in pairs], [row for _, row in pairs]
    before, after = value_of(figure, one), value_of(figure, other)
    if before is None or after is None:
        return None
    if figure.statistic is not None:
        interval = paired_interval(one, other, figure.statistic)
    else:
        interval = mean_interval(differences(figure, pairs), bounded=False)
    return Difference(before=before, after=after, interval=interval, count=len(pairs))


def differences(figure: Figure, pairs: Sequence[Pair]) -> list[float]:
    """Question by question, after minus before, of a figure that is a mean."""
    one = values_of(figure.name, [row for row, _ in pairs])
    other = values_of(figure.name, [row for _, row in pairs])
    return [b - a for a, b in zip(one, other, strict=True)]


def comparable(figure: Figure, pairs: Sequence[Pair]) -> list[Pair]:
    """The questions that count for a figure: those that have it on both sides."""
    if figure.name == "failed":
        return list(pairs)
    found = [(a, b) for a, b in pairs if a.get("failed") == 0.0 and b.get("failed") == 0.0]
    if figure.statistic is not None:
        return found
    name = figure.name
    return [(a, b) for a, b in found if a.get(name) is not None and b.get(name) is not None]
