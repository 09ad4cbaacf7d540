"""What is read of the papers in the running, with a reader that only counts words."""

import numpy as np
import pytest

from rag import build
from rag.assistant import Assistant
from rag.config import AnswerConfig, Config, RetrievalConfig
from rag.reading import (
    GIST,
    SENTENCES_READ,
    TOKENS_OF_PAPERS,
    TOKENS_OF_SENTENCES,
    gist,
    read_papers,
    read_sentences,
)
from rag.selection import related_probability


class Counting:
    """Says how many words of the question the other text has, and remembers what it was shown."""

    def __init__(self, *, most=1000):
        self.seen = []
        self.most = most
        self.tokens = []

    def within(self, pairs, *, tokens):
        self.tokens.append(tokens)
        return min(len(pairs), self.most)

    def sifted(self, pairs, known, *, tokens):
        assert len(known) == len(pairs)
        return self.logits("answers", pairs[: self.within(pairs, tokens=tokens)])

    def logits(self, skill, pairs):
        self.seen += [(skill, *pair) for pair in pairs]
        return np.asarray(
            [float(len(set(a.lower().split()) & set(b.lower().split()))) for a, b in pairs]
        )


class Fond(Counting):
    """Finds one paper relevant, by its title, and no other."""

    def __init__(self, title):
        super().__init__()
        self.title = title

    def logits(self, skill, pairs):
        super().logits(skill, pairs)
        return np.asarray([9.0 if text.startswith(f"{self.title}:") else -9.0 for _, text in pairs])


@pytest.fixture(scope="module")
def retriever(box_config):
    return build.assistant(Config(index=box_config.index, reader="off")).retriever


QUESTION = "which training data does preference optimisation need"


def test_without_a_reader_everything_stays(retriever):
    found = retriever.candidates(QUESTION)
    told = read_sentences(None, QUESTION, found, papers=5)
    assert told.candidates == found
    assert np.isnan(told.said).all()
    assert read_sentences(None, QUESTION, [], papers=5).candidates == []


def test_no_more_sentences_are_read_than_can_be_afforded(retriever):
    reader = Counting()
    found = retriever.candidates(QUESTION)
    told = read_sentences(reader, QUESTION, found, papers=5)
    assert len(reader.seen) == SENTENCES_READ
    assert {skill for skill, *_ in reader.seen} == {"answers"}
    assert np.isfinite(told.said[:5]).all()
    assert np.isnan(told.said[5:]).all()
    assert [c.paper for c in told.candidates] == [c.paper for c in found]
    assert [c.sentence_scores for c in told.candidates[5:]] == [
        c.sentence_scores for c in found[5:]
    ]


def test_where_sentences_are_long_fewer_are_read(retriever):
    found = retriever.candidates(QUESTION)
    all_of_them, few = Counting(), Counting(most=7)
    read_sentences(all_of_them, QUESTION, found, papers=5)
    told = read_sentences(few, QUESTION, found, papers=5)
    assert few.seen == all_of_them.seen[:7], "those with the highest scores"
    assert few.tokens == [TOKENS_OF_SENTENCES]
    assert np.isfinite(told.said[:5]).all(), "what is not read counts as the worst that was"


def test_where_papers_are_long_fewer_of_a_list_are_read_and_of_a_search_as_many_as_asked(retriever):
    found = retriever.candidates(QUESTION)
    reader = Counting(most=4)
    told = read_papers(reader, QUESTION, found)
    assert reader.seen == [("relevant", QUESTION, gist(c)) for c in found[:4]]
    assert reader.tokens == [TOKENS_OF_PAPERS]
    assert np.isnan(told.said[4:]).all()
    assert len(told.candidates) == len(found)
    read_papers(reader, QUESTION, found, most=6)
    assert len(reader.seen) == 4 + 6


def test_papers_are_ranked_anew_and_those_not_read_stay_behind(retriever):
    found = retriever.candidates(QUESTION)
    reader = Fond(found[2].paper.title)
    told = read_papers(reader, QUESTION, found, most=3)
    assert reader.seen == [("relevant", QUESTION, gist(c)) for c in found[:3]]
    order = [c.index for c in told.candidates]
    assert order == [found[i].index for i in (2, 0, 1)] + [c.index for c in found[3:]]
    assert told.said[0] == 9.0
    assert told.said[1:3].tolist() == [-9.0, -9.0]
    assert np.isnan(told.said[3:]).all()
    scores = [c.logit for c in told.candidates]
    assert scores == sorted(scores, reverse=True)


def test_no_paper_is_read_without_a_reader_or_where_none_is_to_be(retriever):
    found = retriever.candidates(QUESTION)
    reader = Counting()
    for told in (read_papers(None, QUESTION, found), read_papers(reader, QUESTION, found, most=0)):
        assert told.candidates == found
        assert np.isnan(told.said).all()
    assert read_papers(reader, QUESTION, []).candidates == []
    assert reader.seen == []


def test_a_paper_is_shown_by_its_title_and_its_best_sentences_in_their_order(retriever):
    paper = next(c for c in retriever.candidates(QUESTION) if len(c.passages) > GIST + 1)
    texts = [passage.text(paper.paper.abstract) for passage in paper.passages]
    best = sorted(np.argsort(-np.asarray(paper.sentence_scores))[:GIST])
    assert gist(paper) == f"{paper.paper.title}: {' '.join(texts[i] for i in best)}"


def test_what_is_read_moves_how_likely_a_topic_is_covered(retriever):
    topic = "watermarks in text of language models"
    found = retriever.candidates(topic)
    worth = retriever.corpus.worth
    near, far = (
        related_probability(topic, found, worth, read=np.asarray([value, np.nan]))
        for value in (3.0, -5.0)
    )
    assert 0.0 < far < near < 1.0


def test_a_search_reads_as_many_papers_as_it_is_told_to(retriever, monkeypatch):
    plain = Assistant(retriever, None, config=AnswerConfig()).search(QUESTION)
    reader = Fond(plain[4].paper.title)
    assistant = Assistant(retriever, None, config=AnswerConfig(), reader=reader)
    assert assistant.search(QUESTION) == plain
    assert reader.seen == []
    monkeypatch.setattr(retriever, "config", RetrievalConfig(rerank=7))
    assert assistant.search(QUESTION)[0].paper == plain[4].paper
    assert len(reader.seen) == 7
    named = retriever.corpus.papers()[3].title
    assert assistant.search(f'"{named}"')[0].paper.title == named, "a title that is said leads"


def test_the_papers_of_a_list_are_read_before_it_is_cut(retriever):
    question = "which papers are about preference optimisation?"
    plain = Assistant(retriever, None, config=AnswerConfig()).ask(question)
    assert plain.outcome == "answered"
    fond = Fond(plain.sources[-1].paper.title)
    answer = Assistant(retriever, None, config=AnswerConfig(), reader=fond).ask(question)
    assert answer.sources[0].paper.title == fond.title
    assert answer.trace.seconds["reading"] > 0.0
