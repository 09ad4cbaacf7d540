"""What a run of the one-pass reader knows of papers and writers kept aside.

    python -m lab.training.paper_reader_figures --shared ../shared --run RUN [--part fit]

Printed by style: how often the likeliest sentence, and one of the likeliest two and three, is
evidence; and the area under the ROC of "answered here" between questions and those left open.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lab.training import checkpoints
from lab.training.fitting import auc
from lab.training.paper_reader_data import Reading, readings, sources
from lab.training.paper_reader_model import PaperReader

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Told:
    """A reading with what the model made of it.

    Attributes:
        reading: what was read.
        order: numbers of the sentences, the likeliest to answer or carry first.
        here: log-odds that something here does; `against`: that something denies.
        bears: log-odds that the paper bears on it.
    """

    reading: Reading
    order: tuple[int, ...]
    here: float
    against: float
    bears: float


def main() -> None:
    """Read what was kept aside and print figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--part", default="test", choices=("fit", "test"))
    parser.add_argument("--every", type=int, default=1, help="only every n-th reading")
    options = parser.parse_args()
    model = PaperReader()
    step = checkpoints.weights(options.run, model.trained())
    own = [r for r in readings(options.shared / "train") if r.part == options.part]
    told = list(tell(model, own[:: options.every], options.shared / "train"))
    sys.stdout.write(f"after {step} steps, {len(told)} readings\n")
    for line in lines(told):
        sys.stdout.write(f"{line}\n")


def tell(model: PaperReader, own: list[Reading], train: Path) -> Iterable[Told]:
    """What the model makes of each reading, in the order of their lengths."""
    import torch

    papers = sources(train)
    rows = sorted((model.row(r, papers[r.paper_id]) for r in own), key=lambda row: len(row.ids))
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        with torch.inference_mode():
            judged = model(part)
            carries, denies = judged.carries.logsumexp(1), judged.denies.logsumexp(1)
            here = carries - torch.logaddexp(judged.nothing, denies)
            against = denies - torch.logaddexp(judged.nothing, carries)
            order = judged.carries.argsort(dim=1, descending=True, stable=True)
        for place, row in enumerate(part):
            first = tuple(int(i) for i in order[place][: len(row.window.ends)])
            yield Told(
                row.reading,
                first,
                float(here[place]),
                float(against[place]),
                float(judged.bears[place]),
            )


def lines(told: list[Told]) -> Iterable[str]:
    """The figures, a line each."""
    by_style: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        by_style[one.reading.style].append(one)
    for style, own in sorted(by_style.items()):
        held = [one for one in own if one.reading.carries]
        if held:
            shares = [
                np.mean([bool({*one.order[:k]} & {*one.reading.carries}) for one in held])
                for k in (1, 2, 3)
            ]
            yield f"{style:14} n {len(held):4}  evidence in first 1 2 3: " + " ".join(
                f"{s:.3f}" for s in shares
            )
    questions = [one for one in told if one.reading.task == "question" and one.reading.judged]
    answered = [one for one in questions if one.reading.carries]
    for name in ("left open", "removed", "elsewhere", "false premise"):
        if others := by_style.get(name, []):
            yield f"answered against {name}: AUC {_auc(answered, others, 'here'):.3f}"
    if by_style.get("false premise"):
        rest = [*answered, *by_style["left open"]]
        denied = _auc(by_style["false premise"], rest, "against")
        yield f"premise denied against the rest: AUC {denied:.3f}"
    if by_style.get("supported"):
        for name in ("contradicted", "unstated"):
            apart = _auc(by_style["supported"], by_style[name], "here")
            yield f"supported against {name}: AUC {apart:.3f}"
    listed = by_style.get("list", [])
    yes = [one for one in listed if one.reading.bears == 1.0]
    no = [one for one in listed if one.reading.bears == 0.0]
    if yes and no:
        yield f"belongs against does not: AUC {_auc(yes, no, 'bears'):.3f}"


def _auc(right: list[Told], wrong: list[Told], name: str) -> float:
    scores = np.array([getattr(one, name) for one in (*right, *wrong)])
    return auc(scores, np.array([1.0] * len(right) + [0.0] * len(wrong)))


if __name__ == "__main__":
    main()
