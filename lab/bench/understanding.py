"""How often the kind of a question is read as people meant it.

`python -m lab.bench.understanding FILE...`: files of questions as JSON Lines, of three shapes:
{"question", "kind"}; {"question", "type"} of a question set; {"fact_question", "topic_query"} of
the training examples, which are taken as a fact and a list. With `--papers FILE...` the names of
these papers are known, as they are when a corpus is asked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from rag.names.resolve import Names
from rag.papers import read
from rag.question.asker import Asker
from rag.question.understanding import understand
from rag.types import KINDS, Paper


def rows(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The questions of a record, each with its kind."""
    if "fact_question" in record:
        yield record["fact_question"], "fact"
        yield record["topic_query"], "list"
    else:
        kind = str(record.get("kind", record.get("type")))
        if kind in KINDS:
            yield str(record["question"]), kind


def measure(
    questions: list[tuple[str, str]], *, names: Names
) -> tuple[Counter[tuple[str, str]], list[tuple[str, str, str]], float]:
    """Counts of (kind, kind read), the questions read otherwise, and seconds a question."""
    counts: Counter[tuple[str, str]] = Counter()
    others: list[tuple[str, str, str]] = []
    asker = Asker()
    asker.read("loaded before the clock runs")
    started = perf_counter()
    for question, kind in questions:
        meant = understand(question, asker=asker, names=names, today=date.today()).kind
        counts[kind, meant] += 1
        if meant != kind:
            others.append((kind, meant, question))
    return counts, others, (perf_counter() - started) / max(1, len(questions))


def main(arguments: list[str]) -> None:
    """Prints, for each file, how many questions of each kind were read as each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--papers", nargs="*", type=Path, default=[])
    parser.add_argument("--show", type=int, default=0, help="questions read otherwise to print")
    chosen = parser.parse_args(arguments)
    names = Names(item for path in chosen.papers for item in read(path) if isinstance(item, Paper))
    for path in chosen.files:
        with path.open(encoding="utf-8") as lines:
            questions = [pair for line in lines for pair in rows(json.loads(line))]
        counts, others, seconds = measure(questions, names=names)
        right = sum(count for (kind, meant), count in counts.items() if kind == meant)
        sys.stdout.write(
            f"{path.name}: {right} of {len(questions)} as meant "
            f"({right / max(1, len(questions)):.3f}), {1000 * seconds:.2f} ms a question\n"
        )
        for kind in KINDS:
            line = ", ".join(f"{meant} {counts[kind, meant]}" for meant in KINDS)
            if sum(counts[kind, meant] for meant in KINDS):
                sys.stdout.write(f"  {kind} read as: {line}\n")
        for wanted, read_as, question in others[: chosen.show]:
            sys.stdout.write(f"  {wanted} -> {read_as}: {question}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
