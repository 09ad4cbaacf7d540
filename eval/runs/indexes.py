"""Indexes that exist for a measurement: of the papers in the box, or of papers changed by rule."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path

from rag.config import Config
from rag.errors import InputError
from rag.package_data import STARTER
from rag.types import Paper

Progress = Callable[[str, int, int | None], None]

BOX = STARTER


def box_config(config: Config, *, progress: Progress | None = None) -> Config:
    """The configuration with an index of exactly the papers in the box.

    The index is kept in the user's cache, one for each encoder: the first run embeds the papers,
    the later ones find them there.
    """
    from platformdirs import user_cache_path

    encoder = re.sub(r"[^\w.-]+", "_", config.encoder.model)
    box = replace(config, index=user_cache_path("quoth") / "eval" / f"box-{encoder}")
    ingest([BOX], box, progress=progress)
    return box


def index_papers(
    papers: Iterable[Paper], config: Config, *, folder: Path, progress: Progress | None = None
) -> Config:
    """Index papers in a folder of their own; returns the configuration that uses it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "papers.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for paper in papers:
            tree = {name: value for name, value in asdict(paper).items() if value}
            tree.pop("source", None)
            file.write(json.dumps(tree, ensure_ascii=False) + "\n")
    own = replace(config, index=folder / "index")
    ingest([path], own, progress=progress)
    return own


def ingest(
    paths: Iterable[Path], config: Config, *, progress: Progress | None = None, format: str = "auto"
) -> int:
    """Read files into the index of a configuration; returns how many papers it holds.

    Raises:
        InputError: a file could not be read.
    """
    from rag import build

    report = build.ingestor(config).run(list(paths), format=format, progress=progress)
    if report.failures:
        raise InputError(report.failures[0])
    return report.papers
