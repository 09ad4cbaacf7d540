"""`quoth ingest`, `quoth info`, `quoth doctor`."""

from __future__ import annotations

import argparse
import io
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from rag.config import Config
from rag.contract.terminal import line, print_json, say, write
from rag.errors import UsageError
from rag.language.sane import one_line
from rag.package_data import STARTER

if TYPE_CHECKING:
    from rag.library.ingest import IngestReport

_SHOWN_FAILURES = 20
_SHOWN_MERGES = 20


def run(options: argparse.Namespace, config: Config) -> int:
    """Read files and sources into the index, or watch a folder, and say what became of them.

    1 when a file could not be read, and when there was nothing in them that could be.
    """
    from rag import build
    from rag.library.intake import Named
    from ui.cli.fetching import fetched
    from ui.cli.progress import StageBars
    from ui.cli.watch import watch

    if options.watch is not None:
        if options.paths or options.dry_run or options.since or options.format != "auto":
            raise UsageError("--watch DIR goes alone: it reads every file of the folder")
        return watch(
            options.watch,
            config,
            page_year=options.page_year,
            told=lambda report: _tell(report, options),
        )
    names = options.paths or [str(STARTER)]
    with fetched(names, config, since=options.since, dry_run=options.dry_run) as came:
        inputs, notes, failures = came
        with StageBars() as bars:
            report = build.ingestor(config).run(
                inputs,
                format=options.format,
                page_year=options.page_year,
                dry_run=options.dry_run,
                stdin=sys.stdin.buffer if sys.stdin is not None else io.BytesIO(),
                progress=bars,
                on_wait=say,
            )
    report = replace(report, notes=(*notes, *report.notes), failures=(*failures, *report.failures))
    _tell(report, options)
    # A day on which there are no papers is no failure of a source.
    empty = report.read == 0 and all(isinstance(one, Named) for one in inputs)
    nothing = report.read == report.rejected and not empty
    return 1 if report.failures or nothing else 0


def _tell(report: IngestReport, options: argparse.Namespace) -> None:
    """A report, on standard output, and what is to be said of it."""
    if options.json:
        print_json(_as_json(report))
    else:
        would = "would be " if options.dry_run else ""
        removed = f"{report.removed} removed, " if report.removed else ""
        write(
            f"read {report.read} records: {report.added} papers {would}added, "
            f"{report.updated} updated, {report.unchanged} unchanged, {removed}"
            f"{report.merged} merged, {report.rejected} rejected; "
            f"{report.papers} papers in the index "
            f"({report.embedded} passages embedded, {report.seconds:.1f} s)\n"
        )
        _say_merges(report)
    for note in report.notes:
        say(note)
    if report.rejects_path is not None and report.rejected:
        say(f"the rejected records and why: {report.rejects_path}")
    for failure in report.failures[:_SHOWN_FAILURES]:
        say(failure)


def _say_merges(report: IngestReport) -> None:
    """Which records became one with a paper, and why, a line each."""
    for merged in report.merges[:_SHOWN_MERGES]:
        say(merged)
    if (rest := report.merged - len(report.merges[:_SHOWN_MERGES])) > 0:
        say(f"and {rest:,} more records became one with a paper: --json lists them")


def _as_json(report: IngestReport) -> dict[str, Any]:
    """All that a report holds; the counts first."""
    names = ("read", "papers", "added", "updated", "unchanged", "rejected", "embedded", "merged")
    return {
        **{name: getattr(report, name) for name in names},
        "removed": report.removed,
        "seconds": round(report.seconds, 3),
        "notes": list(report.notes),
        "failures": list(report.failures),
        "merges": [merge._asdict() for merge in report.merges],
        "repairs": [asdict(repair) for repair in report.repairs],
        "rejections": [asdict(rejected) for rejected in report.rejections],
    }


def run_info(options: argparse.Namespace, config: Config) -> int:
    """What is indexed, and with which models."""
    from rag import build

    tree = build.assistant(config).info()
    if options.json:
        print_json(tree)
        return 0
    lines = [
        f"index     {config.index}",
        f"papers    {tree['papers']}, in {tree['passages']} passages",
        f"embedder  {tree['embedder']}",
        f"llm       {tree['llm']}",
        f"state     {tree['fingerprint'][:16]}",
        "years     " + "  ".join(f"{year}: {count}" for year, count in tree["years"].items()),
        *(f"source    {source}: {count}" for source, count in tree["sources"].items()),
    ]
    write("\n".join(map(one_line, lines)) + "\n")
    return 0


def run_doctor(options: argparse.Namespace, config: Config) -> int:
    """Look the index over; 1 when something is wrong and was not mended."""
    from index_store.doctor import doctor
    from rag.library.codec import index_errors

    with index_errors():
        findings = doctor(config.index, repair=options.repair)
    if options.json:
        print_json([{"what": one.what, "repaired": one.repaired} for one in findings])
    elif not findings:
        write("the index is sound\n")
    else:
        for one in findings:
            line(f"{'repaired' if one.repaired else 'found'}: {one.what}")
    unmended = any(not one.repaired for one in findings)
    if unmended and not options.repair:
        say("`quoth doctor --repair` mends what can be mended")
    return 1 if unmended else 0


def ensure_index(config: Config) -> None:
    """Index the papers in the box at the default place where that does not exist yet.

    A place that somebody named, or that is there, is theirs: only `quoth ingest` fills it.
    """
    from rag import build
    from rag.config import own_index
    from ui.cli.progress import StageBars

    place = own_index()
    if config.index != place or place.exists():
        return
    say("indexing the 253 papers in the box, once; `quoth ingest PATH...` adds your own")
    with StageBars() as bars:
        build.ingestor(config).run([STARTER], progress=bars)
