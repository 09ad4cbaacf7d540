"""Ingest: what is counted, what is embedded, what is kept, with files of every kind of trouble."""

from __future__ import annotations

import gzip
import io
import json
import threading
from dataclasses import fields

import numpy as np
import pytest
from ingest_helpers import CountingEncoder, record, write_lines

from index_store.snapshot import open_snapshot
from rag.errors import IndexError_, IndexMismatchError, IndexMissingError, StoppedError, UsageError
from rag.language.sentences import passages
from rag.library.codec import from_payload, open_index, sentence_text, to_payload, whole_text
from rag.library.ingest import Ingestor
from rag.models.encoder import Encoder
from rag.types import Paper


@pytest.fixture
def encoder():
    return CountingEncoder()


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def papers(tmp_path):
    return write_lines(tmp_path / "papers.jsonl", [record(i) for i in range(5)])


def counts(report):
    return report.read, report.papers, report.added, report.updated, report.unchanged


def manifest(index):
    return (index / "manifest.json").read_bytes()


def test_a_second_ingest_embeds_nothing_and_changes_no_byte(index, papers, encoder):
    first = Ingestor(index, encoder).run([papers])
    assert counts(first) == (5, 5, 5, 0, 0)
    assert first.embedded == len(encoder.texts) == 5 * 4
    assert (first.rejected, first.rejects_path, first.failures) == (0, None, ())
    before = manifest(index)
    again = CountingEncoder()
    second = Ingestor(index, again).run([papers, str(papers)])
    assert counts(second) == (10, 5, 0, 0, 5)
    assert second.embedded == 0 and again.texts == []
    assert manifest(index) == before
    assert [p.name for p in (index / "generations").iterdir()] == ["1"]


def test_papers_come_back_with_their_texts_embedded_as_stated(index, papers, encoder):
    Ingestor(index, encoder).run([papers])
    snapshot = open_index(index, embedder="counting")
    paper = from_payload(snapshot.document("p0003"))
    assert paper.title == "Study 3 of bridges" and paper.date == "2024-05-04"
    assert paper.source == (str(papers),)
    place = snapshot.index_of("p0003")
    sentences = passages(paper.paper_id, paper.abstract)
    assert [tuple(span) for span in snapshot.spans(place)] == [(p.start, p.end) for p in sentences]
    texts = [whole_text(paper), *(sentence_text(paper, p) for p in sentences)]
    assert texts[:2] == [
        "Study 3 of bridges\nWe measure bridges in place 3. They differ. We say why 3.",
        "Study 3 of bridges. We measure bridges in place 3.",
    ]
    assert np.allclose(snapshot.vectors(place), CountingEncoder().embed(texts), atol=1e-6)
    assert snapshot.lexical("bridge").argmax() == place


def test_boilerplate_is_stored_and_never_embedded(index, tmp_path, encoder):
    abstract = "AIMS: To count. RESULTS: Tides wait. Funding: Tide Trust. \u00a9 2019 Tide Ltd."
    source = write_lines(tmp_path / "a.jsonl", [record(1, abstract=abstract)])
    Ingestor(index, encoder).run([source])
    snapshot = open_index(index, embedder=encoder.name)
    paper = from_payload(snapshot.document_at(0).payload)
    assert paper.abstract == abstract
    quoted = [paper.abstract[start:end] for start, end in snapshot.spans(0)]
    assert quoted == ["To count.", "Tides wait."]
    assert encoder.texts == [
        f"{paper.title}\nTo count. Tides wait.",
        f"{paper.title}. To count.",
        f"{paper.title}. Tides wait.",
    ]


