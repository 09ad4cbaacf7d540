"""Where the index lies: a folder that somebody named, one that may only be read, a lost manifest."""

import json
import shutil

import pytest

from ui.cli import main

pytestmark = pytest.mark.slow

OWLS = {
    "id": "owls",
    "title": "Owls hear mice",
    "abstract": "We study how owls hear. Owls hear mice under 30 cm of snow.",
}
BEES = {"id": "bees", "title": "Bees dance", "abstract": "The dance of bees lasts 12 seconds."}


def write(path, *papers):
    path.write_text("\n".join(json.dumps(paper) for paper in papers))
    return str(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places")
    assert main(["ingest", write(folder / "o.jsonl", OWLS), "--index", str(folder / "index")]) == 0
    return folder / "index"


@pytest.fixture
def index(made, tmp_path):
    return shutil.copytree(made, tmp_path / "index")


def ids(index):
    from index_store.snapshot import open_snapshot

    return list(open_snapshot(index).document_ids)


@pytest.mark.parametrize("command", [["search", "owls"], ["ask", "owls?"], ["info"], ["doctor"]])
def test_a_folder_that_somebody_named_is_not_filled_unasked(tmp_path, monkeypatch, capsys, command):
    theirs = tmp_path / "theirs"
    monkeypatch.setenv("QUOTH_INDEX", str(theirs))
    assert main(command) == 1
    assert "quoth ingest" in capsys.readouterr().err and not theirs.exists()
    theirs.mkdir()
    (theirs / "notes.txt").touch()
    assert main(command) == 1
    assert "quoth ingest" in capsys.readouterr().err
    assert list(theirs.iterdir()) == [theirs / "notes.txt"]


def test_the_papers_in_the_box_go_into_the_default_place_only_where_it_is_not(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.delenv("QUOTH_INDEX", raising=False)
    monkeypatch.setattr("rag.config.own_index", lambda: tmp_path / "own")
    monkeypatch.setattr("ui.cli.ingest.STARTER", write(tmp_path / "box.jsonl", OWLS))
    assert main(["search", "owls"]) == 0
    assert ids(tmp_path / "own") == ["owls"]
    shutil.rmtree(tmp_path / "own")
    (tmp_path / "own").mkdir()
    assert main(["search", "owls"]) == 1
    assert list((tmp_path / "own").iterdir()) == []


def test_a_lost_manifest_and_then_an_ingest_keeps_the_papers(index, tmp_path, capsys):
    (index / "manifest.json").unlink()
    for command in (["search", "owls"], ["info"]):
        assert main([*command, "--index", str(index)]) == 1
        told = capsys.readouterr().err
        assert "quoth doctor --repair" in told and "quoth ingest" not in told
    more = write(tmp_path / "bees.jsonl", BEES)
    assert main(["ingest", more, "--index", str(index)]) == 0
    assert ids(index) == ["bees", "owls"]


def test_an_index_that_may_only_be_read_answers_and_says_in_a_line_what_it_cannot_keep(
    index, disk, capsys
):
    only_read = shutil.copytree(index, disk.folder / "index")
    disk.remount("ro")
    where = ["--index", str(only_read), "--set", "llm.model=off"]
    assert main(["ask", "under how much snow do owls hear mice?", *where]) == 0
    answered = capsys.readouterr()
    assert "30 cm" in answered.out
    assert answered.err.count("\n") == 1 and "last-conversation.json" in answered.err
    assert main(["ask", "what is the melting point of tungsten?", *where]) == 3
    assert main(["search", "owls", *where]) == main(["info", *where]) == 0
    capsys.readouterr()
    assert main(["doctor", *where]) == 0
    assert capsys.readouterr().out == "the index is sound\n"
    assert main(["doctor", "--repair", *where]) == 1
    assert "Read-only" in capsys.readouterr().err


def test_the_doctor_finds_damage_in_an_index_that_may_only_be_read(index, disk, capsys):
    only_read = shutil.copytree(index, disk.folder / "index")
    vectors = only_read / "generations" / "1" / "whole.npy"
    vectors.write_bytes(vectors.read_bytes()[:-4] + b"\0\0\0\0")
    disk.remount("ro")
    assert main(["doctor", "--index", str(only_read)]) == 1
    assert "whole.npy" in capsys.readouterr().out
