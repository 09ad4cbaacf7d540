"""Starting anew never removes what is there: papers, rows, or somebody else's files."""

from __future__ import annotations

import pytest
from index_store_helpers import SETTINGS, commit, document, files_of, lose

from index_store.doctor import doctor
from index_store.errors import StoreDamagedError, StoreMismatchError
from index_store.manifest import Settings
from index_store.snapshot import open_snapshot
from index_store.vectors import VectorStore
from index_store.writer import open_writer


@pytest.fixture
def index(tmp_path):
    commit(tmp_path, {name: document(name, ["x", "river"]) for name in "abc"})
    return tmp_path


def test_a_lost_manifest_is_told_and_nobody_is_sent_to_ingest(index):
    lose(index / "manifest.json")
    with pytest.raises(StoreDamagedError, match=r"is lost, the papers are not.*doctor --repair"):
        open_snapshot(index)


def test_a_lost_manifest_and_then_an_ingest_keeps_every_paper(index):
    for name in "de":
        lose(index / "manifest.json")
        commit(index, {name: document(name, ["x"])})
    assert list(open_snapshot(index).document_ids) == ["a", "b", "c", "d", "e"]
    assert doctor(index) == []


def test_a_lost_manifest_and_another_embedder_is_refused(index):
    before = files_of(index)
    lose(index / "manifest.json")
    other = Settings(embedder="other", chunking="1")
    with pytest.raises(StoreMismatchError, match="'test', wanted 'other'"):
        open_writer(index, other).__enter__()
    assert files_of(index) == before


@pytest.mark.parametrize("harm", ["all damaged", "not ours"])
def test_generations_of_which_none_is_sound_are_left_alone(index, harm):
    lose(index / "manifest.json")
    if harm == "all damaged":
        lose(index / "generations" / "1" / "documents.jsonl")
    else:
        for path in (index / "generations" / "1").glob("*.*"):
            lose(path)
    before = files_of(index)
    with pytest.raises(StoreDamagedError, match=r"nothing was changed.*--index DIR"):
        commit(index, {"d": document("d", ["x"])})
    assert files_of(index) == before


def test_rows_of_another_embedder_are_given_another_name(tmp_path):
    other = Settings(embedder="other", chunking="1")
    row = document("a", ["x"]).whole
    with open_writer(tmp_path, other) as writer:
        writer.add_rows([row], [[1.0, 0.0]])
    commit(tmp_path, {"a": document("a", ["x"])})
    (tmp_path / "before").mkdir()
    (tmp_path / "chroma.aside-1").rename(tmp_path / "before" / "chroma")
    store = VectorStore(tmp_path / "before", embedder="other", create=False)
    assert store.row_ids() == {row}
    store.close()


def test_a_vector_store_that_cannot_be_read_is_given_another_name(tmp_path):
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"somebody's notes, no database at all")
    commit(tmp_path, {"a": document("a", ["x"])})
    kept = tmp_path / "chroma.aside-1" / "chroma.sqlite3"
    assert kept.read_bytes() == b"somebody's notes, no database at all"


def test_a_commit_that_was_killed_at_its_end_is_neither_overwritten_nor_lost(index):
    first = (index / "manifest.json").read_bytes()
    commit(index, {"d": document("d", ["x"])})
    (index / "manifest.json").write_bytes(first)  # as if the kill came just before this was written
    (finding,) = doctor(index)
    assert "generation 2 is sound and newer" in finding.what
    before = files_of(index / "generations" / "2")
    commit(index, {"e": document("e", ["x"])})
    assert open_snapshot(index).manifest.generation == 3
    assert files_of(index / "generations" / "2") == before
    (index / "manifest.json").write_bytes(first)
    assert all(finding.repaired for finding in doctor(index, repair=True))
    assert open_snapshot(index).manifest.generation == 3


def test_the_doctor_drops_no_row_of_an_unfinished_ingest_when_it_had_to_mend(index):
    row = document("new", []).whole
    with open_writer(index, SETTINGS) as writer:
        writer.add_rows([row], [[1.0] + [0.0] * 7])
    lose(index / "generations" / "1" / "whole.npy")
    assert all(finding.repaired for finding in doctor(index, repair=True))
    with open_writer(index, SETTINGS) as writer:
        assert writer.missing_rows([row]) == []
