"""The asker: how a question is written down for it, how its tags are read, what it hears."""

import json
import shutil
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.models import bundled as models
from rag.question.asker import ASKED, IN_THE_BOX, Asker
from rag.question.rows import MOST_BEFORE, MOST_TOKENS, SHAPES, Before, row
from rag.question.slots import LABELS, TAGS, Slot, read_tags, tags_of

pytestmark = pytest.mark.slow

ASKER = Asker()
BEFORE = Before(
    "papers on owls",
    'Two: "OwlNet: Hearing Mice in the Dark" (2019) and one on moss.',
    ("OwlNet: Hearing Mice in the Dark", "MossTrack: Spores on Birds"),
)


@pytest.fixture(scope="module")
def tokenizer():
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(models.locate(models.ENCODER) / "tokenizer.json"))


def certain(tags: list[int]) -> np.ndarray:
    """Scores that leave no doubt."""
    scores = np.full((len(tags), TAGS), -20.0)
    scores[range(len(tags)), tags] = 0.0
    return scores


def test_slots_are_read_as_they_were_tagged(tokenizer):
    text = "newest papers by Grey on owls' hearing, since 2021"
    wanted = tuple(
        Slot(label, part, text.index(part), text.index(part) + len(part))
        for label, part in (
            ("order", "newest"),
            ("author", "Grey"),
            ("topic", "owls' hearing"),
            ("date", "since 2021"),
        )
    )
    one = row(tokenizer, text, Before())
    assert read_tags(certain(tags_of(wanted, one.spans)), one.spans, text) == wanted


def test_a_slot_never_begins_or_ends_within_a_word(tokenizer):
    text = "electroencephalography"
    one = row(tokenizer, text, Before())
    assert len(one.spans) > 2
    topic = 1 + 2 * LABELS.index("topic")
    tags = [topic, *[0] * (len(one.spans) - 1)]
    scores = certain(tags)
    scores[0, 0] = -1.0  # all of the word or none of it: nothing is less unlikely
    assert read_tags(scores, one.spans, text) == ()


@settings(deadline=None)
@given(
    st.lists(st.integers(0, TAGS - 1), min_size=1, max_size=12),
)
def test_whatever_the_scores_slots_are_words_of_the_text_in_order(tags):
    text = " ".join("abcdefghijkl"[: len(tags)])
    spans = [(2 * i, 2 * i + 1) for i in range(len(tags))]
    slots = read_tags(certain(tags), spans, text)
    assert all(text[slot.start : slot.end] == slot.text for slot in slots)
    assert all(one.end <= other.start for one, other in pairwise(slots))


def test_each_paper_of_the_last_answer_has_its_own_stretch(tokenizer):
    one = row(tokenizer, "the second one?", BEFORE)
    told = [tokenizer.decode(one.ids[a:b]) for a, b in one.papers]
    assert "mice in the dark" in told[0]
    assert "2019" in told[0]  # what is said of a paper tells which one is meant
    assert "spores on birds" in told[1]
    assert "mice" not in told[1]


def test_long_questions_and_answers_are_cut(tokenizer):
    long = Before("why " * 400, "because " * 400, tuple(f"Title {n}" for n in range(50)))
    one = row(tokenizer, "owl " * 900, long)
    assert len(one.spans) == MOST_TOKENS
    assert len(one.ids) <= MOST_TOKENS + MOST_BEFORE + 3
    assert len(one.ids) == len(one.shapes)


def test_how_a_word_is_written_is_told(tokenizer):
    one = row(tokenizer, 'GPT 4o "owls" Owl 2021?', Before())
    told = [SHAPES[shape] for shape in one.shapes[1 : 1 + len(one.spans)]]
    assert {"CAPITALS", "with digits", "quoted", "Capital", "digits", "mark"} <= set(told)


def test_a_plain_request_is_tagged():
    asked = ASKER.read("the three newest papers on coral bleaching since 2021")
    assert [(slot.label, slot.text) for slot in asked.slots] == [
        ("limit", "three"),
        ("order", "newest"),
        ("topic", "coral bleaching"),
        ("date", "since 2021"),
    ]
    assert set(asked.kinds) == set(ASKED)
    assert sum(asked.kinds.values()) == pytest.approx(1.0, abs=1e-5)
    assert max(asked.kinds, key=lambda kind: asked.kinds[kind]) == "list"
    assert asked.refers == ()


def test_what_goes_on_from_an_answer_is_told_from_a_new_subject():
    on = ASKER.read("what does the second one find?", BEFORE)
    new = ASKER.read("which papers deal with coral bleaching in warm water?", BEFORE)
    assert on.leans > 0.5 > new.leans
    assert len(on.refers) == 2


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text):
    asked = ASKER.read(text, BEFORE)
    assert all(text[slot.start : slot.end] == slot.text for slot in asked.slots)
    assert 0.0 <= asked.leans <= 1.0
    assert len(asked.refers) == 2


def test_altered_weights_are_not_loaded(tmp_path):
    folder = tmp_path / "asker"
    shutil.copytree(IN_THE_BOX, folder)
    card = json.loads((folder / "adapter.json").read_text(encoding="utf-8"))
    card["sha256"] = "0" * 64
    (folder / "adapter.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match="sha256"):
        Asker(folder).read("owls")


def test_missing_weights_name_a_next_step_that_there_is(tmp_path):
    with pytest.raises(ModelError, match="install Quoth again") as found:
        Asker(tmp_path).read("owls")
    assert "--set" not in str(found.value)
