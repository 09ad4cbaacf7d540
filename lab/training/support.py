"""Learn the weights and the threshold of `rag/data/support.json`.

    python -m lab.training.support --shared DIR [--reader]

Data: `DIR/train` (sentences written for this project about 2,000 abstracts) and errors planted in
them by `lab.data.planted`. Papers are held apart by a hash of their id: the last 15 % are never
read here, `lab.bench.support` reports on them. The weights are a logistic regression with a ridge,
fitted by Newton's method: convex, so no seed is needed. No conflict may raise the score: features
that would are left out, until none does. The threshold rejects `REJECTED` of the
true sentences written by people, scored by weights that never saw their paper (5 folds).
With `--reader` what the reader says is one feature more, and the data are the papers that it did
not learn from; the result stands beside the other weights, under "with_reader".
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.data.support_cases import SupportCase, support_cases
from rag.models.reader import Reader, titled
from rag.package_data import DATA
from rag.support.check import READ, VETOES
from rag.support.features import features
from rag.support.matching import match

Floats = NDArray[np.float64]

FOLDS = 5
REJECTED = 0.09
"""Of true sentences in people's own words. The most that may be given up is .10; the rest is room
for other papers to differ."""
MAY_RAISE = ("length", READ)
CURVE = (0.02, 0.05, 0.10, 0.15, 0.20, 0.30)
RIDGE = 1.0
SOURCES = {
    "answer": 1.0, "topic": 0.5, "copy": 0.7, "wrong": 1.5, "planted_answer": 0.5,
    "planted_copy": 0.25, "elsewhere": 0.25,
}  # fmt: skip
"""What a case of each source weighs. The sentences that people made false weigh most; there are
five to seven planted ones to each of them."""
_TARGET = DATA / "support.json"
_ABOUT = (
    "Logistic weights over the features of rag/support/features.py, by lab/training/support.py: "
    "learned on {papers} % of the papers of shared/train (sentences written for this project, and "
    "errors planted in them); the threshold rejects {rejected} of the true sentences written by "
    "people, out of fold. 'curve': the threshold for other shares, chosen in the same way."
)


def main() -> None:
    """Fit, choose the thresholds out of fold, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds train/")
    parser.add_argument("--out", type=Path, default=_TARGET)
    parser.add_argument("--reader", action="store_true", help="fit the weights with the reader")
    options = parser.parse_args()
    cases = support_cases(options.shared, parts=("dev",) if options.reader else ("train", "dev"))
    found = [case_features(case) for case in cases]
    if options.reader:
        for features_of, read in zip(found, read_cases(cases), strict=True):
            features_of[READ] = float(read)
    names = feature_names(found)
    rows = np.array([[one[name] for name in names] for one in found])
    scores = out_of_fold(cases, rows, names)
    vetoed = np.array([any(one[veto] for veto in VETOES) for one in found])
    scores[vetoed] = -np.inf
    written = np.array([case.source in ("answer", "topic") for case in cases])
    curve = {f"{share:.2f}": threshold(scores[written], share) for share in CURVE}
    bias, weights = fit(cases, rows, names)
    kept = dict(zip(names, weights, strict=True))
    model = {
        "about": _ABOUT.format(rejected=REJECTED, papers=15 if options.reader else 85),
        "bias": round(bias, 5),
        "threshold": round(threshold(scores[written], REJECTED), 6),
        "weights": {name: round(float(w), 5) for name, w in kept.items() if w != 0.0},
        "curve": {share: round(value, 6) for share, value in curve.items()},
    }
    stored = json.loads(options.out.read_text(encoding="utf-8")) if options.out.exists() else {}
    tree = stored | ({"with_reader": model} if options.reader else model)
    options.out.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
    sys.stderr.write(f"{len(cases)} cases, {len(names)} features -> {options.out}\n")


def case_features(case: SupportCase) -> dict[str, float]:
    """The features that `rag.support.check.check` would see."""
    evidence = " ".join(case.evidence)
    return features(match(case.sentence, evidence, title=case.title, context=case.context))


def read_cases(cases: Sequence[SupportCase]) -> Floats:
    """(n,) what the reader says of each, in log-odds."""
    pairs = [(case.sentence, titled(case.title, " ".join(case.evidence))) for case in cases]
    return Reader().logits("supports", pairs)


def feature_names(found: Sequence[Mapping[str, float]]) -> list[str]:
    """The names in the order of the columns; those that may raise the score come last."""
    return sorted(found[0], key=lambda name: (name in MAY_RAISE, name))


def fit(cases: Sequence[SupportCase], rows: Floats, names: Sequence[str]) -> tuple[float, Floats]:
    """Bias and weights (k,) on raw features; true and false cases weigh the same in sum.

    Args:
        cases: n of them.
        rows: (n, k) float64, their features.
        names: (k) of the features; those in `MAY_RAISE` may get any weight, the others none above
            0. They come last.
    """
    true = np.array([case.true for case in cases], dtype=np.float64)
    worth = np.array([SOURCES[case.source] for case in cases])
    worth = np.where(true > 0, worth / worth[true > 0].sum(), worth / worth[true == 0].sum())
    worth *= len(cases) / worth.sum()
    bound = sum(name not in MAY_RAISE for name in names)
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    standard = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
    used = np.ones(standard.shape[1], dtype=bool)
    weights = np.zeros(standard.shape[1])
    while True:
        weights[:] = 0.0
        weights[used] = _newton(standard[:, used], true, worth)
        raising = np.flatnonzero(weights[:bound] > 0)
        if not len(raising):
            raw = weights[:-1] / scale
            return float(weights[-1] - raw @ mean), raw
        used[raising] = False


def out_of_fold(cases: Sequence[SupportCase], rows: Floats, names: Sequence[str]) -> Floats:
    """Each case's score (n,) by weights fitted without any case of its paper."""
    papers = sorted({case.paper_id for case in cases})
    fold_of: Mapping[str, int] = {paper: at % FOLDS for at, paper in enumerate(papers)}
    folds = np.array([fold_of[case.paper_id] for case in cases])
    scores = np.zeros(len(cases))
    for fold in range(FOLDS):
        inside = folds == fold
        rest = [case for case, held in zip(cases, inside, strict=True) if not held]
        bias, weights = fit(rest, rows[~inside], names)
        scores[inside] = 1.0 / (1.0 + np.exp(-(bias + rows[inside] @ weights)))
    return scores


def threshold(scores: Floats, share: float) -> float:
    """The score below which the given share of these cases lies."""
    return float(np.sort(scores)[int(share * len(scores))])


def _newton(rows: Floats, labels: Floats, worth: Floats, steps: int = 60) -> Floats:
    ridge = np.full(rows.shape[1], RIDGE)
    ridge[-1] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(steps):
        chance = 1.0 / (1.0 + np.exp(-rows @ weights))
        gradient = rows.T @ (worth * (chance - labels)) + ridge * weights
        curvature = (rows * (worth * chance * (1 - chance))[:, None]).T @ rows + np.diag(
            ridge + 1e-9
        )
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < 1e-7:
            break
    return weights


if __name__ == "__main__":
    main()
