"""Running question sets: resumable, failure-proof, and one process at a time."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from eval.runs.records import FoundPaper, StoredPaper, read_run
from eval.runs.runner import Asked, run_questions
from eval.scores.scoring import score_run
from eval.scores.summary import summarise, summary_to_json
from rag.errors import InputError, ModelError, UsageError

MANIFEST = {"set": "test", "settings": {"llm": {"model": "off"}}}


@pytest.fixture
def questions(make):
    return [make.question(id=f"q{place}") for place in range(6)]


@pytest.fixture
def ask(make):
    """Right for even questions; what it was asked is in its `asked`."""

    def asker(question):
        asker.asked.append(question.question_id)
        right = int(question.question_id[1:]) % 2 == 0
        quote = "We route to 8 experts." if right else "Accuracy rises by 3 points."
        title, abstract = make.papers["moe"]
        return Asked(
            answer=make.answer(("We route.", "moe", quote)),
            hits=(FoundPaper("moe", title, 0.5),),
            papers=(StoredPaper("moe", title, abstract),),
        )

    asker.asked = []
    return asker


def figures(make, run):
    tree = summary_to_json(summarise(score_run(run, make.judged)))
    measured = {"seconds_total", "seconds_total_p95", "seconds_first", "peak_mb"}
    return {name: value for name, value in tree["figures"].items() if name not in measured}


def test_a_run_holds_what_was_asked_answered_and_cited(tmp_path, questions, ask):
    run = run_questions(questions, ask, folder=tmp_path / "run", manifest=MANIFEST)
    assert list(run.records) == ["q0", "q1", "q2", "q3", "q4", "q5"]
    assert run.records["q0"].question == questions[0]
    assert run.records["q0"].hits[0].paper_id == "moe"
    assert list(run.papers) == ["moe"]
    assert run.manifest["settings"] == MANIFEST["settings"]
    lines = (tmp_path / "run" / "papers.jsonl").read_text().splitlines()
    assert len(lines) == 1


def test_an_interrupted_run_goes_on_and_scores_the_same(tmp_path, make, questions, ask):
    whole = run_questions(questions, ask, folder=tmp_path / "whole", manifest=MANIFEST)
    ask.asked.clear()

    def interrupted(question):
        if question.question_id == "q3":
            raise KeyboardInterrupt
        return ask(question)

    with pytest.raises(KeyboardInterrupt):
        run_questions(questions, interrupted, folder=tmp_path / "run", manifest=MANIFEST)
    run = run_questions(questions, ask, folder=tmp_path / "run", manifest=MANIFEST)
    assert ask.asked == ["q0", "q1", "q2", "q3", "q4", "q5"]  # none twice
    assert figures(make, run) == figures(make, whole)


@pytest.mark.parametrize("name", ["records.jsonl", "papers.jsonl"])
@pytest.mark.parametrize("kept", [1, 20, -1])
def test_a_line_that_was_cut_while_it_was_written_is_asked_again(
    tmp_path, make, questions, ask, name, kept
):
    whole = run_questions(questions, ask, folder=tmp_path, manifest=MANIFEST)
    lines = (tmp_path / name).read_bytes().splitlines(keepends=True)
    torn = b"".join(lines[:-1]) + lines[-1][:kept]
    (tmp_path / name).write_bytes(torn)
    assert len(read_run(tmp_path).records) >= 5  # readable as it is
    run = run_questions(questions, ask, folder=tmp_path, manifest=MANIFEST)
    if name == "records.jsonl":
        assert figures(make, run) == figures(make, whole)
        assert ask.asked[6:] == ["q5"]
    for line in (tmp_path / name).read_text().splitlines():
        json.loads(line)


def test_a_killed_process_leaves_a_run_that_goes_on(tmp_path, make, questions, ask):
    """A real process, killed without a chance to tidy up after three answers."""
    script = textwrap.dedent(
        """
        import json, os, sys
        from pathlib import Path
        from eval.sets.questions import question_from_json
        from eval.runs.records import StoredPaper
        from eval.runs.runner import Asked, run_questions

        spec = json.loads(Path(sys.argv[1]).read_text())

        def ask(question):
            if question.question_id == "q3":
                os.kill(os.getpid(), 9)
            asked = spec["answers"][question.question_id]
            return Asked(answer=asked, papers=(StoredPaper(*spec["paper"]),))

        run_questions(
            [question_from_json(tree) for tree in spec["questions"]],
            ask,
            folder=Path(sys.argv[2]),
            manifest=spec["manifest"],
        )
        """
    )
    from eval.sets.questions import question_to_json

    spec = {
        "questions": [question_to_json(question) for question in questions],
        "answers": {question.question_id: ask(question).answer for question in questions},
        "paper": ["moe", *make.papers["moe"]],
        "manifest": MANIFEST,
    }
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    command = [sys.executable, "-c", script, str(tmp_path / "spec.json"), str(tmp_path / "run")]
    root = Path(__file__).parents[3]
    killed = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": str(root)})
    assert killed.returncode == -9
    assert list(read_run(tmp_path / "run").records) == ["q0", "q1", "q2"]
    ask.asked.clear()
    run = run_questions(questions, ask, folder=tmp_path / "run", manifest=MANIFEST)
    assert ask.asked == ["q3", "q4", "q5"]
    whole = run_questions(questions, ask, folder=tmp_path / "whole", manifest=MANIFEST)
    without_hits = {"ndcg@10", "recall@10", "r_precision", "mrr", "map"}
    mine, theirs = figures(make, run), figures(make, whole)
    assert {n: v for n, v in mine.items() if n not in without_hits} == {
        n: v for n, v in theirs.items() if n not in without_hits
    }


def test_a_failed_question_is_recorded_counted_and_tried_again(tmp_path, make, questions, ask):
    def failing(question):
        if question.question_id == "q1":
            raise ModelError("the model fell over")
        return ask(question)

    seen = []
    run = run_questions(
        questions, failing, folder=tmp_path, manifest=MANIFEST, progress=seen.append
    )
    assert [record.error for record in seen if record.answer is None] == [
        "ModelError: the model fell over"
    ]
    summary = summarise(score_run(run, make.judged))
    assert summary.failed == {"q1": "ModelError: the model fell over"}
    assert summary.value("score").value == 3 / 5
    mended = run_questions(questions, ask, folder=tmp_path, manifest=MANIFEST)
    assert mended.records["q1"].error == ""
    assert ask.asked.count("q0") == 1


def test_a_folder_of_another_run_is_refused(tmp_path, questions, ask):
    run_questions(questions, ask, folder=tmp_path, manifest=MANIFEST)
    with pytest.raises(UsageError, match=r"another settings: .* choose another --out"):
        run_questions(questions, ask, folder=tmp_path, manifest=MANIFEST | {"settings": {}})


def test_two_processes_do_not_write_into_one_run(tmp_path, questions, ask):
    with (
        FileLock(tmp_path / ".lock"),
        pytest.raises(UsageError, match="another process is running"),
    ):
        run_questions(questions, ask, folder=tmp_path, manifest=MANIFEST)


def test_what_is_no_run_is_refused(tmp_path, questions, ask):
    with pytest.raises(InputError, match="is not a run"):
        read_run(tmp_path)
    run_questions(questions, ask, folder=tmp_path, manifest=MANIFEST)
    records = tmp_path / "records.jsonl"
    records.write_text("{}\n" + records.read_text())
    with pytest.raises(InputError, match=r"records.jsonl:1: not a record"):
        read_run(tmp_path)


def test_the_order_of_questions_does_not_change_the_figures(tmp_path, make, questions, ask):
    run = run_questions(questions, ask, folder=tmp_path / "a", manifest=MANIFEST)
    other = run_questions(questions[::-1], ask, folder=tmp_path / "b", manifest=MANIFEST)
    one, two = figures(make, run), figures(make, other)
    assert {name: value["all"]["value"] for name, value in one.items()} == {
        name: value["all"]["value"] for name, value in two.items()
    }
    assert replace(run, path=Path(), records={}) == replace(other, path=Path(), records={})
