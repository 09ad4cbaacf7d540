"""What `quoth ingest` is to read: files, and sources, which are fetched first."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.config import Config
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.library.intake import Named


@contextlib.contextmanager
def fetched(
    names: Sequence[str], config: Config, *, since: date | None, dry_run: bool
) -> Iterator[tuple[list[str | Named], list[str], list[str]]]:
    """Files as they are, sources as what was fetched of them; then notes, then failures.

    Nothing goes over the network where no source is named. In a dry run what is fetched goes when
    this ends, and the folder of the index stays as it is.

    Raises:
        UsageError: a source means nothing, or `since` has no source, or is to come.
    """
    from rag.library.intake import Named
    from rag.sources import Desk, fetch, is_source
    from rag.sources.replies import FOLDER, Replies
    from ui.cli.progress import StageBars

    asked = [name for name in names if is_source(name)]
    today = datetime.now(UTC).date()
    if since is not None and (not asked or since > today):
        why = "it goes with a source, as in arxiv:cs.CL" if not asked else f"today is {today}"
        raise UsageError(f"--since {since}: {why}")
    inputs: list[str | Named] = []
    notes: list[str] = []
    failures: list[str] = []
    with contextlib.ExitStack() as open_things:
        scratch = (
            Path(open_things.enter_context(tempfile.TemporaryDirectory())) if dry_run else None
        )
        replies = Replies(config.index / FOLDER, scratch=scratch)
        for name in names:
            if name not in asked:
                inputs.append(name)
                continue
            with StageBars() as bars:
                desk = Desk(
                    config.sources,
                    replies,
                    since=since,
                    today=today,
                    progress=partial(bars, "fetch"),
                    on_note=notes.append,
                )
                came = fetch(name, desk)
            inputs.append(Named(name, came.pages))
            failures += [came.failure] if came.failure else []
        yield inputs, notes, failures
