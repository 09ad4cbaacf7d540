"""Damage is met before it is copied, quoted or ranked by; what is left is saved."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from index_store_helpers import HARMS, as_made_before_sums, commit, document, files_of, vector_of

from index_store.doctor import doctor
from index_store.errors import StoreDamagedError
from index_store.snapshot import open_snapshot
from index_store.vectors import VectorStore

pytestmark = pytest.mark.slow

SENTENCES = ["a river of light", "stones in the river", "light on stones"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An index of two generations, the second one of four documents."""
    folder = tmp_path_factory.mktemp("made")
    commit(folder, {name: document(name, SENTENCES) for name in "abc"})
    commit(folder, {"d": document("d", SENTENCES)})
    return folder


@pytest.fixture
def index(made, tmp_path):
    return shutil.copytree(made, tmp_path / "index")


@pytest.fixture
def large(monkeypatch):
    """Every file is taken for a large one: mapped, and not summed when an index is opened."""
    monkeypatch.setattr("index_store.files.SMALL", 0)


def generation(index):
    return index / open_snapshot(index).manifest.folder


@pytest.mark.parametrize("size", ["small", "large"])
@pytest.mark.parametrize("kind", HARMS)
def test_damage_of_any_file_is_never_copied_and_the_doctor_finds_it(
    made, tmp_path, monkeypatch, kind, size
):
    if size == "large":
        monkeypatch.setattr("index_store.files.SMALL", 0)
    names = open_snapshot(made).manifest.files
    assert len(names) == 14
    for number, name in enumerate(names):
        index = shutil.copytree(made, tmp_path / str(number))
        HARMS[kind](generation(index) / name)
        before = files_of(index / "generations")
        with pytest.raises(StoreDamagedError, match="quoth doctor --repair"):
            commit(index, {"e": document("e", SENTENCES)})
        assert files_of(index / "generations") == before
        assert any(name in finding.what for finding in doctor(index))


@pytest.mark.parametrize("kind", HARMS)
def test_damage_of_an_index_made_before_sums_is_never_copied_either(made, tmp_path, large, kind):
    for name in ("documents.jsonl", "whole.npy", "sentence.npy"):
        index = shutil.copytree(made, tmp_path / name)
        as_made_before_sums(index)
        HARMS[kind](index / "generations" / "2" / name)
        with pytest.raises(StoreDamagedError, match="quoth doctor --repair"):
            commit(index, {"e": document("e", SENTENCES)})
        assert any(name in finding.what for finding in doctor(index))


def test_an_index_made_before_sums_is_read_and_gets_them_with_the_next_commit(index):
    as_made_before_sums(index)
    before = open_snapshot(index)
    assert before.document("a")["title"] == "a" and doctor(index) == []
    commit(index, {"e": document("e", SENTENCES)})
    assert "sums.npy" in open_snapshot(index).manifest.files
    assert doctor(index) == [] and len(open_snapshot(index)) == 5


def test_a_document_that_is_not_as_it_was_written_is_not_quoted(index, large):
    path = generation(index) / "documents.jsonl"
    path.write_bytes(path.read_bytes().replace(b"a river", b"a ravel", 1))
    snapshot = open_snapshot(index)
    with pytest.raises(StoreDamagedError, match=r"document 0: not as it was written"):
        snapshot.document("a")
    assert snapshot.document("b")["title"] == "b"


@pytest.mark.parametrize("wrong", [np.nan, -np.inf, -1e30, 1e6])
@pytest.mark.parametrize("name", ["whole.npy", "sentence.npy"])
def test_a_score_that_is_no_cosine_is_damage(index, large, name, wrong):
    path = generation(index) / name
    vectors = np.load(path)
    vectors[1, 3] = wrong
    np.save(path, vectors)
    for limit in (10**6, 0):
        snapshot = open_snapshot(index, exact_limit=limit)
        with pytest.raises(StoreDamagedError, match=r"not a cosine.*quoth doctor --repair"):
            snapshot.dense(vector_of("x"), also=range(4))


def test_a_score_of_words_that_is_not_finite_is_damage(index, large):
    path = generation(index) / "words" / "data.csc.index.npy"
    np.save(path, np.full_like(np.load(path), np.nan))
    with pytest.raises(StoreDamagedError, match="not finite"):
        open_snapshot(index).lexical("river")


def test_a_question_whose_vector_is_not_finite_is_not_the_fault_of_the_index(index):
    with pytest.raises(ValueError, match="encoder"):
        open_snapshot(index).dense(np.full(8, np.nan, dtype=np.float32))


