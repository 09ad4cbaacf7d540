"""`quoth eval run`, killed half-way and entered again: the same figures as one that was not."""

import dataclasses
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eval.judging.support_judge import support_judge
from eval.runs.records import read_run
from eval.scores.scoring import score_run
from eval.scores.summary import summarise, summary_to_json
from ui.cli import main

QUESTIONS = 8  # asked, the first of the set
ENOUGH = 3  # answers on disk before the process is killed
PATIENCE = 240  # seconds
OF_THIS_RUN = {"seconds_first", "seconds_total", "seconds_total_p95", "peak_mb"}


@pytest.fixture
def command(box_config, tmp_path):
    settings = ["--set", "llm.model=off", "--index", str(box_config.index)]
    settings += ["--limit", str(QUESTIONS)]
    return ["eval", "run", "starter", "--out", str(tmp_path / "run"), *settings]


def test_a_killed_run_that_goes_on_has_the_figures_of_a_whole_one(command, quoted, tmp_path):
    records = tmp_path / "run" / "records.jsonl"
    process = subprocess.Popen([sys.executable, "-m", "ui.cli", *command], cwd=_root())
    try:
        _wait_for(records, process)
    finally:
        process.kill()
    assert process.wait() == -9
    there = len(read_run(tmp_path / "run").records)
    assert ENOUGH <= there < QUESTIONS

    before = records.read_bytes()
    assert main(command) == 0
    after = records.read_bytes()
    assert after.startswith(before[: before.rfind(b"\n") + 1])  # nothing is asked twice
    run, whole = read_run(tmp_path / "run"), read_run(quoted)
    asked = dict(list(whole.records.items())[:QUESTIONS])
    assert _figures(run) == _figures(dataclasses.replace(whole, records=asked))
    assert list(run.records) == list(asked)


def _wait_for(records, process):
    ends = time.monotonic() + PATIENCE
    while not records.exists() or records.read_bytes().count(b"\n") < ENOUGH:
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < ends, f"no {ENOUGH} answers in {PATIENCE} seconds"
        time.sleep(0.01)


def _figures(run):
    tree = summary_to_json(summarise(score_run(run, support_judge())))
    return {name: one for name, one in tree["figures"].items() if name not in OF_THIS_RUN}


def _root():
    return Path(__file__).parents[3]
