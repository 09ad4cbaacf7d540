"""`quoth eval ...` from the terminal: exit statuses, what is printed, what is written."""

import io
import json
import subprocess
import sys

import pytest

from eval.sets.questions import questions_path
from ui.cli import main

EIGHT = "We route to 8 experts."


@pytest.fixture
def runs(make, tmp_path):
    """Folders of a good run, a bad one over the same questions, and a perturbed one."""

    def run(rights):
        pairs = []
        for place, right in enumerate(rights):
            quote = EIGHT if right else "Accuracy rises by 3 points."
            pairs.append((make.question(id=f"q{place}"), make.answer((quote, "moe", quote))))
        return make.run_of(*pairs)

    good = make.saved(tmp_path / "good", run([True] * 20))
    bad = make.saved(tmp_path / "bad", run([True] * 8 + [False] * 12))
    gone = make.run_of(*[(make.question(id=f"q{n}"), make.silent()) for n in range(20)])
    missing = make.saved(tmp_path / "missing", gone, perturb="missing")
    slips = make.saved(tmp_path / "slips", run([True] * 15 + [False] * 5), perturb="misspelled")
    return {"good": str(good), "bad": str(bad), "missing": str(missing), "slips": str(slips)}


def test_the_parser_imports_nothing_heavy():
    script = "import sys, eval.cli; print(sorted(sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    for name in ("numpy", "torch", "matplotlib", "jinja2", "llama_index"):
        assert f"'{name}'" not in found.stdout


def test_eval_alone_prints_its_steps(capsys):
    assert main(["eval"]) == 2
    assert "quoth eval run starter --out runs/now" in capsys.readouterr().out


