"""What is committed is what is read, to the bit; nothing is embedded or written twice."""

from __future__ import annotations

import json
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_store_helpers import SETTINGS, commit, document, vector_of

from index_store.doctor import doctor
from index_store.documents import Document, Sentence, row_id, to_line
from index_store.errors import (
    StoreDamagedError,
    StoreMismatchError,
    StoreMissingError,
)
from index_store.manifest import Settings
from index_store.overlay import Overlay
from index_store.snapshot import open_snapshot
from index_store.vectors import VectorStore
from index_store.words import words
from index_store.writer import open_writer

WORDS = ["river", "stone", "light", "running", "models", "the", "of", "Ünïcode", "x1"]
texts = st.lists(st.sampled_from(WORDS), min_size=0, max_size=8).map(" ".join)
corpora = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=4),
    st.lists(texts, min_size=0, max_size=4),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def roomy(tmp_path_factory):
    """A new folder for every example of a property."""
    counter = iter(range(10**6))
    root = tmp_path_factory.mktemp("store")
    return lambda: root / str(next(counter))


@settings(max_examples=15, deadline=None)
@given(corpus=corpora, asked=texts, seed=st.integers(0, 9))
def test_scores_are_those_of_the_definitions(roomy, corpus, asked, seed):
    folder = roomy()
    commit(folder, {name: document(name, sentences) for name, sentences in corpus.items()})
    snapshot = open_snapshot(folder)
    assert list(snapshot.document_ids) == sorted(corpus)
    query = np.random.default_rng(seed).normal(size=8).astype(np.float32)
    scores = snapshot.dense(query)
    unit = query / np.linalg.norm(query)
    for index, name in enumerate(sorted(corpus)):
        whole = unit @ vector_of(f"{name} whole")
        rows = [unit @ vector_of(f"{name} {s}") for s in corpus[name]]
        assert scores.whole[index] == pytest.approx(whole, abs=1e-6)
        assert scores.sentence[index] == pytest.approx(max(rows, default=whole), abs=1e-6)
        assert scores.sentence_scores(index) == pytest.approx(rows, abs=1e-6)
        assert snapshot.vectors(index).shape == (1 + len(rows), 8)
    expected = bm25([[name, *corpus[name]] for name in sorted(corpus)], asked)
    assert snapshot.lexical(asked) == pytest.approx(expected, abs=1e-5)


def bm25(documents, asked):
    """Lucene's BM25 by its formula: idf(t) * f / (f + k1 (1 - b + b |d| / avgdl))."""
    bags = [Counter(words("\n".join([name, " ".join(rest)]))) for name, *rest in documents]
    lengths = [sum(bag.values()) for bag in bags]
    mean = sum(lengths) / len(lengths)
    scores = [0.0] * len(bags)
    for word in words(asked):
        holders = sum(word in bag for bag in bags)
        idf = math.log(1 + (len(bags) - holders + 0.5) / (holders + 0.5))
        for i, bag in enumerate(bags):
            if word in bag:
                norm = 1.5 * (1 - 0.75 + 0.75 * lengths[i] / mean)
                scores[i] += idf * bag[word] / (bag[word] + norm)
    return scores


def test_words_are_lower_case_stemmed_and_without_stop_words():
    assert words("The models of running Rivers, a 7B one") == ["model", "run", "river", "7b", "one"]


def test_the_graph_gives_what_the_scan_gives(tmp_path):
    corpus = {f"d{i:02}": document(f"d{i:02}", ["a", "b", "c"][: i % 4]) for i in range(30)}
    commit(tmp_path, corpus)
    exact, graph = open_snapshot(tmp_path), open_snapshot(tmp_path, exact_limit=0)
    for seed in range(5):
        query = np.random.default_rng(seed).normal(size=8).astype(np.float32)
        a, b = exact.dense(query), graph.dense(query)
        assert np.allclose(a.whole, b.whole, atol=1e-6)
        assert np.allclose(a.sentence, b.sentence, atol=1e-6)
        assert np.allclose(a.sentence_scores(3), b.sentence_scores(3), atol=1e-6)


def test_documents_beyond_the_candidates_score_lowest(tmp_path, monkeypatch):
    commit(tmp_path, {f"d{i:02}": document(f"d{i:02}", ["a"]) for i in range(30)})
    monkeypatch.setattr("index_store.candidates.CANDIDATE_ROWS", 10)
    exact, graph = open_snapshot(tmp_path), open_snapshot(tmp_path, exact_limit=0)
    query = vector_of("d07 whole")
    a, b = exact.dense(query), graph.dense(query, also=[29])
    scored = np.flatnonzero(b.whole > b.whole.min())
    assert 1 < len(scored) < 30
    assert b.whole[7] == pytest.approx(1.0, abs=1e-6)
    assert np.allclose(a.whole[scored], b.whole[scored], atol=1e-6)
    assert b.whole[29] == pytest.approx(a.whole[29], abs=1e-6)
    assert (b.whole <= 1).all() and len(b.whole) == 30


