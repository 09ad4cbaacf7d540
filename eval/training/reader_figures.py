"""What is measured of a reader: figures whose papers can be drawn again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.training.fitting import auc, fit_listwise, fit_logistic
from eval.training.reader_groups import Case

Floats = NDArray[np.float64]
Group = tuple[Floats, Floats]
"""What is weighed of n pairs (n, k), and which are right (n,)."""
Read = list[tuple[Case, Floats]]
Figure = tuple[str, Any, Callable[[Floats], float]]
"""A name, values of each paper (n, k), and what is made of them."""
SILENCED = 0.025
"""Of questions that have an answer, the share that may get none."""
MEANT = ("own first", "found first", "gate left", "gate absent", "listed first", "said auc")
"""What a reader is chosen by, all weighed where they can be: their mean."""
FOLDS = 5
RANKED = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures as values of each paper (n, k), and what is made of these."""

    rows: Mapping[str, Floats]
    of: Mapping[str, Callable[[Floats], float]]

    def counts(self) -> set[int]:
        """How many papers or claims the figures are of."""
        return {len(rows) for rows in self.rows.values()}

    def values(self, drawn: Mapping[int, NDArray[np.int64]] | None = None) -> dict[str, float]:
        """Every figure, and the mean of those in `MEANT`; over drawn papers, by their number."""
        told = {}
        for name, rows in self.rows.items():
            chosen = rows if drawn is None else rows[drawn[len(rows)]]
            told[name] = self.of[name](chosen)
        return {"mean": float(np.mean([told[name] for name in MEANT])), **told}


def figures_of(cases: Sequence[Case], said: Sequence[Floats], *, part: str) -> Figures:
    """All figures of one reader.

    Args:
        cases: of "dev" papers, and of "test" papers if they are judged.
        said: of each, (n,) what the reader says of its pairs.
        part: which papers are judged.
    """
    by_name: dict[str, Read] = {}
    for case, scores in zip(cases, said, strict=True):
        by_name.setdefault(case.name.split()[0], []).append((case, scores))
    told = [*_ranked(by_name, part), *_silenced(by_name, part), *_spoken(by_name["said"], part)]
    if claims := by_name.get("claim"):
        listed = [(_weighed(c, s), _right(c)) for c, s in by_name["listed"] if c.part == "dev"]
        score = _fitted([group for group in listed if group[1].any()])
        told.append(("claim ndcg", [_ndcg(score(_weighed(c, s)), c) for c, s in claims], _mean))
    return Figures(
        {name: np.asarray(values, dtype=np.float64) for name, values, _ in told},
        {name: figure for name, _, figure in told},
    )


def _ranked(by_name: Mapping[str, Read], part: str) -> Iterator[Figure]:
    """How often what is right comes first."""
    for name in ("own", "found", "listed"):
        pairs = by_name[name]
        judged = [(c, s) for c, s in pairs if c.part == part]
        yield f"{name} first by reader", [_first(s, _right(c)) for c, s in judged], _mean
        groups = [(_weighed(c, s), _right(c)) for c, s in pairs]
        scores = _judged_groups(groups, [c.part for c, _ in pairs], part)
        both = zip(judged, scores, strict=True)
        yield f"{name} first", [_first(s, _right(c)) for (c, _), s in both], _mean


def _silenced(by_name: Mapping[str, Read], part: str) -> Iterator[Figure]:
    """How well questions with an answer are told from those without."""
    yield "own left by reader", _tops(by_name, ("own", "own_left"), part), _auc
    gates = ("gate", "gate_left", "gate_absent")
    tops = _tops(by_name, gates, part)
    weighed = _gate(by_name, gates, part)
    for at, kind in ((1, "left"), (2, "absent")):
        yield f"gate {kind} by reader", tops[:, [0, at]], _auc
        yield f"gate {kind}", weighed[:, [0, at]], _auc
        yield f"gate {kind} caught", weighed[:, [0, at]], _caught


def _spoken(said: Read, part: str) -> Iterator[Figure]:
    """How well true sentences are told from false ones."""
    spoken = [(c.name.split()[1], s) for c, s in said if c.part == part]
    yield "said auc", [s for _, s in spoken], _auc
    yield "said above", [_above(s) for _, s in spoken], _mean
    for kind in sorted({kind for kind, _ in spoken}):
        yield f"said above: {kind}", [_above(s) for own, s in spoken if own == kind], _mean


