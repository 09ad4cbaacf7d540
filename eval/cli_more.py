"""`quoth eval retrieval`, `new` and `judge`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from eval.beir import BeirFolder, read_beir
from eval.cli_run import stage_bar
from eval.cli_score import print_json
from eval.draft import drafts, write_drafts
from eval.indexes import ingest
from eval.judge import judge_run
from eval.judge_agreement import agreement_of, rating_line
from eval.numbers import interval, number
from eval.records import read_run
from eval.retrieval import RetrievalFigures, measure_rankings, search_all, write_trec_run
from eval.scoring import score_run
from eval.support_judge import support_judge
from eval.tables import aligned
from rag.config import Config
from rag.errors import UsageError


def retrieval(options: argparse.Namespace, config: Config) -> int:
    """Index a folder's corpus, search for its judged queries, print how good that was."""
    from rag import build

    if options.k < 1:
        raise UsageError(f"-k wants at least 1, not {options.k}")
    folder = read_beir(options.folder)
    with _index(options, config) as own:
        started = time.perf_counter()
        with stage_bar() as progress:
            ingest([folder.corpus], own, format="beir", progress=progress)
        indexed = time.perf_counter() - started
        assistant = build.assistant(own)
        assistant.warm()

        def search(query: str) -> dict[str, float]:
            hits = assistant.search(query, k=options.k)
            return {hit.paper.paper_id: hit.score for hit in hits}

        started = time.perf_counter()
        with _query_bar(folder, options.limit) as bar:
            rankings = search_all(folder, search, limit=options.limit, progress=bar.update)
        seconds = (time.perf_counter() - started) / max(len(rankings), 1)
        held = frozenset(paper.paper_id for paper in assistant.papers())
    found = measure_rankings(rankings, folder.relevance, depth=options.k, indexed=held)
    if options.out:
        write_trec_run(rankings, options.out)
    facts = {
        "folder": folder.name,
        "documents": len(folder.documents),
        "indexed": len(held),
        "seconds_to_index": round(indexed, 1),
        "seconds_a_query": round(seconds, 4),
    }
    _tell(options, facts, found)
    return 0


@contextmanager
def _index(options: argparse.Namespace, config: Config) -> Iterator[Config]:
    """The index that was named, which stays; else one that is thrown away."""
    if options.index is not None:
        yield config
        return
    with tempfile.TemporaryDirectory(prefix="quoth-eval-") as place:
        yield replace(config, index=Path(place) / "index")


def _query_bar(folder: BeirFolder, limit: int | None) -> Any:
    from tqdm import tqdm

    total = len(folder.queries) if limit is None else min(limit, len(folder.queries))
    return tqdm(total=total, desc="searching", unit="query", disable=None)


def _tell(options: argparse.Namespace, facts: dict[str, Any], found: RetrievalFigures) -> None:
    if options.json:
        print_json({**facts, **asdict(found)})
        return
    rows = [["", "mean", "95 %", "queries"]]
    for name, value in found.figures.items():
        rows.append([name, number(value.value), interval(value.interval), str(value.count)])
    lines = [f"{name.replace('_', ' ')}: {value}" for name, value in facts.items()]
    lines += ["", *aligned(rows), ""]
    lines.append(
        f"{found.queries} queries, {found.without_positives} without a relevant document "
        f"(left out); {found.missing} relevant documents are not in the index"
    )
    sys.stdout.write("\n".join(lines) + "\n")


def new(options: argparse.Namespace, config: Config) -> int:
    """Write drafts of questions over the index."""
    from rag import build

    if options.out.exists():
        raise UsageError(f"{options.out} is there already; choose another --out")
    found = drafts(build.assistant(config).papers(), count=options.count, seed=options.seed)
    write_drafts(found, options.out)
    if options.json:
        print_json({"drafts": len(found), "path": str(options.out)})
        return 0
    sys.stdout.write(
        f"{len(found)} drafts in {options.out}: reword each question, look over its gold, and set "
        'its "status" to "accepted"; `quoth eval run` leaves drafts out\n'
    )
    return 0


def judge(options: argparse.Namespace, config: Config) -> int:
    """Have the configured language model rate the answers of a run."""
    from rag import build
    from rag.rating import Rater

    run = read_run(options.run)
    writer = build.writer(config)
    if writer is None:
        raise UsageError("llm.model is off; a judge needs a model, e.g. --set llm.model=bundled")
    against = read_run(options.against) if options.against else None
    judged = judge_run(run, Rater(writer), against=against)
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
        print_json(tree)
        return 0
    lines = [f"{writer.name}: mean rating {number(tree['rating'])} of {len(judged)} answers"]
    if preferences:
        lines.append(f"preferred to the other run: {number(tree['preferred'])}")
    lines += [rating_line(agreement)] if agreement is not None else []
    sys.stdout.write("\n".join(lines) + "\n")
    return 0
