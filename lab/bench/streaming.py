"""Memory that reading a large file takes above the start, and how long it takes.

    python -m lab.bench.streaming [--records 200000] [--formats jsonl ris]

Records with titles, abstracts and identifiers of their own are written to a file, and a process of
its own reads it as `quoth ingest --dry-run` does, merging included. What is printed is the most
that it ever held (VmHWM) less what it held before the first record.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from rag.contract.terminal import write

_WORDS = (
    "tides glaciers bees bridges orchids comets harbours kites mills weirs gulls terns rivers "
    "measure differ wait carry return slowly often twice after before under between many few"
).split()


def record(number: int) -> dict[str, str]:
    """A record of some 1,100 characters."""
    dice = random.Random(number)
    sentences = (" ".join(dice.choices(_WORDS, k=16)).capitalize() + "." for _ in range(9))
    return {
        "title": f"Study {number} of {' '.join(dice.choices(_WORDS, k=6))}",
        "abstract": " ".join(sentences),
        "doi": f"10.1234/study.{number}",
        "year": str(1990 + number % 35),
        "author": f"Roe{number % 977}, Ann",
    }


def _jsonl(one: Mapping[str, str]) -> str:
    return json.dumps(one) + "\n"


def _ris(one: Mapping[str, str]) -> str:
    return (
        f"TY  - JOUR\nTI  - {one['title']}\nAU  - {one['author']}\nPY  - {one['year']}\n"
        f"DO  - {one['doi']}\nAB  - {one['abstract']}\nER  - \n\n"
    )


FORMATS: Mapping[str, Callable[[Mapping[str, str]], str]] = {"jsonl": _jsonl, "ris": _ris}


def main() -> None:
    """Write the files, read each in a process of its own, print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read is not None:
        _read(options.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        for format in options.formats:
            path = Path(folder) / f"papers.{format}"
            with path.open("w", encoding="utf-8") as out:
                out.writelines(FORMATS[format](record(n)) for n in range(options.records))
            write(f"{format}: {path.stat().st_size / 2**20:,.0f} MiB; ")
            command = [sys.executable, "-m", "lab.bench.streaming", "--read", str(path)]
            write(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


class _Silent:
    """What a dry run never asks to embed anything."""

    name = "none"

    def embed(self, texts: object, *, stop: object = None) -> object:
        raise NotImplementedError


def _read(path: Path) -> None:
    from rag.library.ingest import Ingestor

    ingestor = Ingestor(path.with_suffix(".index"), _Silent())  # type: ignore[arg-type]  # a dry run embeds nothing
    before, started = _most_held(), time.monotonic()
    report = ingestor.run([path], dry_run=True)
    taken = time.monotonic() - started
    write(
        f"{report.read:,} records, {report.added:,} papers, {report.rejected:,} rejected: "
        f"{(_most_held() - before) / 2**20:,.0f} MiB above {before / 2**20:,.0f}, {taken:,.0f} s\n"
    )


def _most_held() -> int:
    """The most memory that this process ever held, in bytes. Source: proc(5)."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
