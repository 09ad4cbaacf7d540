"""The gate: the papers in the box against stored baselines. Worse answers must not get through.

The baselines are raw runs; answers that got better pass against them. They are recorded anew, when
answers changed on purpose, by `python tests/eval/record_baseline.py`.
"""

from pathlib import Path

import pytest

from eval.runs.records import read_run
from ui.cli import main

BASELINE = Path(__file__).parent / "baseline"
FEW = BASELINE / "written.jsonl"
CARRIED = "citation_recall=0.99"
"""What is shown has passed the check, so the check itself finds nothing to say against it."""


def compare(*arguments):
    return main(["eval", "compare", *map(str, arguments)])


def test_the_answers_are_not_worse_than_the_baseline(quoted, capsys):
    status = compare(BASELINE / "quoted", quoted, "--fail-under", CARRIED)
    assert status == 0, capsys.readouterr().out


def test_two_identical_runs_do_not_fail(quoted, capsys):
    assert compare(quoted, quoted) == 0
    shown = capsys.readouterr().out
    assert "no significant regression" in shown
    assert "FAILS" not in shown


def test_without_words_and_reading_the_gate_closes(rerun, capsys):
    poorer = ("llm.model=off", "retrieval.lexical_weight=0", "reader=off", "answer.list_limit=1")
    settings = [part for setting in poorer for part in ("--set", setting)]
    cut_short = rerun("starter", "--limit", "20", *settings)  # so many are enough to tell
    assert compare(BASELINE / "quoted", cut_short) == 4
    shown = capsys.readouterr().out
    assert shown.rstrip().endswith("REGRESSION")
    assert "worse: FAILS" in shown


@pytest.mark.slow
def test_without_the_support_check_the_gate_closes(rerun, capsys):
    checked = rerun(FEW, "--limit", "3")
    assert compare(BASELINE / "written", checked, "--fail-under", CARRIED) == 0, (
        capsys.readouterr().out
    )
    # What the taught writer says would pass unseen, or nearly; what the untaught says does not.
    settings = ["--set", "answer.check=false", "--set", "llm.adapter=off"]
    unchecked = rerun(FEW, "--limit", "2", *settings)
    assert compare(BASELINE / "written", unchecked, "--fail-under", CARRIED) == 4
    assert "below the floor: citation_recall is 0." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["quoted", "written"])
def test_the_baselines_are_of_the_papers_in_the_box_and_of_no_machine(name):
    run = read_run(BASELINE / name)
    assert all(record.answer is not None for record in run.records.values())
    box = (Path(__file__).parents[2] / "rag" / "data" / "starter.jsonl").read_text(encoding="utf-8")
    for paper in run.papers.values():
        assert paper.abstract[:60] in box
    for path in (BASELINE / name).iterdir():
        text = path.read_text(encoding="utf-8")
        assert str(Path(__file__).parents[2]) not in text
        assert str(Path.home()) not in text
