"""A full disk is an error that says what to do: no signal, no paper lost, nothing embedded twice.

In a process of its own, which a signal would end; on a disk of its own, filled in 16 ways.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SIZES = {
    "rows": (0, 60, 200, 400, 600, 800, 1000, 2000),
    "commit": (0, 20, 80, 200, 350, 450, 600, 2000),
}
"""kB that are left before rows are written, or before the commit of rows that are."""

INGEST = """
import json, shutil, subprocess, sys
from pathlib import Path
import numpy as np
from index_store.doctor import doctor
from index_store.errors import StoreFullError
from index_store.manifest import Settings
from index_store.snapshot import open_snapshot
from index_store.writer import open_writer
from index_store_helpers import document

disk, moment, sizes = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
vectors = np.random.default_rng(0).normal(size=(64, 384)).astype(np.float32)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

def resize(kilobytes):
    command = ["mount", "-o", f"remount,size={kilobytes}k", str(disk)]
    subprocess.run(command, check=True)

def fill(free):
    if free is not None:
        resize(shutil.disk_usage(disk).used // 1024 + free)

def ingest(folder, start, end, *, free=None):
    documents = [document(f"d{i:04}", [f"{i} {j}" for j in range(9)]) for i in range(start, end)]
    embedded = 0
    with open_writer(folder, Settings(embedder="test", chunking="1")) as writer:
        if moment == "rows":
            fill(free)
        for first in range(0, len(documents), 6):
            part = documents[first : first + 6]
            missing = writer.missing_rows([row for one in part for row in one.row_ids])
            writer.add_rows(missing, vectors[: len(missing)])
            embedded += len(missing)
        if moment == "commit":
            fill(free)
        writer.commit(documents)
    return embedded

resize(200_000)
ingest(disk / "old", 0, 6)
for size in sizes:
    index = shutil.copytree(disk / "old", disk / "index")
    try:
        ingest(index, 6, 30, free=size)
        outcome = "whole"
    except StoreFullError as error:
        outcome = str(error)
    full = len(open_snapshot(index))
    resize(200_000)
    again = ingest(index, 6, 30)
    found = [finding.what for finding in doctor(index)]
    tree = {"size": size, "outcome": outcome, "full": full, "again": again, "found": found}
    print(json.dumps(tree | {"after": len(open_snapshot(index))}), flush=True)
    shutil.rmtree(index)
"""


@pytest.mark.parametrize("moment", SIZES)
def test_a_full_disk_is_an_error_and_loses_no_paper(disk, moment):
    here = str(Path(__file__).parent)
    code = f"import sys; sys.path.insert(0, {here!r})\n{INGEST}"
    command = [sys.executable, "-c", code, str(disk.folder), moment, json.dumps(SIZES[moment])]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["size"] for one in outcomes] == list(SIZES[moment])
    for one in outcomes:
        assert (one["after"], one["found"]) == (30, [])
        if one["outcome"] == "whole":
            assert (one["full"], one["again"]) == (30, 0)
        else:
            assert one["full"] == 6
            assert "disk is full" in one["outcome"] and "Make room" in one["outcome"]
            assert "doctor" not in one["outcome"]
    ends = [one["outcome"] == "whole" for one in outcomes]
    assert ends == sorted(ends) and ends[-1] and not ends[1]
    again = [one["again"] for one in outcomes]  # what was embedded is kept
    assert again == sorted(again, reverse=True)
    assert moment == "rows" or not any(again)