def _weighed(case: Case, said: Floats) -> Floats:
    """What is weighed of each pair: what was known (no constants), and what the reader says."""
    known = np.asarray(case.rows, dtype=np.float64)
    if case.group.head == "answers":
        known = known[:, :1] if case.name == "own" else known[:, :2]
    return np.hstack([known, said[:, None], said[:, None] - said.max()])


def _judged_groups(groups: Sequence[Group], parts: Sequence[str], part: str) -> list[Floats]:
    """Scores of the groups of a part by weights fitted to others."""
    out: dict[int, Floats] = {}
    for fit, judged in _splits(parts, part):
        score = _fitted([groups[i] for i in fit if groups[i][1].any()])
        out |= {i: score(groups[i][0]) for i in judged}
    return [out[i] for i in sorted(out)]


def _fitted(groups: Sequence[Group]) -> Callable[[Floats], Floats]:
    return _scorer(fit_listwise(groups))


def _scorer(entry: Mapping[str, Any]) -> Callable[[Floats], Floats]:
    mean, scale, weight = (np.asarray(entry[key]) for key in ("mean", "scale", "weight"))
    return lambda rows: ((rows - mean) / scale) @ weight


def _gate(by_name: Mapping[str, Read], names: Sequence[str], part: str) -> Floats:
    """(n, 3) scores of the gate, with the features that it has without a reader."""
    parts = [case.part for case, _ in by_name[names[0]]]
    table = np.array(
        [[[*c.known, _of_best(c, s), s.max()] for c, s in by_name[name]] for name in names]
    ).transpose(1, 0, 2)
    out: dict[int, Floats] = {}
    for fit, judged in _splits(parts, part):
        rows = table[fit].reshape(-1, table.shape[2])
        score = _scorer(fit_logistic(rows, np.tile([1.0, 0.0, 0.0], len(fit)), decay=1e-2))
        out |= {i: score(table[i]) for i in judged}
    return np.stack([out[i] for i in sorted(out)])


def _of_best(case: Case, said: Floats) -> float:
    """The most that is said of a sentence of the best paper; the least of all, if none was read."""
    best = np.asarray(case.rows)[:, 2] > 0
    return float(said[best].max() if best.any() else said.min())


def _splits(parts: Sequence[str], part: str) -> Iterator[tuple[list[int], list[int]]]:
    """Which rows to fit to, and which to judge."""
    dev = [i for i, one in enumerate(parts) if one == "dev"]
    if part != "dev":
        yield dev, [i for i, one in enumerate(parts) if one == part]
        return
    for fold in range(FOLDS):
        yield [i for i in dev if i % FOLDS != fold], [i for i in dev if i % FOLDS == fold]


def _tops(by_name: Mapping[str, Read], names: Sequence[str], part: str) -> Floats:
    """(n, len(names)) the most that the reader says of any pair."""
    return np.array([[s.max() for c, s in by_name[name] if c.part == part] for name in names]).T


def _right(case: Case) -> Floats:
    return np.asarray(case.group.right)


def _first(scores: Floats, right: Floats) -> float:
    return float(right[int(np.argmax(scores))])


def _above(pair: Floats) -> float:
    return 1.0 if pair[0] > pair[1] else 0.5 if pair[0] == pair[1] else 0.0


def _mean(values: Floats) -> float:
    return float(values.mean())


def _auc(both: Floats) -> float:
    """The first column against the second."""
    return auc(both.T.ravel(), np.repeat([1.0, 0.0], len(both)))


def _caught(both: Floats) -> float:
    """Of the second column, the share below all but `SILENCED` of the first."""
    return float((both[:, 1] < np.quantile(both[:, 0], SILENCED)).mean())


def _ndcg(scores: Floats, case: Case) -> float:
    """Of the papers read, by the scores; of `known` right ones some may not be among them."""
    gains = _right(case)[np.argsort(-scores, kind="stable")][:RANKED]
    discounts = 1.0 / np.log2(np.arange(2, RANKED + 2))
    best = discounts[: int(case.known[0])].sum()
    return float((gains * discounts[: len(gains)]).sum() / best)
