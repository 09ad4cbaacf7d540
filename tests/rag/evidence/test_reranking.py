"""Papers of a search put in another order by reading them."""

import json

import numpy as np
import pytest

from rag import build
from rag.assistant import Assistant
from rag.config import AnswerConfig, Config, RetrievalConfig
from rag.evidence import deciding, measures
from rag.models.paper_reader import PaperReading

QUESTION = "which training data does preference optimisation need"


class Fond:
    """Finds that one paper bears on everything, and no other on anything; remembers what it read."""

    def __init__(self, title=""):
        self.title = title
        self.seen = []

    def read(self, text, papers, *, task="question", tokens=None):
        self.seen += [paper.title for paper in papers]
        return [
            PaperReading(
                np.zeros(len(paper.sentences)),
                np.zeros(len(paper.sentences)),
                9.0 if paper.title == self.title else -9.0,
            )
            for paper in papers
        ]


@pytest.fixture
def retriever(box_config):
    return build.assistant(Config(index=box_config.index, reader="off")).retriever


@pytest.fixture(autouse=True)
def only_what_bears_counts(tmp_path, monkeypatch):
    """Weights of our own: what comes out does not hang on what was learned."""
    names = measures.BELONGS_READ_NAMES
    entry = {"names": names, "mean": [0.0] * len(names), "scale": [1.0] * len(names), "bias": 0.0}
    weights = [float(name == "bears") for name in names]
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps({"belongs" + deciding.WITH_READER: {**entry, "weight": weights}}))
    monkeypatch.setattr(deciding, "FILE", path)


def test_a_search_reads_as_many_papers_as_it_is_told_to(retriever, monkeypatch):
    plain = Assistant(retriever, None, config=AnswerConfig()).search(QUESTION)
    reader = Fond(plain[4].paper.title)
    assistant = Assistant(retriever, None, config=AnswerConfig(), paper_reader=reader)
    assert assistant.search(QUESTION) == plain
    assert reader.seen == []
    monkeypatch.setattr(retriever, "config", RetrievalConfig(rerank=7))
    found = assistant.search(QUESTION)
    assert reader.seen == [hit.paper.title for hit in plain[:7]]
    order = [plain[i].paper.title for i in (4, 0, 1, 2, 3, 5, 6, 7, 8, 9)]
    assert [hit.paper.title for hit in found] == order, "what was not read stays behind"
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.5 > scores[1]


def test_a_title_that_is_said_leads_what_was_read(retriever, monkeypatch):
    monkeypatch.setattr(retriever, "config", RetrievalConfig(rerank=7))
    assistant = Assistant(retriever, None, config=AnswerConfig(), paper_reader=Fond())
    named = retriever.corpus.papers()[3].title
    assert assistant.search(f'"{named}"')[0].paper.title == named
