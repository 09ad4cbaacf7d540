"""Records the baselines of tests/eval/test_gate.py anew: only when answers changed on purpose.

    python tests/eval/record_baseline.py

Asks the starter set in the papers' own words, and a handful of questions with the bundled model,
over an index of exactly the papers in the box, which is made when it is not there. Look at what
`quoth eval compare` says of the old ones and the new ones before committing the new ones.
"""

import shutil
import sys
from pathlib import Path

from ui.cli import main

BASELINE = Path(__file__).parent / "baseline"
RUNS = {
    "quoted": ("starter", "llm.model=off"),
    "written": (str(BASELINE / "written.jsonl"),),
}
NOT_KEPT = (".lock", "scores.json")


def record() -> None:
    """Ask, compare with what was there, and put the new runs in its place."""
    from eval.runs.indexes import box_config
    from rag.config import Config

    index = box_config(Config()).index
    for name, (questions, *settings) in RUNS.items():
        fresh, kept = BASELINE / f"{name}.new", BASELINE / name
        shutil.rmtree(fresh, ignore_errors=True)
        arguments = ["eval", "run", questions, "--out", str(fresh), "--index", str(index)]
        for setting in settings:
            arguments += ["--set", setting]
        if main(arguments) != 0:
            sys.exit(f"{name} was not recorded")
        for left_over in NOT_KEPT:
            (fresh / left_over).unlink(missing_ok=True)
        if kept.exists():
            main(["eval", "compare", str(kept), str(fresh)])
            shutil.rmtree(kept)
        fresh.rename(kept)


if __name__ == "__main__":
    record()
