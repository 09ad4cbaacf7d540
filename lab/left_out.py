"""How often Quoth answers where the abstract is there, and is silent where it was left out.

    python -m lab.left_out --shared ../shared --work DIR [--set key=value ...]

Over PubMedQA (Jin et al. 2019, https://arxiv.org/abs/1909.06146), of whose questions every second
one's abstract is left out. What anything was learned from (qa07) or is tried on elsewhere
(corpus_c) is not asked. The index is made once and kept in `--work`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eval.runs.indexes import ingest
from eval.statistics.numbers import interval, number
from eval.statistics.resampling import mean_interval
from rag import build
from rag.config import Config, load_config
from rag.contract.terminal import write
from rag.types import Answer


def main() -> None:
    """Ask, and print shares with intervals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--set", action="append", default=["llm.model=off"], dest="settings")
    options = parser.parse_args()
    config = load_config(None, settings=options.settings, index=options.work / "index")
    asked = questions(options.shared)
    left_out = {one["id"] for one in asked[1::2]}
    _indexed(config, options.shared, options.work, left_out)
    quoth = build.assistant(config)
    answers = {one["id"]: quoth.ask(one["question"]) for one in asked}
    there = [answers[one["id"]] for one in asked[::2]]
    own = [(one["id"], answers[one["id"]]) for one in asked[::2]]
    write(_line("answered where it is there", there, lambda answer: not _silent(answer)))
    right = [any(source.paper.paper_id == key for source in a.sources) for key, a in own]
    write(f"its own paper cited: {number(sum(right) / len(right))} of all that are there\n")
    gone = [answers[key] for key in sorted(left_out)]
    write(_line("silent where it was left out", gone, _silent))


def questions(shared: Path) -> list[dict[str, Any]]:
    """The questions that nothing was learned from, by id."""
    learned = {line["id"] for line in _lines(shared / "train" / "qa.jsonl")}
    elsewhere = {line["id"] for line in _lines(shared / "corpus_c" / "papers.jsonl")}
    known = learned | elsewhere
    found = _lines(shared / "bench" / "pubmedqa" / "questions.jsonl")
    return sorted((q for q in found if f"pm{q['id']}" not in known), key=lambda q: str(q["id"]))


def _indexed(config: Config, shared: Path, work: Path, left_out: set[str]) -> None:
    if config.index.exists():
        return
    work.mkdir(parents=True, exist_ok=True)
    papers = work / "papers.jsonl"
    with papers.open("w", encoding="utf-8") as file:
        for line in _lines(shared / "bench" / "pubmedqa" / "corpus.jsonl"):
            if line["id"] not in left_out:
                file.write(json.dumps(line) + "\n")
    ingest([papers], config)


def _silent(answer: Answer) -> bool:
    return answer.outcome == "abstained"


def _line(what: str, answers: Sequence[Answer], is_so: Callable[[Answer], bool]) -> str:
    found = [float(is_so(answer)) for answer in answers]
    share = sum(found) / len(found)
    return f"{what}: {number(share)} {interval(mean_interval(found))} of {len(found)}\n"


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
