"""Learn below which probability nothing is said: `rag/data/thresholds.json`.

    python -m eval.training.thresholds --set QUESTIONS.jsonl INDEX_DIR [--set ...] [--reader off]

The questions of all sets are asked in the papers' own words. Each that meets one of the two
learned gates, and that no other gate silences, has a probability and is answerable or not. Chosen
are the two thresholds that catch the largest share of the unanswerable ones, less the share of
answerable ones that they silence, while these stay under 5 % of all answerable questions. Printed
beside it: the same by five-fold cross-validation, each fold under thresholds learned from the other
four; and of each set how much is silent then by any gate, follow-ups left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from eval.questions import read_questions
from rag import build, silence
from rag.config import load_config

GATES = {"fact": "answered", "paper": "answered", "list": "related", "compare": "related"}
MOST_SILENCED = 0.05
FOLDS = 5
ANOTHER, NONE = "another", "none"
"""Stand in for a learned gate where another one has silenced a question, and where none judged."""
_TARGET = Path(__file__).parents[2] / "rag" / "data" / "thresholds.json"


@dataclass(frozen=True, slots=True)
class Judged:
    """A question of a set at a gate."""

    name: str
    gate: str
    probability: float
    answerable: bool


def main() -> None:
    """Fit on all sets, print what cross-validation says of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", nargs=2, action="append", required=True, dest="sets")
    parser.add_argument("--out", type=Path, default=_TARGET)
    parser.add_argument("--reader", default="bundled", help='"off" learns those without it')
    options = parser.parse_args()
    asked, fingerprints = [], []
    for name, index in options.sets:
        fresh, fingerprint = judged(Path(name), Path(index), reader=options.reader)
        asked += fresh
        fingerprints.append(fingerprint)
    told = [one for one in asked if one.gate not in (ANOTHER, NONE)]
    order = np.random.default_rng(0).permutation(len(told))
    silenced: list[tuple[Judged, bool]] = []
    for fold in range(FOLDS):
        others = [told[i] for place, i in enumerate(order) if place % FOLDS != fold]
        own = [told[i] for place, i in enumerate(order) if place % FOLDS == fold]
        limits = fit(others)
        silenced += [(one, one.probability < limits[one.gate]) for one in own]
    limits = fit(told)
    _say("all questions", [(one, one.probability < limits[one.gate]) for one in told])
    _say("cross-validated", silenced)
    silenced += [(one, one.gate == ANOTHER) for one in asked if one.gate in (ANOTHER, NONE)]
    for name, _ in options.sets:
        own_set = [(one, silent) for one, silent in silenced if one.name == name]
        _say(f"{Path(name).stem}, any gate", own_set)
    tree = json.loads(options.out.read_text(encoding="utf-8"))
    found = {gate: round(limit, 4) for gate, limit in limits.items()}
    if options.reader == "off":
        tree |= found
    else:
        tree["with_reader"] = found
    tree["fitted_on"] = fingerprints
    options.out.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


def judged(questions: Path, index: Path, *, reader: str) -> tuple[list[Judged], str]:
    """The questions of a set with the gate that each meets, and the fingerprint of the index."""
    settings = ["llm.model=off", f"reader={reader}"]
    assistant = build.assistant(load_config(None, settings=settings, index=index))
    opened = silence.Thresholds(silence.thresholds().near, 0.0, 0.0)
    found = []
    for question in read_questions(questions).questions:
        if question.history:  # a follow-up is taken to be about the paper before it
            continue
        with patch.object(silence, "thresholds", lambda **_: opened):
            answer = assistant.ask(question.question)
        gate = GATES[answer.kind]
        if answer.outcome == "abstained":
            gate = ANOTHER  # no threshold has to reach so high
        elif not 0.0 < answer.confidence < 1.0:
            gate = NONE
        elif answer.kind == "compare" and reader != "off":
            gate = NONE  # judged by what is not read: its limit is learned without the reader
        found.append(Judged(str(questions), gate, answer.confidence, question.answerable))
    return found, str(assistant.info()["fingerprint"])


def fit(told: Sequence[Judged]) -> dict[str, float]:
    """The best pair of thresholds; of those that are as good, the ones that silence least."""
    answerable = sum(one.answerable for one in told)
    others = len(told) - answerable
    best, chosen = -np.inf, {"answered": 0.0, "related": 0.0}
    for low in _steps(told, "answered"):
        for high in _steps(told, "related"):
            limits = {"answered": low, "related": high}
            below = [one for one in told if one.probability < limits[one.gate]]
            lost = sum(one.answerable for one in below) / answerable
            caught = sum(not one.answerable for one in below) / others
            if lost <= MOST_SILENCED and caught - lost > best:
                best, chosen = caught - lost, limits
    return chosen


def _steps(told: Sequence[Judged], gate: str) -> list[float]:
    """A quarter of the way from each probability to the next: rounding may not tip a question."""
    values = np.unique([one.probability for one in told if one.gate == gate])
    return [0.0, *(float(step) for step in values[:-1] + np.diff(values) / 4)]


def _say(what: str, silenced: Sequence[tuple[Judged, bool]]) -> None:
    kept = np.mean([silent for one, silent in silenced if one.answerable])
    caught = np.mean([silent for one, silent in silenced if not one.answerable])
    sys.stdout.write(
        f"{what:18} unanswerable caught {caught:.3f}  answerable silenced {kept:.3f}\n"
    )


if __name__ == "__main__":
    main()
