"""Write papers to learn from as records that `quoth ingest` reads.

python -m lab.training.papers ../shared/train OUT.jsonl && quoth ingest OUT.jsonl --index DIR
python -m lab.training.papers ../shared/bench OUT.jsonl --pool

The second writes a part of the pool: the papers that SciTLDR summarises, and others.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

OTHERS = 4_000
"""Papers of the pool that no summary is of."""


def main() -> None:
    """One line a paper: its id, title and abstract."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="with papers.jsonl.xz, or pool100k.jsonl.xz")
    parser.add_argument("out", type=Path)
    parser.add_argument("--pool", action="store_true", help="a part of the pool instead")
    options = parser.parse_args()
    records = pool_papers(options.folder) if options.pool else training_papers(options.folder)
    with options.out.open("w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def training_papers(folder: Path) -> Iterator[dict[str, str]]:
    """The papers of the examples, their sentences joined by spaces."""
    for paper in _lines(folder / "papers.jsonl.xz"):
        abstract = " ".join(paper["sentences"])
        yield {"id": paper["id"], "title": paper["title"], "abstract": abstract}


def pool_papers(folder: Path) -> Iterator[dict[str, str]]:
    """The papers of SciTLDR's summaries and `OTHERS` more, drawn with a seed."""
    qrels = (folder / "scitldr_train" / "qrels.tsv").read_text(encoding="utf-8")
    summarised = {line.split("\t")[1] for line in qrels.splitlines()}
    papers = list(_lines(folder / "pool100k.jsonl.xz"))
    rest = [paper for paper in papers if paper["id"] not in summarised]
    chosen = random.Random(0).sample(rest, min(OTHERS, len(rest)))
    for paper in [*(p for p in papers if p["id"] in summarised), *chosen]:
        yield {"id": paper["id"], "title": paper["title"], "abstract": paper["text"]}


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
