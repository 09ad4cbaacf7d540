"""`quoth eval retrieval`."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.commands.run import stage_bar
from eval.report.tables import aligned
from eval.retrieval import (
    BeirFolder,
    Rankings,
    RetrievalFigures,
    measure_rankings,
    part_rankings,
    read_beir,
    search_all,
    write_trec_run,
)
from eval.runs.indexes import ingest
from eval.statistics.numbers import interval, number
from rag.config import Config
from rag.contract.terminal import print_json, write
from rag.errors import IndexMissingError, UsageError

if TYPE_CHECKING:
    from rag.assistant import Assistant


def retrieval(options: argparse.Namespace, config: Config) -> int:
    """Index a folder's corpus, search for its judged queries, print how good that was."""
    from rag import build

    if options.k < 1:
        raise UsageError(f"-k wants at least 1, not {options.k}")
    folder = read_beir(options.folder)
    with _index(options, config, folder) as own:
        started = time.perf_counter()
        with stage_bar() as progress:
            ingest([folder.corpus], own, format="beir", progress=progress)
        indexed = time.perf_counter() - started
        assistant = build.assistant(own)
        assistant.warm()
        started = time.perf_counter()
        rankings = _search(assistant, folder, k=options.k, limit=options.limit)
        seconds = (time.perf_counter() - started) / max(len(rankings), 1)
        held = frozenset(paper.paper_id for paper in assistant.papers())
        asked = {name: folder.queries[name] for name in rankings} if options.parts else {}
        parts = part_rankings(assistant.retriever, asked, k=options.k) if asked else {}
    if options.out:
        write_trec_run(rankings, options.out)
    facts = {
        "folder": folder.name,
        "documents": len(folder.documents),
        "indexed": len(held),
        "seconds_to_index": round(indexed, 1),
        "seconds_a_query": round(seconds, 4),
    }
    found = measure_rankings(rankings, folder.relevance, depth=options.k, indexed=held)
    alone = {
        name: measure_rankings(one, folder.relevance, depth=options.k)
        for name, one in parts.items()
    }
    _tell(options, facts, found, alone)
    return 0


@contextmanager
def _index(options: argparse.Namespace, config: Config, folder: BeirFolder) -> Iterator[Config]:
    """The index that was named, which stays; else one that is thrown away.

    Raises:
        UsageError: the index holds papers that are not of the folder: it is somebody's own.
    """
    from rag import build

    if options.index is not None:
        try:
            held = build.assistant(config).papers()
        except IndexMissingError:
            held = ()
        others = [paper.title for paper in held if paper.paper_id not in folder.documents]
        if others:
            raise UsageError(
                f"{config.index} holds {len(others)} papers that are not of {folder.name}, e.g. "
                f"{others[0]!r}; name a folder that is not there yet"
            )
        yield config
        return
    with tempfile.TemporaryDirectory(prefix="quoth-eval-") as place:
        yield replace(config, index=Path(place) / "index")


def _search(assistant: Assistant, folder: BeirFolder, *, k: int, limit: int | None) -> Rankings:
    """Search for the judged queries, with a bar on standard error."""
    from tqdm import tqdm

    def search(query: str) -> dict[str, float]:
        return {hit.paper.paper_id: hit.score for hit in assistant.search(query, k=k)}

    total = len(folder.queries) if limit is None else min(limit, len(folder.queries))
    with tqdm(total=total, desc="searching", unit="query", disable=None) as bar:
        return search_all(folder, search, limit=limit, progress=bar.update)


def _tell(
    options: argparse.Namespace,
    facts: dict[str, Any],
    found: RetrievalFigures,
    alone: Mapping[str, RetrievalFigures],
) -> None:
    if options.json:
        parts = {name: asdict(one)["figures"] for name, one in alone.items()}
        print_json({**facts, **asdict(found), "parts": parts}, indent=1)
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
    if alone:
        rows = [["by one score alone", *found.figures]]
        for name, one in alone.items():
            rows.append([name, *(number(value.value) for value in one.figures.values())])
        lines += ["", *aligned(rows)]
    write("\n".join(lines) + "\n")
