"""Looking at candidates, what is measured of them, and what is chosen; with a reader that counts."""

import itertools

import numpy as np
import pytest

from rag.evidence import deciding, measures
from rag.evidence.looking import POINT_PAPERS, Looked, look, look_on, shown
from rag.evidence.paper_features import scaled
from rag.evidence.passages import Chosen
from rag.evidence.retrieval import Candidate
from rag.language.sentences import passages
from rag.models.paper_reader import PaperReading
from rag.types import Paper

PARTS = {"whole": 0.5, "sentence": 0.6, "lexical": 2.0}


class Counting:
    """Says of a sentence how many words of the question it has, and remembers what it was shown."""

    def __init__(self, *, most=1000):
        self.most = most
        self.seen = []

    def read(self, text, papers, *, task="question", tokens=None):
        read = papers[: self.most]
        self.seen += [paper.title for paper in read]
        asked = set(text.lower().split())
        counts = [
            np.asarray([float(len(asked & set(s.lower().split()))) for s in paper.sentences])
            for paper in read
        ]
        return [PaperReading(c - 2.0, np.full(len(c), -5.0), float(c.max())) for c in counts]


def candidate(number, *sentences, logit=1.0):
    paper = Paper(f"p{number}", f"Paper {number}", " ".join(sentences))
    own = tuple(passages(paper.paper_id, paper.abstract))
    scores = np.zeros(len(own))
    return Candidate(number, paper, own, PARTS, (0.5,) * 8, logit, lambda: scores)


def candidates(count):
    return [
        candidate(i, f"Owls sleep in barn {i}.", "Bats do not.", logit=float(-i))
        for i in range(count)
    ]


def test_the_first_papers_are_read_and_the_rest_when_it_is_read_on():
    reader, found = Counting(), candidates(12)
    first = look(reader, "where do owls sleep", found)
    assert len(first.readings) == len(first.front) == POINT_PAPERS
    more = look_on(reader, "where do owls sleep", first, papers=10)
    assert len(more.readings) == 10
    assert reader.seen == [f"Paper {i}" for i in range(10)]  # none of them twice


def test_what_the_tokens_do_not_last_for_is_not_read():
    looked = look(Counting(most=3), "owls", candidates(6))
    assert len(looked.front) == 3


def test_without_a_reader_nothing_is_read_and_the_same_papers_are_in_front():
    looked = look(None, "owls", candidates(12))
    assert looked.readings == []
    assert len(looked.front) == POINT_PAPERS


@pytest.mark.parametrize("reader", [None, Counting()])
def test_tables_have_a_column_for_each_name(reader):
    looked = look(reader, "where do 2 owls sleep", candidates(4))
    read = reader is not None
    asked = "where do 2 owls sleep"
    rows = {
        "sentence": measures.sentence_table(looked),
        "answered": measures.answered_row(asked, looked, 0, lambda stem: 1.0)[None, :],
        "topic": measures.topic_row(looked)[None, :],
        "belongs": measures.belongs_table(looked),
        "shape": measures.shape_row(0.0, looked)[None, :],
    }
    assert {name: table.shape[1] for name, table in rows.items()} == {
        name: len(deciding.PARTS[name][read]) for name in rows
    }
    assert len(rows["sentence"]) == sum(len(c.passages) for c in looked.front)
    assert all(np.isfinite(table).all() for table in rows.values())


def test_a_reading_tells_whether_anything_answers_and_whether_anything_denies():
    open_ = PaperReading(np.array([-9.0, -9.0]), np.array([-9.0, -9.0]), 0.0)
    answers = PaperReading(np.array([4.0, -9.0]), np.array([-9.0, -9.0]), 0.0)
    denies = PaperReading(np.array([-9.0, -9.0]), np.array([-9.0, 4.0]), 0.0)
    assert answers.here > 3 > open_.here
    assert denies.against > 3 > open_.against
    assert denies.here < answers.here
    # log-odds of softmax over (4, -9, -9, -9, nothing 0)
    assert answers.here == pytest.approx(np.logaddexp(4.0, -9.0) - np.log1p(2 * np.exp(-9.0)))


def test_sentences_are_taken_until_they_surely_hold_the_answer():
    one, two, three = candidates(3)
    ranked = [
        Chosen(one, one.passages[0], 0.6),
        Chosen(two, two.passages[0], 0.2),
        Chosen(three, three.passages[0], 0.15),
        Chosen(one, one.passages[1], 0.05),
    ]

    def taken(**options):
        return [c.share for c in deciding.answering_sentences(ranked, **options)]

    assert taken(enough=0.5) == [0.6]
    assert taken(enough=0.7) == [0.6, 0.2]
    assert taken(enough=1.0, papers=2) == [0.6, 0.2, 0.05]  # the third paper is left out
    assert taken(enough=1.0, papers=3) == [0.6, 0.2, 0.15]


def test_a_list_ends_where_its_expected_f1_is_highest():
    chances = np.array([0.9, 0.8, 0.3, 0.1])
    total = 0.9 + 0.8 + 0.3 + 0.1
    expected = [
        2 * 0.9 / (1 + total),
        2 * (0.9 + 0.8) / (2 + total),
        2 * (0.9 + 0.8 + 0.3) / (3 + total),
        2 * total / (4 + total),
    ]
    assert deciding.best_length(chances) == 1 + int(np.argmax(expected)) == 2


def test_sure_papers_are_all_listed_and_no_order_of_the_rest_matters():
    assert deciding.best_length(np.array([1.0] * 7 + [0.0] * 30)) == 7
    assert deciding.best_length(np.array([0.01])) == 1
    for tail in itertools.permutations([0.03, 0.02, 0.01]):
        assert deciding.best_length(np.array([1.0, 1.0, *tail])) == 2


def test_the_reader_is_shown_title_and_sentences_in_order():
    paper = shown(candidate(7, "Owls sleep.", "Bats do not."))
    assert (paper.title, paper.sentences) == ("Paper 7", ("Owls sleep.", "Bats do not."))


def test_nothing_to_look_at_is_nothing_found():
    assert deciding.scored(Looked([], [])) == []


def test_a_paper_alone_in_its_corpus_is_as_near_as_its_cosine():
    alone, none = scaled(np.array([0.8])), scaled(np.array([0.0, 0.0, 0.0]))
    assert alone.tolist() == [0.8] and none.tolist() == [0.0, 0.0, 0.0]
    assert scaled(np.array([3.5])).tolist() == [1.0]
    assert scaled(np.array([1.0, 3.0, 2.0])).tolist() == [0.0, 1.0, 0.5]
