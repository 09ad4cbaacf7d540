"""What it is worth to look for "papers on this or on that" twice: F1 of the list, both ways.

    python -m lab.bench.alternatives --index DIR [--set FILE]

Hardly anybody's question set has such requests, so they are composed: of every two list questions
of the set (the starter set, on an index of the papers in the box) whose topics are short, gold the
papers of both. The same list cut where relevance ends, with the halves looked for and without.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from unittest.mock import patch

import numpy as np

from eval.sets.questions import Question, questions_path, read_questions
from rag import build
from rag.assistant import Assistant
from rag.config import load_config
from rag.evidence import deciding
from rag.evidence.looking import Looked

LONGEST_TOPIC = 9  # words: two longer ones make no question that anybody would type


def main() -> None:
    """Print the mean F1 without and with the halves, and on how many requests each is better."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--set", default="starter", help="starter, dev or a file")
    options = parser.parse_args()
    settings = ["llm.model=off", "reader=off"]
    assistant = build.assistant(load_config(settings=settings, index=options.index))
    asked = list(_short(assistant, read_questions(questions_path(options.set)).questions))
    rows: list[tuple[float, float]] = []
    for (one, gold, fine), (other, more, fine_too) in combinations(asked, 2):
        request = f"papers on {one} or on {other}"
        wanted, spared = gold | more, (fine | fine_too) - gold - more
        with patch("rag.evidence.planning.alternatives", return_value=()):
            without = _f1(assistant, request, wanted, spared)
        rows.append((without, _f1(assistant, request, wanted, spared)))
    table = np.array(rows)
    better, worse = (table[:, 1] > table[:, 0]).sum(), (table[:, 1] < table[:, 0]).sum()
    sys.stdout.write(
        f"{len(rows)} requests: F1 {table[:, 0].mean():.3f} as one, {table[:, 1].mean():.3f} with "
        f"the halves; better {better}, worse {worse}\n"
    )


def _short(
    assistant: Assistant, questions: Iterable[Question]
) -> list[tuple[str, frozenset[str], frozenset[str]]]:
    """(topic, gold, papers that count neither way) of the list questions with short topics."""
    found = []
    for question in questions:
        if question.type == "list":
            task = assistant.plan(question.question)
            if 0 < len(task.topic.split()) <= LONGEST_TOPIC and not task.filters.active:
                gold, fine = frozenset(question.papers), frozenset(question.also_ok)
                found.append((task.topic, gold, fine))
    return found


def _f1(assistant: Assistant, request: str, gold: frozenset[str], fine: frozenset[str]) -> float:
    candidates = list(assistant.plan(request).candidates)
    chances = deciding.belonging(Looked(candidates, []))
    order = np.argsort(-chances, kind="stable")[: deciding.best_length(np.sort(chances)[::-1])]
    listed = {candidates[int(i)].paper.title for i in order} - fine
    return 2 * len(listed & gold) / (len(listed) + len(gold))


if __name__ == "__main__":
    main()
