"""The reader of whole abstracts: windows, the order of papers, what it says of plain cases."""

import numpy as np
import pytest

from rag.errors import ModelError
from rag.models.paper_reader import MOST_TOKENS, PaperReader, ShownPaper, windowed

OWLS = ShownPaper(
    "How long barn owls sleep",
    (
        "Sleep of wild birds is hard to measure.",
        "We fitted 42 barn owls with loggers for a whole winter.",
        "Barn owls slept 9.6 hours a day, mostly before noon.",
        "Rain did not shorten their sleep.",
    ),
)
BRIDGES = ShownPaper(
    "Corrosion of steel bridges",
    ("Steel bridges rust.", "We coat girders with zinc.", "Zinc halves the loss of steel."),
)


@pytest.fixture(scope="module")
def reader():
    return PaperReader()


def test_a_paper_that_fits_is_one_window():
    (window,) = windowed((1, 2), [5] * 10, [6] * 5, [[7] * 20, [8] * 30], "question")
    assert window.ids == [1, *[5] * 10, 2, *[6] * 5, 2, *[7] * 20, *[8] * 30, 2]
    assert window.head == 12
    assert [window.ids[a:b] for a, b in window.ends] == [[7] * 20, [8] * 30]


@pytest.mark.parametrize("sizes", [[100] * 9, [500, 10, 10], [380, 380], [1] * 600])
def test_every_sentence_of_a_long_abstract_is_in_one_window(sizes):
    sentences = [[100 + i] * size for i, size in enumerate(sizes)]
    windows = windowed((1, 2), [5] * 200, [6] * 80, sentences, "question")
    assert all(len(window.ids) <= MOST_TOKENS for window in windows)
    told = [window.ids[a] for window in windows for a, _ in window.ends]
    assert told == [100 + i for i in range(len(sizes))]


def test_a_paper_of_no_sentences_is_read(reader):
    (reading,) = reader.read("owls", [ShownPaper("Owls", ())])
    assert len(reading.carries) == 0
    assert np.isfinite(reading.bears)


def test_the_sentence_that_answers_is_found_and_another_paper_does_not_answer(reader):
    owls, bridges = reader.read("how many hours does a barn owl sleep?", [OWLS, BRIDGES])
    assert int(owls.carries.argmax()) == 2
    assert owls.here > bridges.here
    assert owls.bears > bridges.bears


def test_the_order_of_papers_changes_no_number(reader):
    papers = [OWLS, BRIDGES, ShownPaper("Owls and steel", OWLS.sentences + BRIDGES.sentences)]
    there = reader.read("what shortens sleep?", papers)
    back = reader.read("what shortens sleep?", papers[::-1])[::-1]
    for one, other in zip(there, back, strict=True):
        assert one.carries.tolist() == other.carries.tolist()
        assert one.bears == other.bears


def test_so_many_papers_are_read_as_the_tokens_last_and_one_in_any_case(reader):
    assert len(reader.read("sleep", [OWLS, BRIDGES, OWLS], tokens=1)) == 1
    assert len(reader.read("sleep", [OWLS, BRIDGES, OWLS], tokens=10_000)) == 3
    assert reader.read("sleep", []) == []


def test_without_its_weights_the_error_names_what_works(tmp_path):
    with pytest.raises(ModelError, match="reader=off"):
        PaperReader(tmp_path).read("sleep", [OWLS])
