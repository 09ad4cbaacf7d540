"""`quoth ingest --watch DIR`: an index kept in step with a folder until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from rag.config import Config
from rag.contract.terminal import say

if TYPE_CHECKING:
    from rag.library.ingest import IngestReport

SECONDS = 2.0
"""Between two looks at the folder. A file is read at the second look at which it is the same."""


def watch(
    folder: Path,
    config: Config,
    *,
    page_year: int | None,
    told: Callable[[IngestReport], None],
) -> int:
    """Look at the folder again and again; each report goes to `told`. Ctrl-C ends it, with 0.

    Raises:
        InputError: the folder is not there, or is no more.
        IndexError_: the index cannot be written.
    """
    from rag import build
    from rag.library.watching import Watch
    from ui.cli.progress import StageBars

    watched = Watch(folder, build.ingestor(config), but=config.index, page_year=page_year)
    try:
        if gone := watched.gone_before(build.sources(config)):
            told(watched.ingestor.forget(frozenset(gone)))
        list(watched.look())  # what is there is new, and read at the next look
        say(f"watching {folder}; Ctrl-C ends it")
        pause = 0.1
        while True:
            sleep(pause)
            with StageBars() as bars:
                for report in watched.look(progress=bars):
                    told(report)
            pause = SECONDS
    except KeyboardInterrupt:
        say(f"no longer watching {folder}; the index is whole")
        return 0
