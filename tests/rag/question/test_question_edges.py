"""The edges of tagged dates and numbers, and what may be left out."""

import pytest

from rag.question.edges import whole
from rag.question.slots import Slot


def tagged(question: str, *slots: tuple[str, str]) -> list[tuple[str, str]]:
    """The slots of a question by label and words, their edges mended."""
    found = [
        Slot(label, words, question.index(words), question.index(words) + len(words))
        for label, words in slots
    ]
    mended = whole(found, question)
    assert all(question[slot.start : slot.end] == slot.text for slot in mended)
    return [(slot.label, slot.text) for slot in mended]


@pytest.mark.parametrize(
    ("question", "words", "wanted"),
    [
        ("owls since 2021", "2021", "since 2021"),
        ("owls, 2021 or later", "2021", "2021 or later"),
        ("owls from before 2021", "2021", "from before 2021"),
        ("owls in the last two years", "two years", "in the last two years"),
        ("owls 2021+", "2021", "2021+"),
        ("owls 2021", "2021", "2021"),
    ],
)
def test_a_date_takes_the_words_that_bound_it(question, words, wanted):
    assert tagged(question, ("topic", "owls"), ("date", words)) == [
        ("topic", "owls"),
        ("date", wanted),
    ]


def test_neighbours_of_one_label_are_one_phrase():
    assert tagged("owls, 2019 to 2021", ("date", "2019"), ("date", "2021")) == [
        ("date", "2019 to 2021")
    ]
    assert tagged("three or four on owls", ("limit", "three or"), ("limit", "four")) == [
        ("limit", "three or four")
    ]
    two = [("topic", "owls"), ("topic", "bats")]
    assert tagged("owls and bats", *two) == two


def test_no_slot_grows_over_another():
    slots = [("order", "last"), ("date", "2021")]
    assert tagged("the last 2021 paper", *slots) == slots


def test_what_nothing_denies_is_not_left_out():
    assert tagged("where learning meets courts or justice", ("exclude", "justice")) == []
    for question in ("owls, no bats", "owls without bats", "owls -bats", "owls, bats excluded"):
        assert tagged(question, ("exclude", "bats")) == [("exclude", "bats")]
