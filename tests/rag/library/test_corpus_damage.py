"""Damage that is met while a question is answered is an error of Quoth, with what to do."""

import numpy as np
import pytest
from ingest_helpers import CountingEncoder, record, write_lines

from rag.errors import IndexDamagedError, IndexFullError
from rag.library.codec import open_index
from rag.library.corpus import Corpus
from rag.library.ingest import Ingestor


@pytest.fixture
def index(tmp_path, monkeypatch):
    """An index whose files are all taken for large ones, so that they are not summed when opened."""
    papers = write_lines(tmp_path / "papers.jsonl", [record(i) for i in range(5)])
    Ingestor(tmp_path / "index", CountingEncoder()).run([papers])
    monkeypatch.setattr("index_store.files.SMALL", 0)
    return tmp_path / "index"


def test_a_damaged_paper_score_or_vector_is_an_error_with_the_next_step(index):
    folder = index / "generations" / "1"
    lines = folder / "documents.jsonl"
    lines.write_bytes(lines.read_bytes().replace(b"We measure", b"We treasure"[:10], 1))
    vectors = np.load(folder / "sentence.npy")
    np.save(folder / "sentence.npy", vectors * np.float32(np.nan))
    data = folder / "words" / "data.csc.index.npy"
    np.save(data, -np.load(data))
    corpus = Corpus(open_index(index, embedder="counting"))
    for use in (
        lambda: corpus.paper_at(0),
        lambda: corpus.dense(vectors[0]),
        lambda: corpus.lexical("glaciers"),
    ):
        with pytest.raises(IndexDamagedError, match="quoth doctor --repair"):
            use()
    assert corpus.paper_at(1).title == "Study 1 of glaciers"


def test_an_ingest_into_a_damaged_index_embeds_nothing_and_says_so(index, tmp_path):
    vectors = index / "generations" / "1" / "whole.npy"
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"\0")
    encoder = CountingEncoder()
    more = write_lines(tmp_path / "more.jsonl", [record(9)])
    with pytest.raises(IndexDamagedError, match=r"whole\.npy.*doctor --repair"):
        Ingestor(index, encoder).run([more])
    assert encoder.texts == []


def test_a_full_disk_is_an_error_of_its_own_that_advises_no_doctor(disk, tmp_path):
    papers = write_lines(tmp_path / "papers.jsonl", [record(i) for i in range(5)])
    disk.remount("size=64k")
    with pytest.raises(IndexFullError, match=r"disk is full.*Make room") as caught:
        Ingestor(disk.folder / "index", CountingEncoder()).run([papers])
    assert "doctor" not in str(caught.value)
    disk.remount("size=64m")
    assert Ingestor(disk.folder / "index", CountingEncoder()).run([papers]).added == 5