def test_without_chroma_a_large_index_is_scanned(tmp_path):
    commit(tmp_path, {"a": document("a", ["x"])})
    (tmp_path / "chroma").rename(tmp_path / "elsewhere")
    scores = open_snapshot(tmp_path, exact_limit=0).dense(vector_of("a whole"))
    assert scores.whole[0] == pytest.approx(1.0, abs=1e-6)


def test_a_query_of_another_dimension_is_refused_and_zero_scores_zero(tmp_path):
    commit(tmp_path, {"a": document("a", ["x"])})
    snapshot = open_snapshot(tmp_path)
    with pytest.raises(ValueError, match=r"shape \(3,\), the index \(8,\)"):
        snapshot.dense(np.ones(3, dtype=np.float32))
    assert snapshot.dense(np.zeros(8, dtype=np.float32)).whole.tolist() == [0.0]


def test_payloads_come_back_as_they_were(tmp_path):
    payload = {"title": "é\ud800", "abstract": "b", "list": [1, None, {"x": "\n"}], "n": 1.5}
    commit(tmp_path, {"a": document("a", ["x"], payload=payload), "b": document("b", [])})
    snapshot = open_snapshot(tmp_path)
    assert snapshot.document("a") == payload
    assert [p["title"] for p in snapshot.documents()] == [payload["title"], "b"]
    assert snapshot.spans(0).tolist() == [[0, 1]]
    assert snapshot.index_of("c") is None
    with pytest.raises(KeyError):
        snapshot.document("c")


def test_the_order_of_ingest_does_not_matter(tmp_path):
    corpus = {name: document(name, [name, "x"]) for name in "edcba"}
    commit(tmp_path / "once", corpus)
    for name, entry in corpus.items():
        commit(tmp_path / "each", {name: entry})
    once, each = open_snapshot(tmp_path / "once"), open_snapshot(tmp_path / "each")
    assert each.manifest.generation == 5
    assert each.manifest.files == once.manifest.files
    assert each.manifest.fingerprint == once.manifest.fingerprint


def test_rows_once_there_are_never_missing_again(tmp_path):
    entry = document("a", ["x", "y"])
    with open_writer(tmp_path, SETTINGS) as writer:
        assert writer.missing_rows(entry.row_ids) == list(entry.row_ids)
        writer.add_rows(entry.row_ids[:2], np.stack([vector_of("1"), vector_of("2")]))
    with open_writer(tmp_path, SETTINGS) as writer:  # nothing was committed, the rows are kept
        assert writer.missing_rows(entry.row_ids) == [entry.row_ids[2]]
    with pytest.raises(StoreMissingError, match="quoth ingest"):
        open_snapshot(tmp_path)


def test_a_commit_of_nothing_new_changes_no_byte(tmp_path):
    corpus = {"a": document("a", ["x"])}
    commit(tmp_path, corpus)
    before = (tmp_path / "manifest.json").read_bytes()
    commit(tmp_path, corpus)
    assert (tmp_path / "manifest.json").read_bytes() == before
    assert [p.name for p in (tmp_path / "generations").iterdir()] == ["1"]


def test_changed_and_dropped_documents_leave_no_rows(tmp_path):
    same = ["the same sentence"]
    commit(tmp_path, {name: document(name, same) for name in "abc"})
    changed = document("b", ["another"])
    commit(tmp_path, {"b": changed}, dropped=["c", "not there"])
    snapshot = open_snapshot(tmp_path)
    assert list(snapshot.document_ids) == ["a", "b"]
    assert snapshot.dense(vector_of("b another")).sentence[1] == pytest.approx(1, abs=1e-6)
    store = VectorStore(tmp_path, embedder="test", create=False)
    assert store.row_ids() == {*document("a", same).row_ids, *changed.row_ids}
    store.close()
    commit(tmp_path, {}, dropped=["a", "b"])
    assert len(open_snapshot(tmp_path)) == 0
    assert open_snapshot(tmp_path).dense(vector_of("x")).whole.shape == (0,)
    assert open_snapshot(tmp_path).lexical("river").shape == (0,)
    commit(tmp_path, {"a": document("a", same)})
    assert len(open_snapshot(tmp_path)) == 1


def test_readers_go_on_over_commits_and_old_generations_go(tmp_path):
    commit(tmp_path, {"a": document("a", ["x"])})
    reader = open_snapshot(tmp_path)
    for name in "bcd":
        commit(tmp_path, {name: document(name, ["x"])})
    assert list(reader.document_ids) == ["a"]
    assert reader.document("a")["title"] == "a"
    assert reader.dense(vector_of("a whole")).whole.tolist() == pytest.approx([1.0], abs=1e-6)
    assert reader.lexical("x1 a").shape == (1,)
    assert sorted(p.name for p in (tmp_path / "generations").iterdir()) == ["3", "4"]


