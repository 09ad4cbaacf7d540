"""What weighs the reader and what measures it, run whole on a few papers of our own."""

import json
import lzma
import re
import shutil
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from eval import bench_reading
from eval.support_cases import part_of
from eval.training import glance, papers, reading_limit
from rag import adapters, build, models
from rag.config import Config
from rag.reader import GLANCE, IN_THE_BOX, Reader

pytestmark = pytest.mark.slow

SUBJECTS = ["owls", "otters", "glaciers", "orchids", "comets", "harbours"]


def example(name, number, subject):
    return {
        "id": name,
        "fact_question": f"How many {subject} were observed?",
        "evidence": [1],
        "answer": str(number),
        "topic_query": f"which papers observe {subject}?",
        "topic_evidence": [0],
        "unanswerable_question": f"Who paid for the observation of {subject}?",
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Half of the papers to fit on and half to measure on, in the format of `../shared`, indexed."""
    shared = tmp_path_factory.mktemp("shared")
    (shared / "train").mkdir()
    names = {
        part: [n for n in map("paper-{}".format, range(200)) if part_of(n) == part]
        for part in ("dev", "test")
    }
    told = [
        (names["dev" if i % 2 else "test"][i], 100 + i, subject)
        for i, subject in enumerate(SUBJECTS)
    ]
    examples = [json.dumps(example(*one)) + "\n" for one in told]
    (shared / "train" / "examples.jsonl").write_text("".join(examples))
    with lzma.open(shared / "train" / "papers.jsonl.xz", "wt", encoding="utf-8") as lines:
        for name, number, subject in told:
            sentences = [
                f"This paper studies how {subject} change over the years.",
                f"In all, {number} {subject} were observed from a small hill.",
                "Every change is told in a table, and the tables are compared.",
            ]
            paper = {"id": name, "title": f"Observing {subject}", "sentences": sentences}
            lines.write(json.dumps(paper) + "\n")
    with (shared / "papers.jsonl").open("w") as out:
        out.writelines(
            json.dumps(paper) + "\n" for paper in papers.training_papers(shared / "train")
        )
    build.ingestor(Config(index=shared / "index")).run([shared / "papers.jsonl"])
    return shared


@pytest.fixture
def run(folder, monkeypatch, capsys):
    """Runs a script on the papers and gives what it printed."""

    def call(script, *arguments, common=True):
        given = ("--index", folder / "index", "--shared", folder) if common else ()
        monkeypatch.setattr(sys, "argv", [script.__name__, *map(str, (*given, *arguments))])
        script.main()
        return capsys.readouterr().out

    return call


def test_a_glance_is_learned_and_all_else_in_the_adapter_stays(run, tmp_path):
    shutil.copytree(IN_THE_BOX, tmp_path / "a")
    path = tmp_path / "a" / adapters.WEIGHTS
    before = load_file(path)
    save_file({name: t for name, t in before.items() if name not in GLANCE}, path)
    card = tmp_path / "a" / adapters.CARD
    card.write_text(json.dumps(json.loads(card.read_text()) | {"sha256": models.file_sha256(path)}))
    printed = run(glance, "--reader", tmp_path / "a")
    assert "6 questions" in printed
    after = load_file(path)
    assert all(torch.equal(after[name], t) for name, t in before.items() if name not in GLANCE)
    assert after[GLANCE[0]].shape == (385,)
    assert len(Reader(tmp_path / "a").sifted([("a", "b")], np.zeros(1), tokens=9)) == 1


def test_a_glance_guesses_what_depends_on_what_it_sees():
    generator = np.random.default_rng(0)
    half = generator.normal(size=(400, 5))
    said = half @ np.array([3.0, 0.0, -2.0, 0.0, 0.0]) + 7.0
    weight, bias = glance.fitted(half, said)
    assert np.allclose(half @ weight + bias, said, atol=0.1)
    told = glance.figures([(half[:20], said[:20], [10] * 20)], weight, bias)
    assert told == {
        "correlation": pytest.approx(1.0, abs=1e-3),
        "best goes on": 1.0,
        "of the best 3": 1.0,
    }
    worst = glance.figures([(half[:20], said[:20], [100] * 20)], -weight, -bias)
    assert worst["best goes on"] == 0.0


def test_each_limit_has_its_line_of_figures(run):
    printed = run(reading_limit, "--tokens", 500, 60)
    lines = printed.splitlines()
    assert [line.split()[0] for line in lines] == ["500", "60"]
    for line in lines:
        figures = [float(number) for number in re.findall(r" ([01]\.\d{3})", line)]
        assert len(figures) == 5
        assert all(0 <= figure <= 1 for figure in figures)
    assert "n 6" in lines[0]
    assert "answer first 1.000" in lines[0]


def test_what_the_reader_costs_has_a_line_for_each_kind(run, folder, tmp_path):
    asked = [
        {"type": "fact", "question": "How many otters were observed?", "answers": [["101"]]},
        {"type": "list", "question": "which papers observe comets?", "answers": []},
    ]
    titles = ["Observing otters", "Observing comets"]
    asked = [
        {"id": title, "papers": [title], "also_ok": [], "history": [], "filter": {}, **one}
        for title, one in zip(titles, asked, strict=True)
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in asked))
    printed = run(bench_reading, "--set", path, folder / "index", "--rounds", 2, common=False)
    assert [line.split()[:3] for line in printed.splitlines()] == [
        ["fact", "n", "1"],
        ["list", "n", "1"],
    ]
