"""Perturbations: by rule, from a seed, and only what they say they change."""

import random
from dataclasses import replace

import pytest

from eval.sets.perturb import (
    PAPERS,
    QUESTIONS,
    abbreviate,
    degrade,
    misspell,
    perturb_papers,
    perturb_questions,
)
from eval.sets.rewording import layman, reword
from rag.errors import UsageError
from rag.types import Paper

TEXT = "Which papers propose a dataset for measuring the calibration of large language models?"


@pytest.fixture
def questions(make):
    return [make.question(id=f"q{place}", question=TEXT) for place in range(4)]


@pytest.fixture
def papers(make):
    return [Paper(name, title, abstract) for name, (title, abstract) in make.papers.items()]


def edits(one, other):
    """Levenshtein distance."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


@pytest.mark.parametrize("seed", range(30))
def test_misspelling_makes_one_slip_in_six_words(seed):
    found = misspell(TEXT, random.Random(seed))
    assert len(found.split()) == len(TEXT.split())
    changed = [(a, b) for a, b in zip(TEXT.split(), found.split(), strict=True) if a != b]
    assert 1 <= len(changed) <= round(len(TEXT.split()) / 6)
    for before, after in changed:
        assert before[0] == after[0]
        assert 1 <= edits(before, after) <= 2  # letters swapped count as two


def test_short_and_wordless_questions_survive_misspelling():
    assert misspell("why?", random.Random(0)) == "why?"
    assert misspell("?!", random.Random(0)) == "?!"


def test_incomplete_leaves_search_terms():
    draw = random.Random(0)
    assert abbreviate("what is the loss of CREAM?", draw) == "loss CREAM"
    assert abbreviate("is it?", draw) == "is it?"


def test_rewording_uses_other_words_and_keeps_terms():
    draw = random.Random(1)
    found = reword(TEXT, draw)
    assert "put forward a data set" in found
    assert "calibration of large language models" in found
    assert "Which papers" not in found


def test_an_outsider_uses_no_terms_of_the_field():
    found = layman(TEXT, random.Random(0))
    assert "collection of examples" in found
    assert "chat programs" in found
    assert "dataset" not in found


def test_whole_words_only():
    assert layman("promptly lossless", random.Random(0)).endswith("promptly lossless")


@pytest.mark.parametrize("seed", range(5))
def test_a_bad_scan_is_still_mostly_readable(seed):
    text = "The hierarchical model learns from many more examples than the earlier one. " * 5
    found = degrade(text, random.Random(seed))
    assert found != text.strip()
    assert edits(found, text.strip()) < len(text) / 10


@pytest.mark.parametrize("name", [*QUESTIONS, *PAPERS])
def test_equal_seeds_give_equal_perturbations_whatever_the_order(name, questions, papers):
    one = perturb_questions(questions, name, seed=3)
    other = perturb_questions(questions[::-1], name, seed=3)
    assert {q.question_id: q for q in one} == {q.question_id: q for q in other}
    assert perturb_papers(papers, questions, name) == perturb_papers(papers, questions, name)


@pytest.mark.parametrize("name", QUESTIONS)
def test_perturbed_questions_keep_their_gold(name, questions, papers):
    for before, after in zip(questions, perturb_questions(questions, name), strict=True):
        assert after.question != before.question
        assert replace(after, question=before.question) == before
    assert perturb_papers(papers, questions, name) == tuple(papers)


def test_missing_takes_the_gold_papers_and_makes_silence_right(questions, papers):
    assert [q.type for q in perturb_questions(questions, "missing")] == ["unanswerable"] * 4
    left = perturb_papers(papers, questions, "missing")
    assert [paper.paper_id for paper in left] == ["noise", "empty"]


def test_degraded_touches_the_gold_papers_only(questions, papers):
    long = [replace(paper, abstract=paper.abstract * 20) for paper in papers]
    found = perturb_papers(long, questions, "degraded")
    assert [a.abstract == b.abstract for a, b in zip(found, long, strict=True)] == [
        False,
        True,
        True,
    ]
    assert [paper.paper_id for paper in found] == [paper.paper_id for paper in papers]


def test_irrelevant_adds_as_many_papers_again(questions, papers):
    found = perturb_papers(papers, questions, "irrelevant")
    assert found[:3] == tuple(papers)
    assert len(found) == 6
    assert len({paper.paper_id for paper in found}) == 6


def test_permuted_changes_the_order_only(questions, papers):
    found = perturb_papers(papers, questions, "permuted", seed=2)
    assert set(found) == set(papers)
    assert found != tuple(papers)


def test_an_unknown_perturbation_names_the_known_ones(questions):
    with pytest.raises(UsageError, match="there are: degraded, incomplete, irrelevant"):
        perturb_questions(questions, "upside_down")
