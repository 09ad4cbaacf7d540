"""Write the training papers as records that `quoth ingest` reads.

python -m eval.training.papers ../shared/train OUT.jsonl && quoth ingest OUT.jsonl --index DIR
"""

from __future__ import annotations

import argparse
import json
import lzma
from pathlib import Path


def main() -> None:
    """One line a paper: its id, title, and its sentences joined by spaces as abstract."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", type=Path, help="the folder with papers.jsonl.xz")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    with (
        lzma.open(options.train / "papers.jsonl.xz", "rt", encoding="utf-8") as lines,
        options.out.open("w", encoding="utf-8") as out,
    ):
        for paper in map(json.loads, lines):
            record = {"id": paper["id"], "title": paper["title"]}
            record["abstract"] = " ".join(paper["sentences"])
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