def test_score_prints_and_keeps_the_figures(runs, capsys, tmp_path):
    assert main(["eval", "score", runs["bad"]]) == 0
    shown = capsys.readouterr().out
    assert "20 questions, 0 failed" in shown
    assert "right, or F1 of papers" in shown
    assert "0.400" in shown
    assert main(["eval", "score", runs["bad"], "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "bad" / "scores.json").read_text())
    assert printed["figures"]["score"]["all"]["value"] == 8 / 20
    assert printed["figures"]["score"]["all"]["questions"] == 20


def test_score_against_another_gold(runs, make, capsys, tmp_path):
    lines = []
    for place in range(20):
        tree = {
            "id": f"q{place}",
            "type": "fact",
            "question": "By how much?",
            "papers": ["A Mixture of Experts"],
            "answers": [["3 points"]],
        }
        lines.append(json.dumps(tree))
    (tmp_path / "gold.jsonl").write_text("\n".join(lines))
    gold = ["--questions", str(tmp_path / "gold.jsonl")]
    assert main(["eval", "score", runs["bad"], "--json", *gold]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["score"]["all"]["value"] == 12 / 20


def test_cross_validation_needs_enough_questions(runs, make, capsys, tmp_path):
    assert main(["eval", "score", runs["bad"], "--cross-validate"]) == 0
    assert "thresholds of the folds" in capsys.readouterr().out
    few = make.saved(tmp_path / "few", make.run_of((make.question(), make.silent())))
    assert main(["eval", "score", str(few), "--cross-validate"]) == 2
    assert "too few questions" in capsys.readouterr().err


def test_compare_fails_on_a_regression_only(runs, capsys):
    assert main(["eval", "compare", runs["good"], runs["good"]]) == 0
    assert "no significant regression" in capsys.readouterr().out
    assert main(["eval", "compare", runs["bad"], runs["good"]]) == 0
    capsys.readouterr()
    assert main(["eval", "compare", runs["good"], runs["bad"]]) == 4
    assert "worse: FAILS" in capsys.readouterr().out
    assert main(["eval", "compare", runs["good"], runs["bad"], "--json"]) == 4
    tree = json.loads(capsys.readouterr().out)
    assert tree["regressed"]
    assert tree["figures"]["score"]["regression"]
    assert tree["figures"]["score"]["difference"] == pytest.approx(-12 / 20)


def test_compare_with_floors_and_chosen_figures(runs, capsys):
    pair = [runs["bad"], runs["bad"]]
    assert main(["eval", "compare", *pair, "--fail-under", "score=0.3"]) == 0
    assert main(["eval", "compare", *pair, "--fail-under", "score=0.5"]) == 4
    assert "score is 0.400, under 0.5" in capsys.readouterr().out
    assert main(["eval", "compare", runs["good"], runs["bad"], "--figures", "cited_f1"]) == 0
    capsys.readouterr()
    assert main(["eval", "compare", *pair, "--fail-under", "score"]) == 2
    assert "wants FIGURE=VALUE" in capsys.readouterr().err
    assert main(["eval", "compare", *pair, "--figures", "speed"]) == 2


def test_what_is_no_run_is_told_in_one_line(capsys, tmp_path):
    assert main(["eval", "score", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert "quoth eval run QUESTIONS --out" in error


def test_robustness(runs, capsys):
    perturbed = [runs["slips"], runs["missing"]]
    assert main(["eval", "robustness", runs["good"], *perturbed]) == 0
    shown = capsys.readouterr().out
    assert "robustness 0.750, grounding 1.000" in shown
    assert main(["eval", "robustness", runs["good"], *perturbed, "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert [row["perturbation"] for row in tree["perturbations"]] == [
        "none",
        "misspelled",
        "missing",
    ]
    assert tree["fail_safe"]["together"] == pytest.approx(1.25 * 0.75 / (0.25 + 0.75))
    assert main(["eval", "robustness", runs["good"], runs["bad"]]) == 2
    assert "is not a perturbed run" in capsys.readouterr().err


def test_report(runs, capsys, tmp_path):
    out = tmp_path / "report"
    arguments = ["eval", "report", runs["bad"], "--against", runs["good"], "--out", str(out)]
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(out / name) for name in ("report.html", "report.md", "junit.xml")
    ]
    assert "Regression" in (out / "report.html").read_text(encoding="utf-8")


def test_new_drafts_from_the_papers_in_the_box(box_config, capsys, tmp_path):
    path = tmp_path / "drafts.jsonl"
    index = ["--index", str(box_config.index)]
    assert main(["eval", "new", "--out", str(path), "--count", "15", *index]) == 0
    assert "15 drafts" in capsys.readouterr().out
    assert len(path.read_text(encoding="utf-8").splitlines()) == 15
    assert main(["eval", "new", "--out", str(path), *index]) == 2
    assert main(["eval", "run", str(path), "--out", str(tmp_path / "run"), *index]) == 1
    assert "15 drafts wait for a person" in capsys.readouterr().err


def test_run_with_answers_made_elsewhere(make, box_config, capsys, tmp_path):
    questions = questions_path("starter").read_text(encoding="utf-8").splitlines()
    answers = [make.silent() | {"id": json.loads(line)["id"]} for line in questions[:3]]
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(json.dumps(answer) for answer in answers))
    arguments = ["eval", "run", "starter", "--answers", str(path), "--limit", "4"]
    arguments += ["--out", str(tmp_path / "run"), "--index", str(box_config.index)]
    assert main(arguments) == 1  # the fourth has no answer
    error = capsys.readouterr().err
    assert "failed: starter-004" in error
    assert "4 questions, 1 failed" in error
    assert main(["eval", "score", str(tmp_path / "run"), "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert list(tree["failed"]) == ["starter-004"]
    assert tree["figures"]["over_refusal"]["all"]["value"] == 1.0


def test_run_refuses_what_cannot_be_run_before_any_work(box_config, capsys, tmp_path):
    base = ["eval", "run", "starter", "--out", str(tmp_path / "run")]
    base += ["--index", str(box_config.index)]
    assert main([*base, "--perturb", "sideways"]) == 2
    assert "there is no perturbation 'sideways'" in capsys.readouterr().err
    assert main([*base, "-k", "-1"]) == 2
    other = tmp_path / "mine.jsonl"
    gold = {"papers": ["A Paper That Nobody Wrote"], "answers": [["x"]]}
    other.write_text(json.dumps({"id": "a", "type": "fact", "question": "b", **gold}))
    base[2] = str(other)
    capsys.readouterr()
    assert main(base) == 1
    assert f"{other}:1: 'A Paper That Nobody Wrote' is not in the index" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_retrieval_of_a_small_folder(tmp_path, capsys):
    corpus = [
        {"_id": "sea", "title": "Tides", "text": "The moon moves the sea twice a day."},
        {"_id": "bread", "title": "Baking", "text": "Dough rises because yeast makes gas."},
        {"_id": "rail", "title": "Trains", "text": "Steel wheels roll on steel rails."},
    ]
    queries = [
        {"_id": "q1", "text": "why does dough rise?"},
        {"_id": "q2", "text": "what moves the sea?"},
    ]
    for name, trees in (("corpus", corpus), ("queries", queries)):
        content = "\n".join(json.dumps(tree) for tree in trees)
        (tmp_path / f"{name}.jsonl").write_text(content)
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tbread\t1\nq2\tsea\t1\n")
    trec = tmp_path / "run.txt"
    assert main(["eval", "retrieval", str(tmp_path), "--json", "--out", str(trec)]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["figures"]["MRR"]["value"] == 1.0
    assert (tree["documents"], tree["indexed"], tree["missing"]) == (3, 3, 0)
    assert trec.read_text().splitlines()[0].split()[:4] == ["q1", "Q0", "bread", "1"]
    assert tree["parts"] == {}
    index = str(tmp_path / "index")
    assert main(["eval", "retrieval", str(tmp_path), "--parts", "--index", index]) == 0
    table = capsys.readouterr().out.split("by one score alone")[1].splitlines()
    assert [row.rsplit(maxsplit=7)[0] for row in table[1:]] == [
        *("whole abstract", "best sentence", "BM25", "their sum")
    ]
    (tmp_path / "corpus.jsonl").write_text(json.dumps(corpus[0]) + "\n" + json.dumps(corpus[1]))
    assert main(["eval", "retrieval", str(tmp_path), "--index", index]) == 2
    assert "holds 1 papers that are not of" in capsys.readouterr().err
    assert main(["eval", "retrieval", str(tmp_path), "-k", "0"]) == 2
    assert "-k wants at least 1" in capsys.readouterr().err


def test_figures_are_json_where_the_output_has_ascii_only(make, tmp_path, monkeypatch):
    quote = "Accuracy rises by 3 points."
    pairs = [(make.question(id=f"naïve-{n}"), make.answer((quote, "moe", quote))) for n in range(5)]
    run = make.saved(tmp_path / "run", make.run_of(*pairs))
    path = run / "records.jsonl"
    first, *others = [json.loads(line) for line in path.read_text().splitlines()]
    first |= {"answer": None, "error": "it broke"}
    path.write_text("".join(json.dumps(record) + "\n" for record in [first, *others]))
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert main(["eval", "score", str(run), "--json"]) == 0
    assert json.loads(raw.getvalue().decode("ascii"))["failed"] == {"naïve-0": "it broke"}
