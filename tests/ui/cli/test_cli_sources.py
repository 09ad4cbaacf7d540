"""The terminal: papers from sources, out again as files, and a folder that is watched."""

import json
import sys
from pathlib import Path

import pytest

from rag.papers import read
from ui.cli import main

sys.path.insert(0, str(Path(__file__).parents[2] / "rag"))
from sources_helpers import Service, hub_paper

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hub():
    page = json.dumps([hub_paper(n, "2026-11-20") for n in range(3)]).encode()
    service = Service(lambda path, query, headers: (200, {}, page))
    yield service
    service.close()


@pytest.fixture(scope="module")
def index(hub, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources") / "index"
    assert main(asked(hub, folder)) == 0
    return folder


def asked(hub, index, *more):
    service = ["--set", f"sources.daily={hub.address}"]
    return ["ingest", "daily:2026-11-20", "--index", str(index), *service, *more]


def run(capsys, *arguments):
    capsys.readouterr()
    status = main(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_papers_of_a_source_are_known_by_its_name_and_fetched_once(capsys, hub, index):
    before = len(hub.asked)
    status, out, _ = run(capsys, *asked(hub, index, "--json"))
    tree = json.loads(out)
    assert (status, tree["read"], tree["unchanged"], tree["embedded"]) == (0, 3, 3, 0)
    assert len(hub.asked) == before
    status, out, _ = run(capsys, "info", "--index", str(index), "--json")
    assert json.loads(out)["sources"] == {"daily:2026-11-20": 3}


def test_a_dry_run_over_the_network_leaves_no_trace(capsys, hub, tmp_path):
    status, out, _ = run(capsys, *asked(hub, tmp_path / "i", "--dry-run", "--json"))
    assert (status, json.loads(out)["added"]) == (0, 3)
    assert not (tmp_path / "i").exists()


def test_a_service_that_is_away_is_told_in_one_line_and_files_are_read(capsys, hub, tmp_path):
    away = Service(lambda *_: (200, {}, b""))
    away.close()
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"title": "Mills", "abstract": "We time mills. They turn."}))
    _, source, *options = asked(away, tmp_path / "i", "--json", "--dry-run")
    status, out, err = run(capsys, "ingest", source, str(path), *options)
    assert (status, json.loads(out)["added"]) == (1, 1)
    assert "daily:2026-11-20: 127.0.0.1" in err and "cannot be reached" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["papers.bib", "--since", "2026-11-01"], "goes with a source"),
        (["daily:", "--since", "2126-11-01"], "today is"),
        (["arxiv:nothing such"], "a category of arXiv"),
        (["--watch", "x", "papers.bib"], "--watch DIR goes alone"),
        (["daily:", "--since", "soon"], "not a day"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(capsys, hub, tmp_path, arguments, said):
    before = len(hub.asked)
    try:
        status = main(["ingest", *arguments, "--index", str(tmp_path / "i"),
                       "--set", f"sources.daily={hub.address}"])  # fmt: skip
    except SystemExit as ended:  # argparse's own
        status = ended.code
    assert status == 2 and said in capsys.readouterr().err
    assert len(hub.asked) == before and not (tmp_path / "i").exists()


@pytest.mark.parametrize("ending", ["bib", "csl", "json", "csv", "md", "ris"])
def test_a_collection_goes_out_and_comes_back(capsys, index, tmp_path, ending):
    path = tmp_path / f"papers.{ending}"
    status, out, err = run(capsys, "export", "--out", str(path), "--index", str(index))
    assert (status, out) == (0, "") and str(path) in err
    back = list(read(path))
    assert [paper.title for paper in back] == ["Mills 0", "Mills 1", "Mills 2"]
    assert [paper.arxiv_id for paper in back] == ["2611.00000", "2611.00001", "2611.00002"]
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


def test_a_collection_goes_to_standard_output(capsys, index):
    status, out, _ = run(capsys, "export", "--format", "ris", "--index", str(index))
    assert status == 0 and out.count("TY  - ") == 3


def test_a_format_that_nothing_names_is_wrong_usage(capsys, index, tmp_path):
    status, _, err = run(capsys, "export", "--out", str(tmp_path / "a.xyz"), "--index", str(index))
    assert status == 2 and "bib, csl, csv, md, ris" in err


def test_an_answer_is_saved_with_its_sources(capsys, index, tmp_path):
    path = tmp_path / "answer.md"
    status, _, _ = run(
        capsys, "ask", "which papers time mill 1?", "--save", str(path), "--index", str(index),
        "--set", "llm.model=off",
    )  # fmt: skip
    assert status == 0
    assert path.read_text().startswith("## which papers time mill 1?")
    assert {paper.title for paper in read(path)} <= {f"Mills {n}" for n in range(3)}


def test_a_watched_folder_is_followed_until_ctrl_c(capsys, tmp_path, monkeypatch):
    folder = tmp_path / "exports"
    folder.mkdir()
    paper = {"title": "Mills", "abstract": "We time mills. They turn."}
    (folder / "a.jsonl").write_text(json.dumps(paper))
    looks = []

    def slept(seconds):
        looks.append(seconds)
        if len(looks) == 2:
            (folder / "a.jsonl").unlink()
        if len(looks) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr("ui.cli.watch.sleep", slept)
    status, out, err = run(
        capsys, "ingest", "--watch", str(folder), "--index", str(tmp_path / "i"), "--json"
    )
    first, second = map(json.loads, out.splitlines())
    assert (first["added"], first["papers"]) == (1, 1)
    assert (second["removed"], second["papers"]) == (1, 0)
    assert status == 0 and "the index is whole" in err
