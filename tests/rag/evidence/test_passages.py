"""Sentences picked as evidence, and whether anything is near at all."""

import numpy as np
import pytest

from rag.evidence.nearness import NEAR, is_near
from rag.evidence.passages import defining_sentences, ranked_passages
from rag.evidence.retrieval import Candidate
from rag.language.sentences import passages
from rag.types import Paper

ABSTRACT = "Owls hunt mice. We record OwlNet in snow. OwlNet needs 3 watts. Snow is cold."


def candidate(*scores: float, whole=0.0, sentence=0.0, lexical=0.0) -> Candidate:
    return Candidate(
        index=0,
        paper=Paper(paper_id="owl", title="Owls", abstract=ABSTRACT),
        passages=passages("owl", ABSTRACT),
        parts={"whole": whole, "sentence": sentence, "lexical": lexical},
        features=(),
        logit=0.0,
        score_sentences=lambda: np.asarray(scores),
    )


def texts(found):
    return [passage.text(ABSTRACT) for passage in found]


def test_sentences_are_ranked_by_their_scores():
    assert texts(ranked_passages(candidate(0.0, 3.0, 1.0, 2.0))) == [
        "We record OwlNet in snow.",
        "Snow is cold.",
        "OwlNet needs 3 watts.",
        "Owls hunt mice.",
    ]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("owlnet", ["We record OwlNet in snow.", "OwlNet needs 3 watts."]),
        ("BatNet", ["Snow is cold."]),
    ],
)
def test_a_name_is_defined_where_it_is_first_written_or_else_by_the_best_sentences(name, first):
    chosen = defining_sentences(candidate(0.0, 1.0, 2.0, 3.0), name)
    assert texts(one.passage for one in chosen)[: len(first)] == first
    assert len(chosen) == 2


def test_something_is_near_by_meaning_or_by_a_word():
    far = NEAR - 0.01
    assert is_near([candidate(whole=far), candidate(whole=far, sentence=NEAR)])
    assert is_near([candidate(lexical=0.1)])
    assert not is_near([candidate(whole=far, sentence=far)])
    assert not is_near([])
