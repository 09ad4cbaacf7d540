"""`quoth eval new` and `judge`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from eval.judging import judge_run, support_judge
from eval.runs.records import read_run
from eval.scores.judge_agreement import agreement_of, rating_line
from eval.scores.scoring import score_run
from eval.sets.drafts import drafts, write_drafts
from eval.statistics.numbers import number
from rag.config import Config
from rag.contract.terminal import print_json, write
from rag.errors import UsageError


def new(options: argparse.Namespace, config: Config) -> int:
    """Write drafts of questions over the index."""
    from rag import build

    if options.out.exists():
        raise UsageError(f"{options.out} is there already; choose another --out")
    found = drafts(build.assistant(config).papers(), count=options.count, seed=options.seed)
    write_drafts(found, options.out)
    if options.json:
        print_json({"drafts": len(found), "path": str(options.out)}, indent=1)
        return 0
    write(
        f"{len(found)} drafts in {options.out}: reword each question, look over its gold, and set "
        'its "status" to "accepted"; `quoth eval run` leaves drafts out\n'
    )
    return 0


def judge(options: argparse.Namespace, config: Config) -> int:
    """Have the configured language model rate the answers of a run."""
    from tqdm import tqdm

    from rag import build
    from rag.models.writer.rating import Rater

    run = read_run(options.run)
    writer = build.writer(config)
    if writer is None:
        raise UsageError("llm.model is off; a judge needs a model, e.g. --set llm.model=bundled")
    against = read_run(options.against) if options.against else None
    with tqdm(total=len(run.records), desc="judging", unit="question", disable=None) as bar:
        judged = judge_run(run, Rater(writer), against=against, progress=bar.update)
    scored = score_run(read_run(options.run), support_judge())
    agreement = agreement_of([one.row for one in scored])
    preferences = [one.preference for one in judged.values() if one.preference is not None]
    tree: dict[str, Any] = {
        "model": writer.name,
        "questions": len(judged),
        "rating": sum(one.rating for one in judged.values()) / len(judged) if judged else None,
        "preferred": sum(preferences) / len(preferences) if preferences else None,
        "agreement": asdict(agreement) if agreement is not None else None,
    }
    if options.json:
        print_json(tree, indent=1)
        return 0
    lines = [f"{writer.name}: mean rating {number(tree['rating'])} of {len(judged)} answers"]
    if preferences:
        lines.append(f"preferred to the other run: {number(tree['preferred'])}")
    lines += [rating_line(agreement)] if agreement is not None else []
    write("\n".join(lines) + "\n")
    return 0
