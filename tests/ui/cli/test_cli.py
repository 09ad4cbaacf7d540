"""The terminal: flags, exit status, streams, JSON."""

import json
import subprocess
import sys

import pytest

from ui.cli import main

pytestmark = pytest.mark.slow

PAPERS = [
    {
        "id": "owl1",
        "title": "Owls hear mice",
        "abstract": "We study how owls hear. Owls hear mice under 30 cm of snow. Hearing improves with age.",
        "date": "2024-03-01",
        "author_count": 1,
    },
    {
        "id": "owl2",
        "title": "Owls see voles",
        "abstract": "We measure the sight of owls. Owls see voles at 0.2 lux in winter forests.",
        "date": "2021",
    },
    {
        "id": "bees",
        "title": "Bees dance",
        "abstract": "Bees dance to tell where flowers are. The dance lasts 12 seconds on average.",
    },
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    source = folder / "papers.jsonl"
    source.write_text("\n".join(json.dumps(paper) for paper in PAPERS))
    assert main(["ingest", str(source), "--index", str(folder / "index")]) == 0
    return folder / "index"


def run(capsys, *arguments):
    capsys.readouterr()
    status = main(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_ingest_prints_the_counts_of_the_contract(capsys, tmp_path):
    source = tmp_path / "papers.jsonl"
    source.write_text(
        "\n".join(json.dumps(paper) for paper in PAPERS) + '\n{"title": "no abstract"}\n'
    )
    status, out, err = run(capsys, "ingest", str(source), "--index", str(tmp_path / "i"), "--json")
    tree = json.loads(out)
    assert status == 0
    assert set(tree) >= {
        "read",
        "papers",
        "added",
        "updated",
        "unchanged",
        "rejected",
        "embedded",
        "seconds",
    }
    assert (tree["papers"], tree["added"], tree["rejected"]) == (3, 3, 1)
    assert (tree["rejections"][0]["line"], tree["rejections"][0]["reason"]) == (4, "no abstract")
    assert (tree["merged"], tree["merges"], tree["repairs"]) == (0, [], [])
    assert "rejected.jsonl" in err
    status, out, _ = run(capsys, "ingest", str(source), "--index", str(tmp_path / "i"), "--json")
    tree = json.loads(out)
    assert (tree["unchanged"], tree["embedded"]) == (3, 0)


def test_the_report_says_what_became_one_and_what_was_mended(capsys, tmp_path):
    text = "Forty mills along two rivers were timed in a dry summer, and each lost water."
    record = {"title": "Mills", "abstract": f"<p>{text}</p>", "doi": "10.1234/ab"}
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    for path in (first, second):
        path.write_text(json.dumps(record) + "\n")
    files = (str(first), str(second))
    _, out, _ = run(capsys, "ingest", *files, "--index", str(tmp_path / "i"), "--json", "--dry-run")
    tree = json.loads(out)
    assert (tree["read"], tree["added"], tree["merged"]) == (2, 1, 1)
    (merge,) = tree["merges"]
    assert (merge["paper_id"], merge["title"], merge["source"]) == (
        "10.1234/ab",
        "Mills",
        str(second),
    )
    assert "10.1234/ab" in merge["reason"]
    assert [(repair["path"], repair["count"]) for repair in tree["repairs"]] == [
        (path, 1) for path in files
    ]
    assert "markup" in tree["repairs"][0]["what"]


def test_nothing_that_can_be_read_is_an_error_and_says_why(capsys, tmp_path):
    source = tmp_path / "scholar.bib"
    source.write_text("@article{a, title={Mills}, year=2020}\n@article{b, title={Weirs}}\n")
    status, _, err = run(capsys, "ingest", str(source), "--index", str(tmp_path / "i"), "--dry-run")
    assert status == 1
    assert "none of its 2 records can be used" in err and "Google Scholar exports none" in err


def test_a_missing_file_is_an_error_that_keeps_the_rest(capsys, tmp_path):
    good = tmp_path / "papers.jsonl"
    good.write_text(json.dumps(PAPERS[0]))
    status, _, err = run(
        capsys, "ingest", str(tmp_path / "none.jsonl"), str(good), "--index", str(tmp_path / "i")
    )
    assert status == 1
    assert "none.jsonl" in err
    assert main(["info", "--index", str(tmp_path / "i")]) == 0


def test_search_finds_the_paper_and_prints_json(capsys, index):
    status, out, _ = run(capsys, "search", "owls hearing mice", "--index", str(index), "--json")
    hits = json.loads(out)["hits"]
    assert status == 0
    assert hits[0]["paper_id"] == "owl1"


def test_ask_answers_with_sources_on_stdout(capsys, index):
    status, out, _ = run(
        capsys,
        "ask",
        "under how much snow do owls hear mice?",
        "--index",
        str(index),
        "--set",
        "llm.model=off",
    )
    assert status == 0
    assert "30 cm" in out
    assert "[1] Owls hear mice" in out


def test_ask_without_an_answer_exits_with_three(capsys, index):
    status, out, _ = run(
        capsys,
        "ask",
        "what is the melting point of tungsten?",
        "--index",
        str(index),
        "--set",
        "llm.model=off",
        "--json",
    )
    assert status == 3
    assert json.loads(out)["outcome"] == "abstained"


def test_batches_write_one_line_a_question(capsys, index, tmp_path):
    questions, out = tmp_path / "q.jsonl", tmp_path / "out.jsonl"
    lines = [
        {"id": "a", "question": "how long is the dance of bees?", "papers": ["gold, not read"]},
        {
            "id": "b",
            "question": "and of owls?",
            "history": [{"role": "user", "content": "how long is the dance of bees?"}],
        },
    ]
    questions.write_text("\n".join(json.dumps(line) for line in lines))
    common = ["--index", str(index), "--batch", str(questions), "--out", str(out)]
    assert run(capsys, "ask", *common, "--set", "llm.model=off")[0] == 0
    answers = [json.loads(line) for line in out.read_text().splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "b"]
    assert answers[0]["schema"] == "quoth.answer/1"
    assert run(capsys, "search", *common)[0] == 0
    hits = [json.loads(line) for line in out.read_text().splitlines()]
    assert hits[0]["hits"][0]["paper_id"] == "bees"
    assert set(hits[0]["hits"][0]) == {"paper_id", "title", "score"}


def test_relative_dates_count_from_the_day_that_is_named(capsys, index, tmp_path):
    asked = ["papers on owls from last year", "--index", str(index)]
    status, out, _ = run(capsys, "search", *asked, "--today", "2025-06-01", "--json")
    assert status == 0
    assert [hit["paper_id"] for hit in json.loads(out)["hits"]] == ["owl1"]
    asked += ["--set", "llm.model=off", "--json"]
    _, out, _ = run(capsys, "ask", *asked, "--today", "2022-06-01")
    assert json.loads(out)["filters"]["year_max"] == 2021
    with pytest.raises(SystemExit) as stopped:
        main(["ask", *asked, "--today", "1 June"])
    assert stopped.value.code == 2
    assert "'1 June' is not a day; write it as 2026-11-30" in capsys.readouterr().err


def test_a_batch_line_names_the_day_it_is_asked_on(capsys, index, tmp_path):
    questions, out = tmp_path / "q.jsonl", tmp_path / "out.jsonl"
    line = {"question": "papers on owls from last year"}
    lines = [line | {"id": "own", "today": "2025-06-01"}, line | {"id": "of the option"}]
    questions.write_text("\n".join(json.dumps(line) for line in lines))
    common = ["--index", str(index), "--batch", str(questions), "--out", str(out)]
    common += ["--today", "2022-06-01"]
    assert run(capsys, "ask", *common, "--set", "llm.model=off")[0] == 0
    answers = [json.loads(line) for line in out.read_text().splitlines()]
    assert [answer["filters"]["year_min"] for answer in answers] == [2024, 2021]
    assert run(capsys, "search", *common)[0] == 0
    hits = [json.loads(line)["hits"] for line in out.read_text().splitlines()]
    assert [hit[0]["paper_id"] for hit in hits] == ["owl1", "owl2"]
    questions.write_text(json.dumps(line | {"today": "soon"}))
    status, _, err = run(capsys, "ask", *common)
    assert status == 1
    assert f"{questions}:1: not a question line" in err
    assert "'soon'" in err


def test_a_bad_batch_line_is_named(capsys, index, tmp_path):
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"id": 1, "question": "fine?"}\n{"id": 2}\n')
    status, _, err = run(
        capsys,
        "search",
        "--index",
        str(index),
        "--batch",
        str(questions),
        "--out",
        str(tmp_path / "o"),
    )
    assert status == 1
    assert f"{questions}:2" in err


def test_going_on_needs_a_first_question(capsys, tmp_path, index):
    status, _, err = run(capsys, "ask", "-c", "and then?", "--index", str(index / "none"))
    assert status in (1, 2)
    assert err.startswith("quoth: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "x", "--set", "llm.modle=off"], "did you mean 'model'"),
        (["search", "x", "-k", "0"], "at least 1"),
        (["ask"], "QUESTION"),
        (["ask", "x", "--config", "none.toml"], "none.toml"),
    ],
)
def test_wrong_usage_is_told_in_one_line(capsys, index, arguments, words):
    status, out, err = run(capsys, *arguments, "--index", str(index))
    assert status == 2
    assert words in err
    assert err.count("\n") == 1
    assert out == ""


def test_help_imports_nothing_heavy():
    code = "import sys; from ui.cli import build_parser; build_parser().format_help(); print([m for m in ('numpy', 'torch', 'gradio', 'chromadb', 'llama_index') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
