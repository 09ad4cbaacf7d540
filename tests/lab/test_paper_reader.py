"""The training of the one-pass reader, on eight papers of our own."""

import json
import lzma

import pytest

from lab.training.paper_reader import train
from lab.training.paper_reader_data import ELSEWHERE, readings, sources
from lab.training.paper_reader_figures import lines, tell
from lab.training.paper_reader_model import PaperReader, loss_of

pytestmark = pytest.mark.slow

ANIMALS = "owls bats mice frogs hares foxes moles newts".split()


@pytest.fixture
def folder(tmp_path):
    """Training data in the form of `../shared/train`: seven papers with questions, one in a list."""
    papers = [
        {
            "id": name,
            "title": f"On {name}",
            "sentences": [f"We study {name}.", f"In {n} trials {name} sleep.", f"No {name} fly."],
        }
        for n, name in enumerate(ANIMALS, start=2)
    ]
    asked = [
        {
            "batch": "qa06" if name == "moles" else "qa00",
            "id": name,
            "questions": [
                {"q": f"How many trials had {name}?", "style": "number", "evidence": [1]},
                {"q": f"What is looked at, {name}?", "style": "terse", "evidence": [0]},
            ],
            "unanswerable": {"q": f"What do {name} eat?"},
            "false_premise": {"q": f"How far do {name} fly?", "denied_by": 2},
            "claims": [
                {"text": f"Trials had sleeping {name}.", "label": "supported", "evidence": [1]},
                {"text": f"All {name} fly.", "label": "contradicted", "evidence": [2]},
                {"text": f"Rain wakes {name}.", "label": "unstated"},
            ],
            "topic": f"papers on {name}",
        }
        for name in ANIMALS[:7]
    ]
    listed = {
        "id": "r000",
        "request": "small animals",
        "yes": ["mice"],
        "maybe": [],
        "no": ["newts"],
    }
    newts = papers.pop()
    packed = {
        "papers": [],
        "qa_papers": papers,
        "lists_papers": [{**newts, "text": " ".join(newts["sentences"])}],
    }
    for name, rows in packed.items():
        with lzma.open(tmp_path / f"{name}.jsonl.xz", "wt") as out:
            out.writelines(json.dumps(row) + "\n" for row in rows)
    for name, rows in {"qa": asked, "examples": [], "lists": [listed]}.items():
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_a_line_becomes_readings_and_a_writer_is_kept_aside(folder):
    own = [r for r in readings(folder) if r.paper_id == "owls" and r.style != "elsewhere"]
    told = {r.text: (r.carries, r.denies) for r in own}
    assert told["How many trials had owls?"] == ((1,), ())
    assert told["How far do owls fly?"] == ((), (2,))
    assert told["All owls fly."] == ((), (2,))
    assert told["What do owls eat?"] == told["Rain wakes owls."] == ((), ())
    assert {r.part for r in own} == {"train"}
    assert {r.part for r in readings(folder) if "moles" in r.text} == {"test"}


def test_a_question_beside_another_paper_is_left_open(folder):
    elsewhere = [r for r in readings(folder) if r.style == "elsewhere"]
    assert all(r.paper_id not in r.text and not r.carries for r in elsewhere)
    judged = [r for r in elsewhere if r.judged]
    assert len(judged) == (14 + 7) * ELSEWHERE, "two questions and a false premise a paper"
    assert {r.bears for r in judged} == {0.0}
    requests = [r for r in elsewhere if not r.judged]
    assert len(requests) == 7 * ELSEWHERE
    assert {r.bears for r in requests} == {None}, "nobody judged whether another paper belongs"


def test_it_learns_and_goes_on_where_it_stopped(folder, tmp_path):
    own = [r for r in readings(folder) if r.text == "How many trials had owls?"]
    papers = sources(folder)
    model = PaperReader()
    group = [model.row(r, papers[r.paper_id]) for r in own]
    before = float(loss_of(model(group), [own]).detach())
    train(model, [[group]] * 2, tmp_path, fall=1)
    again = PaperReader()
    train(again, [[group]] * 5, tmp_path, fall=1)
    after = float(loss_of(again(group), [own]).detach())
    assert after < before
    assert (tmp_path / "checkpoint.safetensors").is_file()


def test_figures_are_told_of_every_style(folder):
    told = list(tell(PaperReader(), readings(folder), folder))
    shown = "\n".join(lines(told))
    assert "number" in shown
    assert "answered against left open: AUC" in shown
    assert "supported against contradicted: AUC" in shown
    assert "belongs against does not: AUC" in shown


def test_in_a_group_the_sentence_that_answers_is_to_be_ahead_of_all_others(folder):
    own = [r for r in readings(folder) if r.text == "How many trials had owls?"]
    papers = sources(folder)
    model = PaperReader()
    judged = model([model.row(r, papers[r.paper_id]) for r in own])
    right = next(i for i, r in enumerate(own) if r.carries)
    wrong = (right + 1) % len(own)

    def loss(place):
        raised = judged.carries.clone().detach()
        raised[place, 1] += 5.0
        return float(loss_of(judged._replace(carries=raised), [own]))

    assert loss(right) < float(loss_of(judged, [own])) < loss(wrong)
