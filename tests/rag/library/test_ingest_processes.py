"""An ingest killed at any moment, and two at once: with real processes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from ingest_helpers import CountingEncoder, record, write_lines

from index_store.doctor import doctor
from index_store.errors import StoreMissingError
from index_store.snapshot import open_snapshot
from rag.errors import IndexBusyError
from rag.library.ingest import WINDOW, Ingestor

pytestmark = pytest.mark.slow

PAPERS = 400
INGEST = """
import sys
from pathlib import Path
from ingest_helpers import CountingEncoder
from rag.library.ingest import Ingestor
index, log, seconds, *papers = sys.argv[1:]
encoder = CountingEncoder(log=Path(log), seconds=float(seconds))
def tell(*words):
    print(*words, flush=True)
report = Ingestor(Path(index), encoder, wait_seconds=60).run(papers, progress=tell, on_wait=tell)
print("done", report.added, report.papers, flush=True)
"""


def start(index, log, seconds, *papers):
    here = str(Path(__file__).parents[1])
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {here!r})\n{INGEST}",
            *map(str, (index, log, seconds, *papers)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(process, beginning):
    for line in process.stdout:
        if line.startswith(beginning):
            return line
    raise AssertionError(f"the process ended without {beginning!r}")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A file of five papers and one of `PAPERS` others."""
    folder = tmp_path_factory.mktemp("files")
    old = write_lines(folder / "old.jsonl", [record(i) for i in range(1000, 1005)])
    return old, write_lines(folder / "new.jsonl", [record(i) for i in range(PAPERS)])


@pytest.fixture(scope="module")
def whole(files, tmp_path_factory):
    """Both files in an index that was made without a kill."""
    index = tmp_path_factory.mktemp("whole") / "index"
    Ingestor(index, CountingEncoder()).run(files)
    return open_snapshot(index)


@pytest.mark.parametrize(
    ("moment", "delay"),
    [("read 400", 0), ("embed 64", 0), ("embed 256", 0.1), ("embed 400", 0), ("vectors 405", 0)],
)
def test_a_killed_ingest_is_finished_without_repeating_it(tmp_path, files, whole, moment, delay):
    index, log = tmp_path / "index", tmp_path / "log"
    old, new = files
    Ingestor(index, CountingEncoder()).run([old])
    killed = start(index, log, 0.05, new)
    wait_for(killed, moment)
    time.sleep(delay)
    killed.kill()
    killed.wait()
    assert len(open_snapshot(index)) in (5, 5 + PAPERS)  # the state before, or, at the end, after
    encoder = CountingEncoder(log=log)
    report = Ingestor(index, encoder).run([new])
    assert report.papers == len(open_snapshot(index)) == 5 + PAPERS
    times = Counter(json.loads(line) for line in log.read_text().splitlines())
    assert len(times) == 4 * PAPERS
    # Only the texts of the window that the kill fell into may have been embedded twice.
    assert sum(times.values()) - len(times) <= 4 * WINDOW
    if moment in ("embed 400", "vectors 405"):
        assert encoder.texts == []
    ours, theirs = open_snapshot(index).manifest, whole.manifest
    assert len(whole) == report.papers
    assert ours.files == theirs.files and ours.fingerprint == theirs.fingerprint
    doctor(index, repair=True)
    assert doctor(index) == []


def test_a_first_ingest_that_is_killed_leaves_no_index_but_its_rows(tmp_path):
    index, log = tmp_path / "index", tmp_path / "log"
    new = write_lines(tmp_path / "new.jsonl", [record(i) for i in range(PAPERS)])
    killed = start(index, log, 0.05, new)
    wait_for(killed, "embed 192")
    killed.kill()
    killed.wait()
    with pytest.raises(StoreMissingError, match="quoth ingest"):
        open_snapshot(index)
    encoder = CountingEncoder()
    assert Ingestor(index, encoder).run([new]).added == PAPERS
    assert len(encoder.texts) <= 4 * (PAPERS - 192)


def test_two_ingests_at_once_both_arrive_and_an_impatient_one_is_told(tmp_path):
    index, log = tmp_path / "index", tmp_path / "log"
    first = write_lines(tmp_path / "first.jsonl", [record(i) for i in range(200)])
    second = write_lines(tmp_path / "second.jsonl", [record(i) for i in range(150, 300)])
    one = start(index, log, 0.4, first)
    wait_for(one, "embed 64")
    with pytest.raises(IndexBusyError, match="another process is writing"):
        Ingestor(index, CountingEncoder(), wait_seconds=0.1).run([second])
    two = start(index, log, 0, second)
    assert wait_for(two, "another process is writing")
    assert wait_for(one, "done") == "done 200 200\n"
    assert wait_for(two, "done") == "done 100 300\n"
    assert one.wait() == two.wait() == 0
    snapshot = open_snapshot(index)
    assert len(snapshot) == 300
    assert len(snapshot.document("p0170")["source"]) == 2
