"""What the support check is worth, on papers and claims that nothing of it was learned from.

    python -m lab.bench.support [--shared DIR] [--reader off] [--json]

Planted errors caught and true sentences rejected on the test papers (15 % of `train/`), with the
trade-off for other thresholds; sentences that people made false, by kind; AttributionBench and
SciFact, with the majority answer beside; SciFact's three labels as the reader of papers tells them;
the time of one check. No threshold is chosen on what it is reported on: see
`lab.training.support`, and the folds below.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.bench.support_text import lines
from lab.data.support_cases import (
    ClaimCase,
    SupportCase,
    attribution_cases,
    scifact_cases,
    support_cases,
)
from lab.training.fitting import auc
from lab.training.reader_data import held_out
from rag import build
from rag.config import load_config
from rag.models.paper_reader import PaperReader, PaperReading, ShownPaper
from rag.models.reader import Reader, titled
from rag.support.check import Support, check, support_weights

Floats = NDArray[np.float64]
Figures = dict[str, Any]
FOLDS = 5
ISSUE_KINDS = ("number", "entity", "negation", "other")
"""What the issue asks to catch: a changed number, a swapped entity, a flipped negation, a sentence
of another paper. The other kinds are harder: names and numbers exchanged within the paper."""
NEAREST_SHARED = Path(__file__).parents[3] / "shared"


@dataclass(frozen=True, slots=True)
class Checked:
    """A case with its verdict."""

    case: SupportCase
    support: Support


def main() -> None:
    """Print all tables, or one JSON object of the same figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=NEAREST_SHARED)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--reader", default="bundled", help='"off": the check without it')
    options = parser.parse_args()
    config = load_config(None, settings=[f"reader={options.reader}"])
    figures = measure(options.shared, build.reader(config), build.paper_reader(config))
    if options.json:
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(lines(figures)) + "\n")


def measure(shared: Path, reader: Reader | None, papers: PaperReader | None) -> Figures:
    """All figures; shares are in [0, 1], times in milliseconds of processor time."""
    cases = support_cases(shared, parts=("test",))
    claims, pairs = scifact_cases(shared), attribution_cases(shared)
    if reader is not None:  # what is trained on is left out
        claims = [case for case in claims if held_out(case.case_id.split(".")[0])]
    said = read_all(reader, cases)
    checked = [
        Checked(case, _check(case, read=read)) for case, read in zip(cases, said, strict=True)
    ]
    return {
        "papers": len({case.paper_id for case in cases}),
        "rejected": _by(checked, ("answer", "topic", "copy"), kind=False),
        "planted": _planted(checked),
        "wrong": _wrong(checked),
        "curve": _curve(checked, read=reader is not None),
        "without_context": _without_context(cases, said),
        "attributionbench": attribution(pairs, reader),
        "scifact": scifact(claims, reader),
        "three_labels": {} if papers is None else three_labels(claims, papers),
        "milliseconds": _milliseconds(cases),
    }


def read_all(reader: Reader | None, cases: Sequence[SupportCase | ClaimCase]) -> list[float | None]:
    """What the reader says of each case, in log-odds; None of all without one."""
    if reader is None:
        return [None] * len(cases)
    pairs = []
    for case in cases:
        told = " ".join(case.evidence)
        if isinstance(case, SupportCase):
            pairs.append((case.sentence, titled(case.title, told)))
        else:
            pairs.append((case.claim, told))
    return [float(read) for read in reader.logits("supports", pairs)]


