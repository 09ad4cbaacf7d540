"""Damage of every file is found, and what can be mended is."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from index_store_helpers import SETTINGS, commit, document, vector_of

from index_store.doctor import doctor
from index_store.errors import StoreDamagedError, StoreMismatchError, StoreMissingError
from index_store.snapshot import open_snapshot
from index_store.vectors import VectorStore
from index_store.writer import open_writer

pytestmark = pytest.mark.slow


@pytest.fixture
def index(tmp_path):
    commit(tmp_path, {name: document(name, ["x", "river"]) for name in "abc"})
    commit(tmp_path, {"d": document("d", ["stone"])})
    return tmp_path


def spoil(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def generation_files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_sound_index_has_no_findings(index):
    before = generation_files(index / "generations")
    assert doctor(index) == []
    assert doctor(index, repair=True) == []
    assert generation_files(index / "generations") == before


def test_every_file_of_a_generation_can_be_lost_or_spoilt(index):
    sound = open_snapshot(index)
    for name in sound.manifest.files:
        for harm in (spoil, type(index).unlink):
            folder = index / open_snapshot(index).manifest.folder
            harm(folder / name)
            (finding,) = doctor(index)
            assert name in finding.what and not finding.repaired
            mended = doctor(index, repair=True)
            assert mended and all(finding.repaired for finding in mended)
            if name == "documents.jsonl" and harm is not spoil:  # it cannot be derived
                assert "ingest the others again" in mended[0].what
                commit(index, {"d": document("d", ["stone"])})
            assert doctor(index) == []
            again = open_snapshot(index)
            assert again.manifest.fingerprint == sound.manifest.fingerprint
            assert again.manifest.files == sound.manifest.files


def test_an_index_whose_files_do_not_fit_says_what_to_do(index):
    folder = index / open_snapshot(index).manifest.folder
    np.save(folder / "whole.npy", np.zeros((2, 8), dtype=np.float32))
    with pytest.raises(StoreDamagedError, match="quoth doctor --repair"):
        open_snapshot(index)
    (folder / "whole.npy").write_bytes(b"")
    with pytest.raises(StoreDamagedError, match="quoth doctor --repair"):
        open_snapshot(index)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"layout": 1}', "\x00\xff", "null"])
def test_a_spoilt_manifest_is_taken_from_its_generation(index, text):
    sound = (index / "manifest.json").read_bytes()
    (index / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(StoreDamagedError, match="quoth doctor --repair"):
        open_snapshot(index)
    assert not any(finding.repaired for finding in doctor(index))
    assert doctor(index, repair=True)
    assert (index / "manifest.json").read_bytes() == sound


def test_an_index_of_another_layout_is_not_read(index):
    text = (index / "manifest.json").read_text()
    (index / "manifest.json").write_text(text.replace('"layout": 1', '"layout": 2'))
    with pytest.raises(StoreMismatchError, match="layout 2"):
        open_snapshot(index)


def test_no_index_is_no_damage(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(StoreMissingError):
            doctor(folder)
    assert not (tmp_path / "none").exists()


def test_lost_and_orphaned_rows_and_leftovers_are_put_right(index):
    store = VectorStore(index, embedder="test")
    store.delete(document("b", ["x", "river"]).row_ids[:2])
    store.put(["ab" * 16], np.ones((1, 8), dtype=np.float32))
    store.close()
    (index / "generations" / "7.partial").mkdir()
    (index / "generations" / "0").mkdir()
    findings = [finding.what for finding in doctor(index)]
    assert len(findings) == 4
    assert findings[0].startswith("2 rows are missing")
    assert findings[1].startswith("1 rows in the vector store belong to no paper")
    assert findings[2:] == ["left over: generations/0", "left over: generations/7.partial"]
    assert all(finding.repaired for finding in doctor(index, repair=True))
    assert doctor(index) == []


@pytest.mark.parametrize("harm", ["missing", "no database", "spoilt database", "torn graph"])
def test_a_lost_vector_store_is_made_again_from_the_generation(index, harm):
    chroma = index / "chroma"
    if harm == "missing":
        chroma.rename(index / "elsewhere")
    elif harm == "no database":
        (chroma / "chroma.sqlite3").unlink()
    elif harm == "spoilt database":
        (chroma / "chroma.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    else:
        tear_graph(index)
    before = open_snapshot(index).manifest
    assert doctor(index)
    assert all(finding.repaired for finding in doctor(index, repair=True))
    assert doctor(index) == []
    assert open_snapshot(index).manifest == before


def test_a_writer_mends_a_torn_vector_store_by_itself(index):
    tear_graph(index)
    commit(index, {"e": document("e", ["light"])})
    snapshot = open_snapshot(index)
    assert list(snapshot.document_ids) == ["a", "b", "c", "d", "e"]
    assert snapshot.dense(vector_of("a whole")).whole[0] == pytest.approx(1, abs=1e-6)
    assert doctor(index) == []


def test_a_generation_is_mended_without_the_vector_store_while_its_vectors_are_sound(index):
    before = open_snapshot(index).manifest
    (index / "chroma").rename(index / "elsewhere")
    for name in ("ids.json", "documents.npy", "words/vocab.index.json"):
        spoil(index / open_snapshot(index).manifest.folder / name)
        assert all(finding.repaired for finding in doctor(index, repair=True))
        assert open_snapshot(index).manifest.files == before.files
    assert doctor(index) == []


def test_with_the_vectors_lost_twice_the_last_generation_is_gone_back_to(index):
    spoil(index / "generations" / "2" / "whole.npy")
    (index / "chroma").rename(index / "elsewhere")
    findings = doctor(index, repair=True)
    assert "back to 1, 3 papers instead of 4: ingest the others again" in findings[0].what
    assert list(open_snapshot(index).document_ids) == ["a", "b", "c"]
    commit(index, {"d": document("d", ["stone"])})
    assert doctor(index) == [] and len(open_snapshot(index)) == 4


def test_a_generation_that_is_gone_altogether_is_not_said_to_be_kept(index):
    shutil.rmtree(index / "generations" / "2")
    (finding,) = doctor(index, repair=True)
    assert "back to 1, 3 papers instead of 4" in finding.what
    assert "is kept as" not in finding.what
    assert not list((index / "generations").glob("*.damaged-*"))


@pytest.mark.parametrize("manifest", ["sound", "spoilt"])
def test_where_nothing_is_left_to_mend_from_that_is_what_is_said(index, manifest):
    for number in "12":
        (index / "generations" / number / "documents.jsonl").unlink()
    if manifest == "spoilt":
        (index / "manifest.json").write_text("{")
    for repair in (False, True):
        findings = doctor(index, repair=repair)
        assert not findings[-1].repaired
    assert "ingest the papers again" in findings[-1].what


def tear_graph(index):
    """Have Chroma write its graph to disk, then cut the file in two, as a power cut would."""
    with open_writer(index, SETTINGS) as writer:
        rows = [f"{i:032x}" for i in range(5_100)]
        writer.add_rows(rows, np.random.default_rng(0).normal(size=(5_100, 8)).astype("float32"))
    (header,) = (index / "chroma").glob("*/header.bin")
    header.write_bytes(header.read_bytes()[:20])
