"""What the reader adds to a question, in seconds.

    python -m eval.bench_reading --set QUESTIONS INDEX_DIR [--set ...] [--rounds N]

QUESTIONS is a file or the name of a set in the box. Every question that needs no history is asked
in the papers' own words, the whole set several times, and the time of the stage `reading` is taken:
of each question the best and the middle of its rounds, of each kind the median, the 95th percentile
and the most. Others may use the machine too, for minutes on end: the best says what the work costs,
the middle what a user waits.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.questions import questions_path, read_questions
from rag import build
from rag.config import load_config


def main() -> None:
    """Print a line for each kind of question."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", nargs=2, action="append", required=True, dest="sets")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    told: dict[str, list[list[float]]] = defaultdict(list)
    for questions, index in options.sets:
        for kind, seconds in reading_times(
            questions_path(questions), Path(index), rounds=options.rounds
        ):
            told[kind].append(seconds)
    for kind, rows in sorted(told.items()):
        table = np.array(rows)
        best, middle = _shown(table.min(axis=1)), _shown(np.median(table, axis=1))
        sys.stdout.write(f"{kind:8} n {len(rows):3}  best of rounds {best}  middle {middle}\n")


def reading_times(questions: Path, index: Path, *, rounds: int) -> list[tuple[str, list[float]]]:
    """The kind of each question for which something is read, and seconds of every round."""
    assistant = build.assistant(load_config(None, settings=["llm.model=off"], index=index))
    asked = [one.question for one in read_questions(questions).questions if not one.history]
    assistant.ask(asked[0])  # once before the clock: models are loaded when first used
    answers = [[assistant.ask(question) for question in asked] for _ in range(rounds)]
    told = [
        (again[0].kind, [answer.trace.seconds.get("reading", 0.0) for answer in again])
        for again in zip(*answers, strict=True)
    ]
    return [(kind, seconds) for kind, seconds in told if min(seconds) > 1e-3]


def _shown(seconds: NDArray[np.float64]) -> str:
    return "{:.2f} {:.2f} {:.2f} s".format(*np.quantile(seconds, (0.5, 0.95, 1.0)))


if __name__ == "__main__":
    main()
