"""`quoth export`: the papers of an index as a file that other programs read, and Quoth too."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path

from rag.config import Config
from rag.contract.terminal import say, write
from rag.errors import OutputError, UsageError
from ui.cli.ingest import ensure_index

_OTHER_ENDINGS = {"bibtex": "bib", "json": "csl", "markdown": "md"}
_AT_ONCE = 64  # papers between two writes


def run_export(options: argparse.Namespace, config: Config) -> int:
    """Write all papers in the format that is named, or that the file's ending names."""
    from rag import build
    from rag.exports import EXPORTS
    from ui.cli.progress import bar

    format = options.format or ending_of(options.out, EXPORTS)
    ensure_index(config)
    count = 0
    with bar("writing", None) as progress:

        def counted() -> Iterator[str]:
            nonlocal count
            for piece in EXPORTS[format](build.papers(config)):
                count += 1
                progress.update()
                yield piece

        if options.out is None:
            for text in _chunks(counted()):
                write(text)
        else:
            save(options.out, _chunks(counted()))
    if options.out is not None:
        say(f"the papers are in {options.out}; `quoth ingest {options.out}` reads them back")
    return 0


def ending_of(path: Path | None, known: Collection[str]) -> str:
    """The format that the ending of a file names.

    Raises:
        UsageError: it names none of the known ones.
    """
    ending = path.suffix.removeprefix(".").casefold() if path is not None else ""
    ending = ending if ending in known else _OTHER_ENDINGS.get(ending, ending)
    if ending not in known:
        raise UsageError(
            f"which format? --format, or a file's ending, is one of {', '.join(sorted(known))}"
        )
    return ending


def save(path: Path, pieces: Iterable[str]) -> None:
    """Write a file that is there whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        try:
            with partial.open("w", encoding="utf-8", newline="") as out:
                out.writelines(pieces)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be written ({error}); choose another file") from error


def _chunks(pieces: Iterator[str]) -> Iterator[str]:
    while some := list(islice(pieces, _AT_ONCE)):
        yield "".join(some)
