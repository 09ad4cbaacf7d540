"""The training of the questions' side: what is learned against what, and that a step learns."""

import numpy as np
import pytest
import torch

from lab.training.query_data import BEST, MOST_SENTENCES, RANDOM, Asked, Told, repeated, rivals
from lab.training.query_model import QueryModel, _first, _sentence_loss

pytestmark = pytest.mark.slow


def asked(text="owls", kind="claim", part="train", right=(3,), evidence=()):
    return Asked("papers", kind, part, text, right, evidence)


class Snapshot:
    """Papers of given numbers of sentences, with vectors along one axis each."""

    def __init__(self, counts):
        self.counts = counts

    def __len__(self):
        return len(self.counts)

    def vectors(self, index):
        rows = np.zeros((1 + self.counts[index], 384), dtype=np.float32)
        rows[:, index] = 1.0
        return rows


def test_the_right_papers_come_first_and_no_paper_twice():
    count = 400
    dense = np.linspace(0, 1, count, dtype=np.float32)
    words = np.zeros(count, dtype=np.float32)
    one = asked(right=(7, 399))
    places = rivals(one, dense, words, np.random.default_rng(0))
    assert places[:2].tolist() == [7, 399]
    assert len(places) == len(set(places.tolist())) == BEST + RANDOM
    assert set(range(350, 399)) <= set(places.tolist())  # the best of the wrong ones are there


def test_what_there_is_little_of_is_seen_more_often_and_only_the_training_part():
    told = [asked("a"), asked("b", kind="summary"), asked("c", part="test")]
    kept = [one.text for one in repeated(told, times={"claim": 3})]
    assert kept == ["a", "a", "a", "b"]


def test_the_rows_of_a_corpus_point_at_its_sentences():
    told = Told(Snapshot([2, 0, 20]))
    assert told.whole.shape == (3, 384)
    assert told.rows.shape == (3, MOST_SENTENCES)
    for paper, kept in ((0, 2), (1, 1), (2, MOST_SENTENCES)):
        rows = told.rows[paper]
        assert len(torch.unique(rows)) == kept
        assert bool((told.sentence[rows][:, paper] == 1.0).all())


def test_the_loss_is_lower_when_a_right_one_is_higher():
    right = torch.tensor([True, False, True])
    low = _first(torch.tensor([2.0, 0.0, 1.0]), right)
    high = _first(torch.tensor([0.0, 2.0, 1.0]), right)
    assert low < high
    assert _first(torch.tensor([1.0, -50.0, 1.0]), right) == pytest.approx(0.0, abs=1e-6)


def test_sentences_count_only_where_the_evidence_is_known():
    told = Told(Snapshot([2, 3]))
    scores = torch.zeros(2, MOST_SENTENCES)
    scores[0, 1] = 9.0
    unknown = [asked(right=(0,)), asked(right=(1,))]
    assert float(_sentence_loss(scores, unknown, told)) == 0.0
    good = _sentence_loss(scores, [asked(right=(0,), evidence=(1,)), unknown[1]], told)
    bad = _sentence_loss(scores, [asked(right=(0,), evidence=(0,)), unknown[1]], told)
    assert good < bad


def test_steps_bring_a_question_nearer_to_its_paper():
    told = Told(Snapshot([1] * 6))
    model = QueryModel()
    batch = [asked("barn owls hunt by ear", right=(2,), evidence=(0,))]
    plain = model.embed([batch[0].text]).detach()
    places = torch.tensor([[2, 0, 1, 3, 4, 5]])
    words = torch.zeros(1, 6)
    losses = [model.step(batch, told, places, words, plain, rate=1e-4) for _ in range(4)]
    assert losses[-1] < losses[0]
    after = model.embed([batch[0].text]).detach()
    assert float(after[0, 2]) > float(plain[0, 2])