def test_another_embedder_or_chunking_is_refused_with_both_names(tmp_path):
    commit(tmp_path, {"a": document("a", ["x"])})
    for other, stored, wanted in (
        (Settings(embedder="bge", chunking="1"), "'test'", "'bge'"),
        (Settings(embedder="test", chunking="9"), "'1'", "'9'"),
    ):
        for attempt in (
            lambda s: open_snapshot(tmp_path, settings=s),
            lambda s: open_writer(tmp_path, s).__enter__(),
        ):
            with pytest.raises(StoreMismatchError, match=f"{stored}, wanted {wanted}"):
                attempt(other)
    assert len(open_snapshot(tmp_path, settings=SETTINGS)) == 1


def test_rows_of_an_embedder_that_was_never_committed_are_no_hindrance(tmp_path):
    other = Settings(embedder="wide", chunking="1")
    with open_writer(tmp_path, other) as writer:
        writer.add_rows([row_id(embedder="wide", document_id="a", kind="whole", text="t")],
                        np.ones((1, 99), dtype=np.float32))  # fmt: skip
    commit(tmp_path, {"a": document("a", ["x"])})
    assert open_snapshot(tmp_path).manifest.dimension == 8


def test_the_same_sentence_twice_in_one_text_is_two_sentences_and_one_row(tmp_path):
    commit(tmp_path, {name: document(name, ["again", "x", "again"]) for name in "ab"})
    snapshot = open_snapshot(tmp_path)
    scores = snapshot.dense(vector_of("b again"))
    assert scores.sentence_scores(1)[[0, 2]] == pytest.approx([1, 1], abs=1e-6)
    assert scores.sentence_scores(0).max() < 0.99
    (tmp_path / "chroma").rename(tmp_path / "elsewhere")
    assert doctor(tmp_path, repair=True) and doctor(tmp_path) == []
    commit(tmp_path, {}, dropped=["a"])
    assert doctor(tmp_path) == []


def test_unsorted_documents_lost_rows_and_bad_vectors_are_refused(tmp_path):
    with open_writer(tmp_path, SETTINGS) as writer:
        with pytest.raises(StoreDamagedError, match="vectors are lost"):
            writer.commit([document("a", ["x"])])
        with pytest.raises(ValueError, match="comes after"):
            writer.commit([document("b", []), document("a", [])])
        with pytest.raises(ValueError, match="not finite"):
            writer.add_rows(["00" * 16], np.full((1, 8), np.nan, dtype=np.float32))
        with pytest.raises(ValueError, match="2 rows"):
            writer.add_rows(["00" * 16, "01" * 16], np.ones((1, 8), dtype=np.float32))
    with pytest.raises(StoreMissingError):
        open_snapshot(tmp_path)


def test_row_ids_tell_apart_all_that_a_vector_depends_on():
    base = {"embedder": "e", "document_id": "d", "kind": "whole", "text": "t"}
    ids = {row_id(**base)}
    for name, value in (
        ("embedder", "x"),
        ("document_id", "x"),
        ("kind", "sentence"),
        ("text", ""),
    ):
        ids.add(row_id(**{**base, name: value}))
    ids.add(row_id(embedder="ed", document_id="", kind="whole", text="t"))
    assert len(ids) == 6


def test_equal_documents_are_equal_bytes():
    one = Document("a", {"x": 1, "y": (2,)}, "00", (Sentence("01", 0, 1),))
    two = Document("a", {"y": [2], "x": 1}, "00", (Sentence("01", 0, 1),))
    assert to_line(one) == to_line(two)
    assert json.loads(to_line(one))["id"] == "a"


def test_an_overlay_is_the_index_with_changes_over_it(tmp_path):
    commit(tmp_path, {name: document(name, ["x"]) for name in "bd"})
    overlay = Overlay(open_snapshot(tmp_path))
    same = overlay["b"]
    overlay["b"] = {"title": "other"}
    overlay["d"] = overlay["d"]
    for name in ("c", "\U0001f600", "\uffff", "a", "c"):
        overlay[name] = {"title": name}
    assert len(overlay) == 6 and len(list(overlay)) == 6
    assert list(overlay) == ["b", "d", "a", "c", "\uffff", "\U0001f600"]
    assert next(payload["title"] for payload in overlay.values()) == "other"
    assert "c" in overlay and "e" not in overlay
    with pytest.raises(KeyError):
        overlay["e"]
    changes = [name for name, _ in overlay.changes()]
    assert changes == sorted(changes) == ["a", "b", "c", "\uffff", "\U0001f600"]
    assert overlay.is_new("a") and not overlay.is_new("b")
    overlay["b"] = same
    assert "b" not in dict(overlay.changes())
    overlay.close()
    assert Overlay(None).__len__() == 0


def test_the_frequency_of_a_word_is_the_number_of_documents_that_have_it(tmp_path):
    commit(tmp_path, {"a": document("a", ["river river"]), "b": document("b", ["rivers", "stone"])})
    snapshot = open_snapshot(tmp_path)
    assert [snapshot.frequency(word) for word in ("river", "stone", "moon")] == [2, 1, 0]
