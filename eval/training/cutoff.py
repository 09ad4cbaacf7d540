"""Learn where a list ends: "listed" and "listed+reader" of `rag/data/ranking.json`.

    python -m eval.training.cutoff --set QUESTIONS.jsonl INDEX_DIR [--set ...]

Each question of type list gives its candidates with their scores and ranks, and which of them
belong (papers that may be listed or not, `also_ok`, are left out). Printed, for each set: F1 of the
lists when all other questions of all sets were learned from (leave one out), when only the other
sets were, when every list has the length that is best on this very set, and with the best length
for each single question, which is as far as any cut can go.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.questions import read_questions
from eval.training.fitting import fit_logistic
from eval.training.ranking import linear
from rag import build
from rag.config import BUNDLED, OFF, load_config
from rag.learned import Linear
from rag.reading import read_papers
from rag.selection import LISTED_NAMES, WITH_READER, best_length, listed_features

DECAY = 3e-2
"""Of the weights: some forty lists are little to learn from."""
_TARGET = Path(__file__).parents[2] / "rag" / "data" / "ranking.json"


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates of one question: scores (n,), which belong (n,), which count neither way."""

    scores: NDArray[np.float64]
    right: NDArray[np.bool_]
    either: NDArray[np.bool_]
    wanted: int

    def f1(self, length: int) -> float:
        """F1 of the first papers against all that belong."""
        counted = ~self.either[:length]
        hits = int((self.right[:length] & counted).sum())
        return 2 * hits / (int(counted.sum()) + self.wanted)


def main() -> None:
    """Fit on all sets, without the reader and with it; print what cross-validation says of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", nargs=2, action="append", required=True, dest="sets")
    parser.add_argument("--out", type=Path, default=_TARGET)
    options = parser.parse_args()
    for reader in (OFF, BUNDLED):
        told = {name: ranked(Path(name), Path(index), reader) for name, index in options.sets}
        _compare(told, reader)
        tree = json.loads(options.out.read_text(encoding="utf-8"))
        everything = [one for own in told.values() for one in own]
        name = "listed" + WITH_READER * (reader != OFF)
        tree[name] = {"names": list(LISTED_NAMES), **_entry(everything)}
        options.out.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


def _compare(told: Mapping[str, Sequence[Ranked]], reader: str) -> None:
    everything = [one for own in told.values() for one in own]
    for name, own in told.items():
        others = [one for key, rest in told.items() if key != name for one in rest]
        figures = {
            "leave one out": np.mean(
                [one.f1(_length(fit([o for o in everything if o is not one]), one)) for one in own]
            ),
            "best fixed": max(np.mean([one.f1(k) for one in own]) for k in range(1, 20)),
            "best possible": np.mean([max(one.f1(k) for k in range(1, 40)) for one in own]),
        }
        if others:
            figures["other sets only"] = np.mean([one.f1(_length(fit(others), one)) for one in own])
        shown = "  ".join(f"{key} {float(value):.3f}" for key, value in figures.items())
        sys.stdout.write(f"reader {reader:8} {name} ({len(own)} lists): {shown}\n")
        sys.stdout.flush()


def ranked(questions: Path, index: Path, reader: str) -> list[Ranked]:
    """The candidates of every list question, as the answerer would have them."""
    settings = ["llm.model=off", f"reader={reader}"]
    assistant = build.assistant(load_config(None, settings=settings, index=index))
    ids = {paper.title: paper.paper_id for paper in assistant.papers()}
    found = []
    for question in read_questions(questions).questions:
        if question.type != "list":
            continue
        task = assistant.plan(question.question)
        candidates = read_papers(assistant.answerer.reader, task.asked, task.candidates).candidates
        right = {ids.get(name, name) for name in question.papers}
        either = {ids.get(name, name) for name in question.also_ok}
        here = [candidate.paper.paper_id for candidate in candidates]
        found.append(
            Ranked(
                scores=np.asarray([candidate.logit for candidate in candidates]),
                right=np.asarray([i in right for i in here]),
                either=np.asarray([i in either for i in here]),
                wanted=len(right),
            )
        )
    return found


def fit(told: Sequence[Ranked]) -> Linear:
    """The model learned from some questions."""
    return linear(LISTED_NAMES, _entry(told))


def _entry(told: Sequence[Ranked]) -> dict[str, Any]:
    kept = [~one.either for one in told]
    rows = np.vstack(
        [listed_features(list(one.scores))[k] for one, k in zip(told, kept, strict=True)]
    )
    right = np.concatenate([one.right[k] for one, k in zip(told, kept, strict=True)])
    return fit_logistic(rows, right.astype(np.float64), balanced=False, decay=DECAY)


def _length(model: Linear, one: Ranked) -> int:
    return best_length(model.probabilities(listed_features(list(one.scores))))


if __name__ == "__main__":
    main()