def test_only_what_changed_is_embedded(index, papers, tmp_path):
    Ingestor(index, CountingEncoder()).run([papers])
    comments = CountingEncoder()
    more = write_lines(tmp_path / "papers.jsonl", [record(i, comments=7) for i in range(5)])
    report = Ingestor(index, comments).run([more])
    assert counts(report) == (5, 5, 0, 5, 0)
    assert comments.texts == []
    assert from_payload(open_snapshot(index).document("p0000")).comments == 7
    edited = CountingEncoder()
    abstract = "We measure tides in place 0. They are equal. We say why 0."
    write_lines(tmp_path / "papers.jsonl", [record(0, abstract=abstract)])
    report = Ingestor(index, edited).run([tmp_path / "papers.jsonl"])
    assert counts(report) == (1, 5, 0, 1, 0)
    assert edited.texts == [
        f"Study 0 of tides\n{abstract}",
        "Study 0 of tides. They are equal.",
    ]


def test_files_in_any_order_and_number_make_the_same_index(tmp_path):
    entries = [record(i) for i in range(6)]
    parts = [write_lines(tmp_path / f"{i}.jsonl", entries[i::3]) for i in range(3)]
    Ingestor(tmp_path / "once", CountingEncoder()).run(parts)
    for part in reversed(parts):
        Ingestor(tmp_path / "each", CountingEncoder()).run([part])
    once, each = open_snapshot(tmp_path / "once"), open_snapshot(tmp_path / "each")
    assert once.manifest.files == each.manifest.files
    assert once.manifest.fingerprint == each.manifest.fingerprint


