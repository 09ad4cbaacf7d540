"""What the writer learns from, and that what it learned is what runs."""

import json
import lzma
import random
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from lab.data.support_cases import part_of
from lab.training.writer import BATCH, SCALE, Student, batches
from lab.training.writer_data import Lesson, lessons
from rag.answer.scribe import NOT_STATED
from rag.models import adapters
from rag.models import bundled as models
from rag.retelling.retells import retells
from rag.types import Paper

pytestmark = pytest.mark.slow

SENTENCES = [
    "Barn owls hunt mice by ear in deep snow.",
    "To this end, we record 4,200 hunts (over three winters) of barn owls, using many microphones.",
    "Hunting succeeds in 41% of all attempts.",
]

FACT = "How many hunts were recorded?"


def example(number, **changes):
    return {
        "id": f"paper-{number}",
        "fact_question": FACT,
        "evidence": [1],
        "answer": "4,200",
        "answer_sentence": "Over three winters 4,200 hunts of barn owls are recorded.",
        "wrong_sentence": "Over three winters 2,400 hunts of barn owls are recorded.",
        "wrong_kind": "number",
        "topic_query": "how birds of prey hunt",
        "topic_sentence": "Barn owls hunt mice by ear, even in deep snow.",
        "topic_evidence": [0],
        "unanswerable_question": "How much does a barn owl weigh?",
        **changes,
    }


@pytest.fixture
def folder(tmp_path):
    """Thirty papers in the format of `../shared/train`."""
    told = [example(i) for i in range(30)]
    (tmp_path / "examples.jsonl").write_text("".join(json.dumps(e) + "\n" for e in told))
    with lzma.open(tmp_path / "papers.jsonl.xz", "wt", encoding="utf-8") as lines:
        for e in told:
            paper = {"id": e["id"], "title": "Owls in Snow", "sentences": SENTENCES}
            lines.write(json.dumps(paper) + "\n")
    return tmp_path


def test_a_part_teaches_only_what_its_own_papers_say(folder):
    told = {part: list(lessons(folder, part=part)) for part in ("train", "dev", "test")}
    papers = [part_of(f"paper-{i}") for i in range(30)]
    for part, own in told.items():
        answers = [lesson for lesson in own if lesson.question == FACT]
        assert len(answers) == papers.count(part)
        assert all(lesson.text == SENTENCES[1] for lesson in answers)


def test_what_is_taught_is_a_retelling_that_keeps_what_people_took_up(folder):
    told = [lesson for lesson in lessons(folder) if lesson.sentence != NOT_STATED]
    assert all(retells(lesson.sentence, lesson.text, lesson.paper) for lesson in told)
    answer = next(lesson for lesson in told if lesson.question == FACT)
    # They wrote of the winters and not of the microphones.
    assert answer.sentence == ("The authors record 4,200 hunts (over three winters) of barn owls.")


def test_refusals_are_taught_over_sentences_of_the_paper(folder):
    refusals = [lesson for lesson in lessons(folder) if lesson.sentence == NOT_STATED]
    assert refusals
    for lesson in refusals:
        assert lesson.question.startswith("How much does")
        assert any(sentence in lesson.text for sentence in SENTENCES)


def test_the_same_seed_gives_the_same_lessons(folder):
    assert list(lessons(folder, seed=3)) == list(lessons(folder, seed=3))
    assert list(lessons(folder, seed=3)) != list(lessons(folder, seed=4))


def test_every_lesson_is_in_one_batch_an_epoch():
    generator = random.Random(0)
    paper = Paper(paper_id="p", title="t", abstract="a")
    told = [Lesson(paper, "w " * generator.randrange(90), "q", "s") for _ in range(333)]
    order = batches(told, epochs=2)
    assert sorted(i for batch in order for i in batch) == sorted([*range(333), *range(333)])
    assert max(map(len, order)) == BATCH
    spread = [max(len(told[i].text) for i in b) - min(len(told[i].text) for i in b) for b in order]
    assert sum(spread) / len(spread) < 60  # of 180: like lengths are together


def test_what_was_learned_is_what_the_adapter_holds(tmp_path):
    name = "base_model.model.model.layers.0.self_attn.q_proj"
    down, up = torch.randn(8, 576), torch.randn(576, 8)
    weights = {f"{name}.lora_A.default.weight": down, f"{name}.lora_B.default.weight": up}
    Student.write(SimpleNamespace(weights=weights), tmp_path)
    base = {"model.layers.0.self_attn.q_proj.weight": torch.zeros(576, 576)}
    adapters.apply(load_file(tmp_path / adapters.WEIGHTS), base)
    (learned,) = base.values()
    assert torch.allclose(learned, SCALE * up @ down, atol=0.05)
    card = json.loads((tmp_path / adapters.CARD).read_text())
    assert card["base"]["sha256"] == models.WRITER.sha256
    assert card["sha256"] == models.file_sha256(tmp_path / adapters.WEIGHTS)
