"""Kills at any moment, two writers at once, and readers meanwhile: with real processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from index_store_helpers import SETTINGS, commit, document

from index_store.doctor import doctor
from index_store.errors import StoreBusyError
from index_store.snapshot import open_snapshot
from index_store.writer import open_writer

pytestmark = pytest.mark.slow

HOLD = """
import sys, time
from pathlib import Path
from index_store.writer import open_writer
from index_store_helpers import SETTINGS
with open_writer(Path(sys.argv[1]), SETTINGS):
    print("held", flush=True)
    time.sleep(60)
"""
COMMIT_FOREVER = """
import sys
from pathlib import Path
from index_store_helpers import commit, document
for i in range(10**6):
    commit(Path(sys.argv[1]), {f"d{j}": document(f"d{j}", [f"sentence {i}"]) for j in range(20)})
    print(i, flush=True)
"""


def start(code, *arguments):
    here = str(Path(__file__).parent)
    return subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {here!r})\n{code}", *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_second_writer_waits_or_is_told_and_a_dead_one_is_no_hindrance(tmp_path):
    commit(tmp_path, {"a": document("a", ["x"])})
    holder = start(HOLD, str(tmp_path))
    try:
        assert holder.stdout.readline() == "held\n"
        told = []
        with (
            pytest.raises(StoreBusyError, match="another process is writing"),
            open_writer(tmp_path, SETTINGS, wait_seconds=0.2, on_wait=told.append),
        ):
            pass
        assert len(told) == 1 and "waiting" in told[0]
        assert len(open_snapshot(tmp_path)) == 1  # readers do not ask for the lock
        threading.Timer(0.5, holder.kill).start()
        with open_writer(tmp_path, SETTINGS, wait_seconds=20) as writer:
            assert writer.snapshot is not None
    finally:
        holder.kill()
        holder.wait()


def test_a_reader_never_sees_half_a_commit(tmp_path):
    writer = start(COMMIT_FOREVER, str(tmp_path))
    try:
        assert writer.stdout.readline() == "0\n"
        seen = set()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            snapshot = open_snapshot(tmp_path)
            texts = {payload["abstract"] for payload in snapshot.documents()}
            assert len(texts) == 1 and len(snapshot) == 20
            seen |= texts
        assert len(seen) > 1
    finally:
        writer.kill()
        writer.wait()


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.15, 0.3])
def test_a_killed_commit_leaves_the_last_state_and_the_next_one_works(tmp_path, delay):
    writer = start(COMMIT_FOREVER, str(tmp_path))
    assert writer.stdout.readline() == "0\n"
    time.sleep(delay)
    writer.kill()
    writer.wait()
    last = int(("0\n" + writer.stdout.read()).split()[-1])
    texts = {payload["abstract"] for payload in open_snapshot(tmp_path).documents()}
    assert texts in ({f"sentence {last}"}, {f"sentence {last + 1}"})
    commit(tmp_path, {f"d{j}": document(f"d{j}", ["the end"]) for j in range(20)})
    assert {p["abstract"] for p in open_snapshot(tmp_path).documents()} == {"the end"}
    doctor(tmp_path, repair=True)
    assert doctor(tmp_path) == []