def test_good_records_are_kept_among_bad_files_and_lines(index, tmp_path, encoder):
    mixed = write_lines(
        tmp_path / "mixed.jsonl",
        [record(0), '{"title": "cut off', record(1, abstract=""), record(2)],
    )
    (tmp_path / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    (tmp_path / "empty.jsonl").touch()
    torn = gzip.compress("".join(json.dumps(record(i)) + "\n" for i in (3, 4)).encode())
    (tmp_path / "torn.jsonl.gz").write_bytes(torn[:-12])
    names = ["missing.jsonl", "mixed.jsonl", "image.png", "empty.jsonl", ".", "torn.jsonl.gz"]
    report = Ingestor(index, encoder).run([tmp_path / name for name in names])
    assert report.papers == report.added == 2
    failed = "\n".join(report.failures)
    for name in ("missing.jsonl", "image.png", "empty.jsonl", "torn.jsonl.gz"):
        assert name in failed
    assert len(report.failures) == 5
    rejected = [json.loads(line) for line in report.rejects_path.read_text().splitlines()]
    assert [(r["path"], r["line"]) for r in rejected[:2]] == [(str(mixed), 2), (str(mixed), 3)]
    assert all(r["reason"] for r in rejected)
    assert report.rejected == len(rejected)
    assert report.read == report.papers + report.rejected


def test_a_report_of_rejects_is_of_the_last_ingest(index, tmp_path, papers, encoder):
    bad = write_lines(tmp_path / "bad.jsonl", ["{"])
    report = Ingestor(index, encoder).run([bad])
    assert report.rejects_path.read_text() and counts(report) == (1, 0, 0, 0, 0)
    with pytest.raises(IndexMissingError):
        open_index(index, embedder="counting")
    assert Ingestor(index, encoder).run([papers]).rejects_path is None
    assert not report.rejects_path.exists()


def test_a_report_lists_the_first_rejects_and_counts_the_rest(
    index, tmp_path, encoder, monkeypatch
):
    monkeypatch.setattr("rag.library.intake.MOST_LISTED", 3)
    bad = write_lines(tmp_path / "bad.jsonl", [record(0), *["{}"] * 1200])
    report = Ingestor(index, encoder).run([bad])
    assert (report.read, report.rejected) == (1201, 1200)
    lines = [json.loads(line) for line in report.rejects_path.read_text().splitlines()]
    assert [line["line"] for line in lines] == [2, 3, 4, 0]
    assert lines[-1]["reason"] == "1,197 more records were rejected and are not listed"


def test_what_was_mended_and_what_was_kept_apart_is_in_the_report(index, tmp_path, encoder):
    odd = write_lines(
        tmp_path / "odd.jsonl",
        [
            record(0, paper_id="10.5555/slip", url="https://e.example/\ud800x", date="9999-12-31"),
            record(
                1, paper_id="10.5555/slip", abstract="Bees return at dusk, all but a few of them."
            ),
        ],
    )
    report = Ingestor(index, encoder).run([odd])
    assert (report.added, report.rejected) == (2, 0)
    said = "\n".join(report.notes)
    assert "half characters were mended (once at line 1)" in said
    assert "an address that is none was left out" in said and "was left out" in said
    assert "give one identifier, 10.5555/slip, for two texts" in said
    papers = [from_payload(payload.payload) for payload in open_snapshot(index).entries()]
    assert [(paper.url, paper.date) for paper in papers if "Study 0" in paper.title] == [
        ("https://doi.org/10.5555/slip", None)  # of its identifier: the address given is none
    ]


def test_nothing_indexed_is_lost_when_every_file_is_bad(index, papers, tmp_path, encoder):
    Ingestor(index, encoder).run([papers])
    before = manifest(index)
    report = Ingestor(index, encoder).run([tmp_path / "none", tmp_path])
    assert len(report.failures) == 2 and report.papers == 5
    assert manifest(index) == before


def test_a_dry_run_counts_and_touches_nothing(index, papers, tmp_path, encoder):
    report = Ingestor(index, encoder).run([papers], dry_run=True)
    assert counts(report) == (5, 5, 5, 0, 0) and encoder.texts == []
    assert not index.exists()
    Ingestor(index, encoder).run([papers])
    files = {p: p.read_bytes() for p in index.rglob("*") if p.is_file()}
    lines = ["{", record(9), record(0, comments=3), record(1)]
    more = write_lines(tmp_path / "more.jsonl", lines)
    report = Ingestor(index, encoder).run([more], dry_run=True)
    assert counts(report) == (4, 6, 1, 2, 0)  # p0001 has a second source now
    assert report.rejected == 1 and report.rejects_path is None
    assert {p: p.read_bytes() for p in index.rglob("*") if p.is_file()} == files


def test_standard_input_is_a_file_like_any_other(index, encoder):
    stream = io.BytesIO("".join(json.dumps(record(i)) + "\n" for i in range(3)).encode())
    assert Ingestor(index, encoder).run(["-"], stdin=stream).added == 3
    with pytest.raises(UsageError):
        Ingestor(index, encoder).run(["-"])


def test_a_wrong_call_does_nothing_at_all(index, papers, encoder):
    with pytest.raises(UsageError, match="jsonl"):
        Ingestor(index, encoder).run([papers], format="jsnol")
    with pytest.raises(UsageError):
        Ingestor(index, encoder).run([papers], page_year=3)
    assert not index.exists()


def test_an_index_that_cannot_be_written_is_told_in_a_line(papers, encoder):
    with pytest.raises(IndexError_, match=r"papers\.jsonl.*--index DIR"):
        Ingestor(papers, encoder).run([papers])
    assert papers.read_text()


def test_another_embedder_is_told_and_nothing_is_lost(index, papers, tmp_path, encoder):
    Ingestor(index, encoder).run([papers])
    before = manifest(index)
    other = CountingEncoder("other")
    for dry_run in (False, True):
        with pytest.raises(IndexMismatchError, match=r"'counting', wanted 'other'.*--index DIR"):
            Ingestor(index, other).run([papers], dry_run=dry_run)
    with pytest.raises(IndexMismatchError):
        open_index(index, embedder="other")
    assert manifest(index) == before and other.texts == []


def test_a_stop_leaves_the_index_as_it_was_and_the_rows_for_the_next(index, papers, tmp_path):
    Ingestor(index, CountingEncoder()).run([papers])
    before = manifest(index)
    many = write_lines(tmp_path / "many.jsonl", [record(i) for i in range(5, 200)])
    stop = threading.Event()

    def stop_after_a_window(stage, done, total):
        if stage == "embed" and done:
            stop.set()

    first, second = CountingEncoder(), CountingEncoder()
    with pytest.raises(StoppedError, match=r"64 of 195 papers"):
        Ingestor(index, first).run([many], stop=stop, progress=stop_after_a_window)
    assert manifest(index) == before
    report = Ingestor(index, second).run([many])
    assert report.added == 195 and report.embedded == len(second.texts)
    assert not set(first.texts) & set(second.texts)
    assert len(first.texts) + len(second.texts) == 195 * 4


def test_an_interrupt_leaves_things_whole(index, papers, tmp_path):
    class Interrupted(CountingEncoder):
        def embed(self, texts, *, stop=None):
            raise KeyboardInterrupt

    bad = write_lines(tmp_path / "bad.jsonl", ["{", record(7)])
    with pytest.raises(KeyboardInterrupt):
        Ingestor(index, Interrupted()).run([papers, bad])
    assert not list(index.glob("rejected*"))
    assert Ingestor(index, CountingEncoder()).run([papers, bad]).added == 6


def test_progress_goes_up_to_the_end_of_every_stage(index, tmp_path, encoder):
    many = write_lines(tmp_path / "many.jsonl", [record(i) for i in range(150)])
    seen = []
    Ingestor(index, encoder).run([many], progress=lambda *step: seen.append(step))
    assert [s for s in seen if s[0] == "read"] == [("read", 100, None), ("read", 150, None)]
    embed = [("embed", done, 150) for done in (0, 64, 128, 150)]
    assert [s for s in seen if s[0] == "embed"] == embed
    assert seen[-1] == ("vectors", 450, 450)


def test_a_source_can_be_forgotten(index, papers, tmp_path, encoder):
    other = write_lines(tmp_path / "other.jsonl", [record(4), record(5)])
    Ingestor(index, encoder).run([papers, other])
    ingestor = Ingestor(index, CountingEncoder())
    with pytest.raises(UsageError, match=r"no paper is from 'nowhere'.*other\.jsonl"):
        ingestor.remove_source("nowhere")
    report = ingestor.remove_source(str(papers))
    assert (report.removed, report.updated, report.papers) == (4, 1, 2)
    snapshot = open_snapshot(index)
    assert list(snapshot.document_ids) == ["p0004", "p0005"]
    assert from_payload(snapshot.document("p0004")).source == (str(other),)


def vars_of(paper):
    return [getattr(paper, field.name) for field in fields(paper)]


def test_payloads_are_papers_to_the_last_field():
    full = Paper(
        "a", "T", "B.", "2024", ("X Y", "Z"), 2, "Org", 0, 5, "https://example.org", ("f", "g"),
        "10.1234/ab", "2405.12345v2", "Mill Notes", "article", ("mills", "weirs"),
        "https://example.org/code", "retracted",
    )  # fmt: skip
    assert None not in vars_of(full) and () not in vars_of(full)
    for paper in (full, Paper("a", "", "B.")):
        assert from_payload(json.loads(json.dumps(to_payload(paper)))) == paper
    assert "date" not in to_payload(Paper("a", "", "B."))


def test_the_bundled_encoder_does_it_all_once(index, tmp_path):
    lines = [record(i) for i in range(3)]
    papers = write_lines(tmp_path / "papers.jsonl", lines)
    encoder = Encoder()
    assert Ingestor(index, encoder).run([papers]).embedded == 12
    snapshot = open_index(index, embedder=encoder.name)
    assert snapshot.manifest.dimension == 384
    (query,) = encoder.embed(["how glaciers were measured"])
    scores = snapshot.dense(query)
    assert scores.whole.argmax() == scores.sentence.argmax() == 1
    texts = [f"{r['title']}\n{r['abstract']}" for r in lines]
    assert np.allclose(scores.whole, encoder.embed(texts) @ query, atol=0.02)  # bfloat16 batches
    idle = Encoder()
    assert Ingestor(index, idle).run([papers]).embedded == 0
    assert idle._loaded is None  # nothing to embed: the model is not even read
