"""What is read of the papers in the running, with a reader that only counts words."""

import numpy as np
import pytest

from rag import build
from rag.config import Config
from rag.reading import SENTENCES_READ, read_sentences


class Counting:
    """Says how many words of the question the other text has, and remembers what it was shown."""

    def __init__(self):
        self.seen = []

    def logits(self, skill, pairs):
        self.seen += [(skill, *pair) for pair in pairs]
        return np.asarray(
            [float(len(set(a.lower().split()) & set(b.lower().split()))) for a, b in pairs]
        )


@pytest.fixture(scope="module")
def retriever(box_config):
    return build.assistant(Config(index=box_config.index, reader="off")).retriever


QUESTION = "which training data does preference optimisation need"


def test_without_a_reader_everything_stays(retriever):
    found = retriever.candidates(QUESTION)
    told = read_sentences(None, QUESTION, found, papers=5)
    assert told.candidates == found
    assert np.isnan(told.best).all()
    assert read_sentences(None, QUESTION, [], papers=5).candidates == []


def test_no_more_sentences_are_read_than_can_be_afforded(retriever):
    reader = Counting()
    found = retriever.candidates(QUESTION)
    told = read_sentences(reader, QUESTION, found, papers=5)
    assert len(reader.seen) == SENTENCES_READ
    assert {skill for skill, *_ in reader.seen} == {"answers"}
    assert np.isfinite(told.best[:5]).all()
    assert np.isnan(told.best[5:]).all()
    assert [c.paper for c in told.candidates] == [c.paper for c in found]
    assert [c.sentence_scores for c in told.candidates[5:]] == [
        c.sentence_scores for c in found[5:]
    ]