def attribution(cases: Sequence[ClaimCase], reader: Reader | None = None) -> Figures:
    """Macro-F1 of attributable / not, at the stored threshold and at one chosen out of fold."""
    scores = _scores(cases, reader)
    truth = np.array([case.label == "attributable" for case in cases])
    chosen = np.zeros(len(cases), dtype=bool)
    for held in _folds(cases):
        cut = _best_cut(scores[~held], truth[~held], macro_f1)
        chosen[held] = scores[held] >= cut
    stored = scores >= support_weights(read=reader is not None).threshold
    return {
        "pairs": len(cases),
        "macro_f1_stored": macro_f1(truth, stored),
        "macro_f1_own_threshold": macro_f1(truth, chosen),
        "macro_f1_majority": macro_f1(truth, np.full(len(truth), truth.mean() >= 0.5)),
        "auc": auc(scores, truth.astype(np.float64)),
    }


def scifact(cases: Sequence[ClaimCase], reader: Reader | None = None) -> Figures:
    """Supported or not by score, with the threshold out of fold."""
    scores = _scores(cases, reader)
    labels = np.array([case.label for case in cases])
    supports = labels == "SUPPORT"
    cut_at = np.zeros(len(cases))
    for held in _folds(cases):
        cut_at[held] = _best_cut(scores[~held], supports[~held], _accuracy)
    with_rationale = labels != "NOT_ENOUGH_INFO"
    return {
        "pairs": _counts(labels),
        "supports_or_not_accuracy": _accuracy(supports, scores >= cut_at),
        "supports_or_not_majority": max(supports.mean(), 1 - supports.mean()),
        "supports_or_not_auc": auc(scores, supports.astype(np.float64)),
        "support_against_contradict_auc": auc(
            scores[with_rationale], supports[with_rationale].astype(np.float64)
        ),
    }


def three_labels(cases: Sequence[ClaimCase], papers: PaperReader) -> Figures:
    """The likeliest of carried, denied and open, as the reader of papers sees the rationale."""
    labels = np.array([case.label for case in cases])
    said = np.array(
        [
            _label(papers.read(case.claim, [ShownPaper("", case.evidence)], task="claim")[0])
            for case in cases
        ]
    )
    return {
        "accuracy": _accuracy(labels, said),
        "majority": max(_counts(labels).values()) / len(cases),
        "macro_f1": sum(_f1(labels == one, said == one) for one in set(labels)) / len(set(labels)),
    }


def _label(reading: PaperReading) -> str:
    carried, denied = (1 / (1 + np.exp(-odds)) for odds in (reading.here, reading.against))
    chances = {"SUPPORT": carried, "CONTRADICT": denied, "NOT_ENOUGH_INFO": 1 - carried - denied}
    return max(chances, key=lambda label: chances[label])


def _counts(labels: NDArray[np.str_]) -> dict[str, int]:
    return {str(label): int((labels == label).sum()) for label in np.unique(labels)}


def macro_f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """The mean of both classes' F1; a class never said and never true counts 0."""
    return (_f1(truth, said) + _f1(~truth, ~said)) / 2


def _f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    return 2 * int((truth & said).sum()) / max(1, int(truth.sum()) + int(said.sum()))


def _accuracy(truth: NDArray[Any], said: NDArray[Any]) -> float:
    return float((truth == said).mean())


def _best_cut(
    scores: Floats,
    truth: NDArray[np.bool_],
    worth: Callable[[NDArray[np.bool_], NDArray[np.bool_]], float],
) -> float:
    cuts = np.unique(np.quantile(scores, np.linspace(0.01, 0.99, 99)))
    return float(max(cuts, key=lambda cut: worth(truth, scores >= cut)))


def _folds(cases: Sequence[ClaimCase]) -> list[NDArray[np.bool_]]:
    """Five masks; all pairs of one claim are in one of them."""
    claims = {claim: at for at, claim in enumerate(sorted({case.claim for case in cases}))}
    fold = np.array([claims[case.claim] % FOLDS for case in cases])
    return [fold == number for number in range(FOLDS)]


def _check(case: SupportCase, *, read: float | None, context: bool = True) -> Support:
    around = case.context if context else ""
    return check(case.sentence, case.evidence, title=case.title, context=around, read=read)