def test_a_wrong_row_of_the_vector_store_is_found_and_put_right(index):
    row = document("b", SENTENCES).whole
    store = VectorStore(index, embedder="test")
    store.put([row], vector_of("something else")[None])
    store.close()
    (finding,) = doctor(index)
    assert finding.what.startswith("1 rows are missing from the vector store, or wrong there")
    assert doctor(index, repair=True) and doctor(index) == []


def test_a_vector_of_the_vector_store_that_is_none_is_not_committed(index, monkeypatch):
    monkeypatch.setattr(
        "index_store.vectors._float32", lambda got: np.asarray(got, dtype=np.float32) * 3
    )
    with pytest.raises(StoreDamagedError, match="stored vectors are damaged"):
        commit(index, {"e": document("e", SENTENCES)})


@pytest.mark.parametrize("place", ["manifest.json", "generations/2/manifest.json"])
@pytest.mark.parametrize("kind", HARMS)
def test_either_manifest_can_be_damaged_and_is_taken_from_the_other(index, place, kind):
    sound = (index / place).read_bytes()
    HARMS[kind](index / place)
    assert doctor(index)
    assert all(finding.repaired for finding in doctor(index, repair=True))
    assert (index / place).read_bytes() == sound and doctor(index) == []


def test_a_manifest_with_a_wrong_number_is_damage_and_loses_no_paper(index):
    path = index / "manifest.json"
    sound = path.read_text()
    total = sound.split('"sha256": "')[1][:64]  # that of documents.jsonl
    for old, new in (
        ('"documents": 4', '"documents": 5'),
        ('"dimension": 8', '"dimension": 9'),
        ('"embedder": "test"', '"embedder": "tast"'),
        (total, total[::-1]),
    ):
        assert old in sound
        path.write_text(sound.replace(old, new, 1))
        with pytest.raises(StoreDamagedError, match="quoth doctor --repair"):
            open_snapshot(index)
        assert doctor(index, repair=True) and doctor(index) == []
        assert path.read_text() == sound


def test_one_damaged_paper_is_taken_from_the_generation_before_or_lost_alone(index):
    sound = open_snapshot(index).manifest
    path = generation(index) / "documents.jsonl"
    harmed = path.read_bytes().replace(b"a river", b"a ravel", 1)  # in a, which generation 1 has
    path.write_bytes(harmed)
    (finding,) = doctor(index, repair=True)
    assert finding.repaired and "lost" not in finding.what
    assert open_snapshot(index).manifest.files == sound.files and doctor(index) == []
    path = generation(index) / "documents.jsonl"
    last = path.read_bytes().rindex(b"a river")  # in d, which only this generation has
    data = bytearray(path.read_bytes())
    data[last] ^= 1
    path.write_bytes(data)
    (finding,) = doctor(index, repair=True)
    assert "1 papers are lost, ingest them again: d" in finding.what
    assert (index / "generations" / "3.damaged-1" / "documents.jsonl").read_bytes() == data
    commit(index, {"d": document("d", SENTENCES)})
    assert open_snapshot(index).manifest.files == sound.files


def test_a_file_cut_short_under_a_reader_is_an_error_that_names_the_index(index, large):
    for name in ("documents.jsonl", "whole.npy", "sentence.npy", "words/data.csc.index.npy"):
        copy = shutil.copytree(index, index.with_name(name.replace("/", "-")))
        snapshot = open_snapshot(copy)
        os.truncate(generation(copy) / name, 10)
        for use in (
            lambda s: s.document("a"),
            lambda s: s.dense(vector_of("x")),
            lambda s: s.lexical("river"),
            lambda s: s.vectors(0),
        ):
            with pytest.raises(StoreDamagedError, match=f"another program.*{copy}"):
                use(snapshot)


CUT_WHILE_READ = """
import faulthandler, os, sys
from pathlib import Path
from index_store import files
from index_store.snapshot import open_snapshot
files.SMALL = 0
faulthandler.enable()
snapshot = open_snapshot(Path(sys.argv[1]))
def cut_and_read():
    os.truncate(sys.argv[2], 0)
    return snapshot._vectors.whole.sum()
snapshot._read(cut_and_read)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGBUS"), reason="needs a system with SIGBUS")
def test_a_file_cut_short_in_the_middle_of_reading_leaves_a_line_that_names_the_index(index):
    path = generation(index) / "whole.npy"
    command = [sys.executable, "-c", CUT_WHILE_READ, str(index), str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == -signal.SIGBUS
    assert f"the index in {index}" in done.stderr
