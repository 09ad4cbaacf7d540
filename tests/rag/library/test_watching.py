"""An index in step with a folder of exports: new, changed and removed files."""

from __future__ import annotations

import json

import pytest
from ingest_helpers import CountingEncoder, record, write_lines

from index_store.snapshot import open_snapshot
from rag.errors import InputError
from rag.library.codec import stored_papers
from rag.library.ingest import Ingestor
from rag.library.watching import Watch, states


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


@pytest.fixture
def watched(tmp_path, folder):
    index = tmp_path / "index"
    return Watch(folder, Ingestor(index, CountingEncoder()), but=index)


def titles(watched):
    papers = stored_papers(open_snapshot(watched.ingestor.store_dir))
    return {paper.paper_id: paper.title for paper in papers}


def settle(watched):
    """Looks until nothing is done any more; the reports."""
    reports = list(watched.look())
    while more := list(watched.look()):
        reports += more
    return reports


def test_new_changed_and_removed_files_are_followed(watched, folder):
    first = write_lines(folder / "a.jsonl", [record(0), record(1)])
    write_lines(folder / "b.jsonl", [record(1), record(2)])
    (added,) = settle(watched)
    assert (added.read, added.papers, added.added, added.removed) == (4, 3, 3, 0)
    assert settle(watched) == []
    write_lines(first, [record(0, title="Tides, anew"), record(5)])
    (changed,) = settle(watched)
    # Paper 1 is no more in a.jsonl, and stays: b.jsonl tells of it.
    assert (changed.papers, changed.added, changed.removed) == (4, 1, 0)
    assert titles(watched)["p0000"] == "Tides, anew"
    (folder / "b.jsonl").unlink()
    (gone,) = settle(watched)
    assert (gone.papers, gone.removed) == (2, 2)
    assert set(titles(watched)) == {"p0000", "p0005"}


def test_what_was_taken_out_of_a_file_goes(watched, folder):
    path = write_lines(folder / "a.jsonl", [record(n) for n in range(4)])
    settle(watched)
    write_lines(path, [record(0), record(3)])
    (report,) = settle(watched)
    assert (report.papers, report.removed, report.embedded) == (2, 2, 0)


def test_a_file_that_cannot_be_read_takes_nothing_out(watched, folder):
    path = write_lines(folder / "a.jsonl", [record(n) for n in range(4)])
    settle(watched)
    path.write_bytes(b"%PDF-1.7 and so on")
    (report,) = settle(watched)
    assert len(report.failures) == 1 and report.papers == 4
    assert settle(watched) == []  # it is told once
    write_lines(path, [record(1)])
    (report,) = settle(watched)
    assert report.papers == 1


def test_a_file_is_read_when_it_is_no_more_written(watched, folder):
    path = write_lines(folder / "a.jsonl", [record(0)])
    assert list(watched.look()) == []
    with path.open("a") as out:
        out.write(json.dumps(record(1))[:40])
    assert list(watched.look()) == []  # another size than before
    write_lines(path, [record(0), record(1)])
    assert list(watched.look()) == []
    (report,) = watched.look()
    assert (report.added, report.rejected) == (2, 0)


def test_hidden_and_unfinished_files_and_the_index_are_left_out(tmp_path, folder):
    inside = folder / "index"
    watched = Watch(folder, Ingestor(inside, CountingEncoder()), but=inside)
    (folder / "deep").mkdir()
    kept = write_lines(folder / "deep" / "a.jsonl", [record(0)])
    for name in (".hidden.jsonl", "b.jsonl.part", "c.jsonl~", "d.crdownload"):
        write_lines(folder / name, [record(1)])
    (report,) = settle(watched)
    assert (report.read, report.failures) == (1, ())
    assert [path for path, _ in states(folder, but=inside)] == [kept]


def test_what_went_while_nobody_watched_is_known(watched, folder):
    path = write_lines(folder / "a.jsonl", [record(0)])
    write_lines(folder / "b.jsonl", [record(1)])
    settle(watched)
    path.unlink()
    later = Watch(folder, watched.ingestor, but=watched.but)
    papers = list(stored_papers(open_snapshot(watched.ingestor.store_dir)))
    sources = [source for paper in papers for source in paper.source]
    assert later.gone_before([*sources, "/elsewhere/a.jsonl", "arxiv:cs.CL"]) == [str(path)]


def test_a_folder_that_is_none_is_told(watched, folder):
    folder.rmdir()
    with pytest.raises(InputError, match="is no folder"):
        list(watched.look())
