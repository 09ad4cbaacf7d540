"""What the gate on false premises finds, and what it wrongly finds, on the 2,000 training papers.

    python -m eval.bench_premises [--shared DIR] [--show]

The questions for a reason, answerable ones and those that the abstract leaves open (most of them
presume what it denies). And, since those are few, the sentences of the same papers that state what
`rag.premises` looks for, as if a question presumed them: none of the true ones may be denied; of
those with one thing false only some are false in what is looked for. Nothing is learned here.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from eval.bench_reader import NEAREST_SHARED, examples
from eval.support_cases import Part
from rag import premises
from rag.contradiction import contradicts
from rag.presuppositions import presupposed

PARTS: tuple[Part, ...] = ("train", "dev", "test")
QUESTIONS = {"fact_question": "answerable", "unanswerable_question": "left open"}
SENTENCES = {"answer_sentence": "true", "topic_sentence": "true", "wrong_sentence": "false"}


def main() -> None:
    """Print counts; with `--show` what they are of."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=NEAREST_SHARED)
    parser.add_argument("--show", action="store_true", help="print what was found")
    options = parser.parse_args()
    told = [e for part in PARTS for e in examples(options.shared / "train", part=part)]
    shown: list[str] = []
    for key, kind in QUESTIONS.items():
        asked = [e for e in told if presupposed(e[key])]
        turned = [
            e for e in asked if any(contradicts(presupposed(e[key]), s) for s in e["sentences"])
        ]
        denied = [e for e in asked if _denied(e[key], e)]
        either = {e["id"] for e in (*turned, *denied)}
        _say(f'"why", {kind}', len(asked), turned=len(turned), denied=len(denied), any=len(either))
        shown += [f"{kind}: {e[key]}" for e in denied]
    for key, kind in SENTENCES.items():
        counts = {"states": 0, "denied": 0}
        for example in told:
            stated = example[key].rstrip(".")
            if not premises.presumes(stated):
                continue
            counts["states"] += 1
            if _denied(f"why is it that {stated}?", example):
                counts["denied"] += 1
                shown.append(f"{kind} ({example['wrong_kind']}): {stated}")
        _say(f"{key}, {kind}, of such a form", counts["states"], denied=counts["denied"])
    if options.show:
        sys.stdout.write("\n".join(shown) + "\n")


def _denied(question: str, example: dict[str, Any]) -> str:
    return premises.denied(question, example["sentences"], title=example["title"])


def _say(what: str, of: int, **counts: int) -> None:
    told = "  ".join(f"{name} {count}" for name, count in counts.items())
    sys.stdout.write(f"{what:44} {of:4}  {told}\n")


if __name__ == "__main__":
    main()