def _scores(cases: Sequence[ClaimCase], reader: Reader | None) -> Floats:
    return np.array(
        [
            check(case.claim, case.evidence, context=" ".join(case.evidence), read=read).score
            for case, read in zip(cases, read_all(reader, cases), strict=True)
        ]
    )


def _by(checked: Sequence[Checked], sources: Sequence[str], *, kind: bool) -> Figures:
    """The share that is not supported, by source, and in it by kind."""
    found: Figures = {}
    for source in sources:
        inside = [one for one in checked if one.case.source == source]
        found[source] = {"n": len(inside), "share": _refused(inside)}
        if kind:
            kinds = sorted({one.case.kind for one in inside})
            found[source]["kinds"] = {
                name: _refused([one for one in inside if one.case.kind == name]) for name in kinds
            }
    return found


def _refused(checked: Sequence[Checked]) -> float:
    return sum(not one.support.supported for one in checked) / max(1, len(checked))


def _planted(checked: Sequence[Checked]) -> Figures:
    sources = ("planted_answer", "planted_copy")
    found = _by(checked, sources, kind=True)
    both = [one for one in checked if one.case.source in sources]
    issue = [one for one in both if one.case.kind in ISSUE_KINDS]
    true = [one for one in checked if one.case.source in ("answer", "copy")]
    return found | {
        "issue_kinds": {"n": len(issue), "share": _refused(issue)},
        "all_kinds": {"n": len(both), "share": _refused(both)},
        "true_rejected": {"n": len(true), "share": _refused(true)},
    }


def _wrong(checked: Sequence[Checked]) -> Figures:
    answers = np.array([one.support.score for one in checked if one.case.source == "answer"])
    wrong = [one for one in checked if one.case.source == "wrong"]

    def area(kind: str) -> float:
        false = [one.support.score for one in wrong if kind in ("", one.case.kind)]
        labels = np.concatenate([np.ones(len(answers)), np.zeros(len(false))])
        return auc(np.concatenate([answers, false]), labels)

    kinds = sorted({one.case.kind for one in wrong})
    return _by(checked, ("wrong",), kind=True)["wrong"] | {
        "auc": area(""),
        "kinds_auc": {kind: area(kind) for kind in kinds},
    }


def _curve(checked: Sequence[Checked], *, read: bool) -> list[Figures]:
    """For each stored threshold: what it rejects and catches here."""

    def below(cut: float, *sources: str) -> float:
        scores = [one.support.score for one in checked if one.case.source in sources]
        return sum(score < cut for score in scores) / max(1, len(scores))

    return [
        {
            "meant": float(share),
            "answers_rejected": below(cut, "answer"),
            "topics_rejected": below(cut, "topic"),
            "copies_rejected": below(cut, "copy"),
            "planted_answers_caught": below(cut, "planted_answer"),
            "planted_copies_caught": below(cut, "planted_copy"),
            "wrong_caught": below(cut, "wrong"),
        }
        for share, cut in support_weights(read=read).curve.items()
    ]


def _without_context(cases: Sequence[SupportCase], said: Sequence[float | None]) -> Figures:
    checked = [
        Checked(case, _check(case, read=read, context=False))
        for case, read in zip(cases, said, strict=True)
    ]
    sources = ("answer", "topic", "copy", "planted_answer", "planted_copy", "wrong")
    return _by(checked, sources, kind=False)


def _milliseconds(cases: Sequence[SupportCase]) -> Figures:
    """One check of a sentence never read before, its paper read before (as in an answer)."""
    spent = []
    seen: set[str] = set()
    for case in cases:
        before = time.process_time()
        check(f"{case.sentence} ", case.evidence, title=case.title, context=case.context)
        if case.paper_id in seen:
            spent.append(1000 * (time.process_time() - before))
        seen.add(case.paper_id)
    return {"median": float(np.median(spent)), "p95": float(np.quantile(spent, 0.95))}


if __name__ == "__main__":
    main()
