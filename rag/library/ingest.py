"""Files in, an index out: read, merge, embed what is new, commit.

Rows are durable as soon as they are embedded and carry ids made of what they embed, so an ingest
that was killed is finished by the next one without embedding anything twice.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from index_store.documents import Document
from index_store.lock import SECONDS as LOCK_SECONDS
from index_store.overlay import Overlay
from index_store.snapshot import Snapshot, try_snapshot
from index_store.writer import IndexWriter, open_writer
from rag.errors import StoppedError, UsageError
from rag.language.sane import sane
from rag.library.codec import from_payload, index_errors, index_settings, to_payload, to_rows
from rag.library.intake import MOST_LISTED, Files, Named, Rejects
from rag.library.report import IngestReport
from rag.papers import Catalogue, Rejected
from rag.types import Paper

WINDOW = 64
"""Papers embedded and kept at a time: some 600 texts, enough to sort by length into full batches,
and the most that a kill can cost."""
REJECTED = "rejected.jsonl"
__all__ = ["REJECTED", "WINDOW", "Embedder", "IngestReport", "Ingestor", "Progress"]

Progress = Callable[[str, int, int | None], None]
"""Called with a stage ("read", "embed", "words", "vectors"), how much is done, and of how much."""


class Embedder(Protocol):
    """What makes vectors: `rag.models.encoder.Encoder` is one."""

    @property
    def name(self) -> str:
        """What the vectors are known by."""
        ...

    def embed(
        self, texts: Sequence[str], *, stop: threading.Event | None = None
    ) -> NDArray[np.float32]:
        """(n, dim) float32 unit vectors of texts."""
        ...


class Ingestor:
    """Brings the papers of files into an index."""

    def __init__(
        self, store_dir: Path, embedder: Embedder, *, wait_seconds: float = LOCK_SECONDS
    ) -> None:
        """Nothing is opened yet.

        Args:
            store_dir: the index folder; made when it is not there.
            embedder: makes the vectors; loaded only when something has to be embedded.
            wait_seconds: how long to wait for another process that is writing.
        """
        self.store_dir = store_dir
        self.embedder = embedder
        self.wait_seconds = wait_seconds

    def run(
        self,
        paths: Sequence[str | Path | Named],
        *,
        format: str = "auto",
        page_year: int | None = None,
        dry_run: bool = False,
        stdin: BinaryIO | None = None,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
        on_wait: Callable[[str], None] | None = None,
    ) -> IngestReport:
        """Read files and commit what is new in them, all at once at the end.

        A file that cannot be read is told of in `failures` and does not keep the others out.

        Args:
            paths: files, or what was fetched from a source; "-" is `stdin`.
            format: "auto", or the name of a format.
            page_year: the year of dates on pages that leave it out.
            dry_run: read and count only; nothing on disk is touched.
            stdin: bytes, for "-".
            progress: told how far each stage is.
            stop: looked at between records and between batches.
            on_wait: told when another process is writing and is waited for.

        Raises:
            UsageError: an unknown format, an impossible year, "-" without `stdin`.
            IndexBusyError: another process goes on writing.
            IndexMismatchError: the index was made with another embedder or chunking.
            IndexDamagedError: the index cannot be read, or is not as it was written.
            IndexFullError: the disk is full.
            StoppedError: `stop` was set; the index is as it was, rows made so far are kept.
        """
        run = _Run(progress=progress or _silent, stop=stop, started=time.monotonic())
        files = Files(paths, format=format, page_year=page_year, stdin=stdin)
        with index_errors(), contextlib.ExitStack() as open_things:
            if dry_run:
                settings = index_settings(self.embedder.name)
                snapshot = try_snapshot(self.store_dir, settings=settings)
                rejects = None
            else:
                writer = open_things.enter_context(self._writer(on_wait))
                snapshot = writer.snapshot
                rejects = open_things.enter_context(Rejects(self.store_dir / REJECTED))
            overlay = open_things.enter_context(contextlib.closing(Overlay(snapshot)))
            report = _read(files, overlay, rejects=rejects, run=run)
            if not dry_run:
                report = replace(report, embedded=self._embed(writer, overlay, run=run))
                if report.added or report.updated:
                    _commit(writer, overlay, embedder=self.embedder.name, run=run)
        return replace(report, seconds=time.monotonic() - run.started)

    def remove_source(
        self, name: str, *, on_wait: Callable[[str], None] | None = None
    ) -> IngestReport:
        """Forget a file: papers that only it told of go, others lose it as a source.

        Raises:
            UsageError: no paper is from a source of that name; the known ones are named.
            IndexBusyError: another process goes on writing.
            IndexMismatchError: the index was made with another embedder or chunking.
            IndexDamagedError: the index cannot be read.
        """
        wanted = {sane(name), sane(os.path.abspath(name))}  # noqa: PTH100 (as the readers name a file)
        report = self.forget(wanted, on_wait=on_wait)
        if not report.removed and not report.updated:
            with index_errors(), self._writer(on_wait) as writer:
                known = ", ".join(sorted(_sources(writer.snapshot))[:12]) or "none"
            raise UsageError(f"no paper is from {name!r}; the sources are: {known}")
        return report

    def forget(
        self,
        sources: AbstractSet[str],
        *,
        but: AbstractSet[tuple[str, str]] = frozenset(),
        on_wait: Callable[[str], None] | None = None,
    ) -> IngestReport:
        """Forget that papers are from some files; papers that no other file told of go.

        Args:
            sources: the files, as `Paper.source` has them.
            but: which of them still tell of which paper, as `IngestReport.told` has it.
            on_wait: told when another process is writing and is waited for.

        Raises:
            IndexError_: as `remove_source`.
        """
        started = time.monotonic()
        with index_errors(), self._writer(on_wait) as writer:
            kept: list[Document] = []
            dropped: list[str] = []
            for entry in writer.snapshot.entries() if writer.snapshot is not None else ():
                paper = from_payload(entry.payload)
                left = tuple(
                    source
                    for source in paper.source
                    if source not in sources or (source, paper.paper_id) in but
                )
                if left == paper.source:
                    continue
                if left:
                    kept.append(replace(entry, payload=to_payload(replace(paper, source=left))))
                else:
                    dropped.append(paper.paper_id)
            if kept or dropped:
                papers = writer.commit(kept, dropped=dropped).documents
            else:
                papers = 0 if writer.snapshot is None else len(writer.snapshot)
        seconds = time.monotonic() - started
        return IngestReport(papers=papers, updated=len(kept), removed=len(dropped), seconds=seconds)

    def _writer(
        self, on_wait: Callable[[str], None] | None
    ) -> contextlib.AbstractContextManager[IndexWriter]:
        return open_writer(
            self.store_dir,
            index_settings(self.embedder.name),
            wait_seconds=self.wait_seconds,
            on_wait=on_wait,
        )

    def _embed(self, writer: IndexWriter, overlay: Overlay, *, run: _Run) -> int:
        """Embed the rows that are in neither the index nor the store; returns how many."""
        embedded = 0
        total = sum(1 for _ in overlay.changes())
        papers = (from_payload(payload) for _, payload in overlay.changes())
        done = 0
        if total:
            writer.require_sound()  # now, and not only after an hour of embedding
            run.progress("embed", 0, total)
        while window := list(islice(papers, WINDOW)):
            run.check(f"{done} of {total} papers were embedded")
            texts: dict[str, str] = {}
            for paper in window:
                texts.update(to_rows(paper, embedder=self.embedder.name)[1])
            missing = writer.missing_rows(list(texts))
            if missing:
                vectors = self.embedder.embed([texts[row] for row in missing], stop=run.stop)
                writer.add_rows(missing, vectors)
            embedded += len(missing)
            done += len(window)
            run.progress("embed", done, total)
        return embedded


@dataclass(frozen=True, slots=True)
class _Run:
    """What goes with one run from stage to stage."""

    progress: Progress
    stop: threading.Event | None
    started: float

    def check(self, where: str) -> None:
        if self.stop is not None and self.stop.is_set():
            raise StoppedError(f"stopped: {where}; the next ingest goes on from there")


def _read(files: Files, overlay: Overlay, *, rejects: Rejects | None, run: _Run) -> IngestReport:
    """Merge the records of all files over the index, and count."""
    catalogue = Catalogue(shelf=_Shelf(overlay))
    met: set[str] = set()
    told: set[tuple[str, str]] = set()
    rejections: list[Rejected] = []
    count = rejected = 0
    for records in files:
        for item in records:
            count += 1
            if isinstance(item, Rejected):
                rejected += 1
                if len(rejections) < MOST_LISTED:
                    rejections.append(item)
                if rejects is not None:
                    rejects.add(item)
            else:
                paper_id = catalogue.add(item).paper.paper_id
                met.add(paper_id)
                told.update((source, paper_id) for source in item.source)
            if count % 100 == 0:
                run.check(f"{count} records were read")
                run.progress("read", count, None)
        catalogue.settle()
    run.progress("read", count, None)
    added = updated = 0
    for name, _ in overlay.changes():
        added += overlay.is_new(name)
        updated += not overlay.is_new(name)
    return IngestReport(
        read=count,
        papers=len(catalogue),
        added=added,
        updated=updated,
        unchanged=len(met) - added - updated,
        rejected=rejected,
        rejects_path=rejects.path if rejects is not None and rejected else None,
        notes=(*files.notes, *catalogue.notes),
        failures=tuple(files.failures),
        merged=catalogue.merged_count,
        merges=tuple(catalogue.merged),
        repairs=tuple(files.repairs),
        rejections=tuple(rejections),
        told=frozenset(told),
    )


def _commit(writer: IndexWriter, overlay: Overlay, *, embedder: str, run: _Run) -> None:
    changed = (
        to_rows(from_payload(payload), embedder=embedder)[0] for _, payload in overlay.changes()
    )
    writer.commit(changed, progress=run.progress)


def _sources(snapshot: Snapshot | None) -> set[str]:
    entries = snapshot.entries() if snapshot is not None else ()
    return {source for entry in entries for source in from_payload(entry.payload).source}


class _Shelf(MutableMapping[str, Paper]):
    """Papers on disk, as a catalogue wants them."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay

    def __getitem__(self, paper_id: str) -> Paper:
        return from_payload(self._overlay[paper_id])

    def __setitem__(self, paper_id: str, paper: Paper) -> None:
        self._overlay[paper_id] = to_payload(paper)

    def __delitem__(self, paper_id: str) -> None:
        raise TypeError("a catalogue does not remove papers")

    def __iter__(self) -> Iterator[str]:
        return iter(self._overlay)

    def __len__(self) -> int:
        return len(self._overlay)


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody asked for."""
