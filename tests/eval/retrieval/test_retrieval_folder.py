"""BEIR-shaped folders: reading, measuring, and other tools' formats."""

import gzip
import json
import lzma
from math import log2

import pytest

from eval.retrieval.beir import read_beir
from eval.retrieval.measure import measure_rankings, search_all, write_trec_run
from rag.errors import InputError

CORPUS = [
    {"_id": "d1", "title": "One", "text": "about one"},
    {"_id": "d2", "title": "Two", "text": "about two"},
]
QUERIES = [
    {"_id": "q1", "text": "what is one?"},
    {"_id": "q2", "text": "what is two?"},
    {"_id": "unjudged", "text": "what is three?"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td2\t1\nq2\tgone\t1\n"


def lines(trees):
    return "".join(json.dumps(tree) + "\n" for tree in trees)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "corpus.jsonl").write_text(lines(CORPUS))
    (tmp_path / "queries.jsonl").write_text(lines(QUERIES))
    (tmp_path / "qrels.tsv").write_text(QRELS)
    return tmp_path


def test_reads_a_folder(folder):
    found = read_beir(folder)
    assert found.queries == {"q1": "what is one?", "q2": "what is two?"}
    assert found.relevance == {"q1": {"d1": 2, "d2": 0}, "q2": {"d2": 1, "gone": 1}}
    assert found.documents == {"d1", "d2"}


def test_packed_files_splits_and_trec_columns_are_read_too(folder):
    plain = read_beir(folder)
    (folder / "corpus.jsonl").unlink()
    with lzma.open(folder / "corpus.jsonl.xz", "wt") as file:
        file.write(lines([{"id": tree["_id"], **tree} for tree in CORPUS]))
    (folder / "queries.jsonl").unlink()
    with gzip.open(folder / "queries.jsonl.gz", "wt") as file:
        file.write(lines(QUERIES))
    (folder / "qrels.tsv").unlink()
    (folder / "qrels").mkdir()
    (folder / "qrels" / "train.tsv").write_text("q9\t0\td1\t1\n")
    (folder / "qrels" / "test.tsv").write_text("q1 0 d1 2\nq1 0 d2 0\nq2 0 d2 1\nq2 0 gone 1\n")
    packed = read_beir(folder)
    assert (packed.queries, packed.relevance) == (plain.queries, plain.relevance)
    assert packed.documents == plain.documents


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("qrels.tsv", "q1\td1\t1\nq1\td2\tgood\n", r"qrels.tsv:2: wants query-id"),
        ("qrels.tsv", "q1\td1\t1\nq1\td2\n", r"qrels.tsv:2: wants query-id"),
        ("queries.jsonl", "{", r"queries.jsonl:1: not a JSON object"),
        ("queries.jsonl", '{"_id": "q1"}', r'queries.jsonl:1: a query needs a "text"'),
        ("queries.jsonl", '{"_id": "q7", "text": "?"}', "no query of queries.jsonl is judged"),
    ],
)
def test_a_wrong_line_is_named(folder, name, content, words):
    (folder / name).write_text(content)
    with pytest.raises(InputError, match=words):
        read_beir(folder)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"no {name.removesuffix('.tsv')}"):
        read_beir(folder)


def test_measures_what_a_search_finds(folder):
    beir = read_beir(folder)
    asked = []

    def search(text):
        asked.append(text)
        return {"d2": 0.9, "d1": 0.5}

    rankings = search_all(beir, search)
    assert asked == ["what is one?", "what is two?"]
    found = measure_rankings(rankings, beir.relevance, depth=50, indexed=beir.documents)
    assert found.figures["MRR"].value == (1 / 2 + 1 / 1) / 2
    assert found.figures["recall@50"].value == (1 / 1 + 1 / 2) / 2
    expected = ((2 / log2(3)) / 2 + 1 / (1 + 1 / log2(3))) / 2
    assert found.figures["nDCG@10"].value == pytest.approx(expected)
    assert (found.queries, found.without_positives, found.missing) == (2, 0, 1)
    assert list(search_all(beir, search, limit=1)) == ["q1"]


def test_queries_without_positives_are_left_out_and_counted():
    rankings = {"q1": {"d1": 1.0}, "q2": {"d1": 1.0}}
    found = measure_rankings(rankings, {"q1": {"d1": 1}, "q2": {"d1": 0}}, depth=10)
    assert (found.figures["MAP"].value, found.figures["MAP"].count) == (1.0, 1)
    assert (found.figures["MAP"].left_out, found.without_positives) == (1, 1)


def test_trec_run(tmp_path):
    path = tmp_path / "run.txt"
    write_trec_run({"q1": {"a b": 0.25, "c": 0.5}}, path)
    assert path.read_text().splitlines() == [
        "q1 Q0 c 1 0.500000 quoth",
        "q1 Q0 a_b 2 0.250000 quoth",
    ]
