"""Retrieval metrics: worked examples, and the reference implementation on 200 random runs."""

from math import log2

import ir_measures
import numpy as np
import pytest
from ir_measures import AP, RR, R, Rprec, nDCG

from eval.metrics.average_precision import average_precision
from eval.metrics.ndcg import ndcg
from eval.metrics.r_precision import r_precision
from eval.metrics.ranking import ranked
from eval.metrics.recall import recall
from eval.metrics.reciprocal_rank import reciprocal_rank

RANKING = ("a", "b", "c", "d", "e")
GRADES = {"b": 2, "e": 1, "z": 1, "c": 0}  # z is relevant and was not found


def test_worked_examples():
    assert ndcg(RANKING, GRADES, cutoff=5) == pytest.approx(
        (2 / log2(3) + 1 / log2(6)) / (2 / log2(2) + 1 / log2(3) + 1 / log2(4))
    )
    assert ndcg(RANKING, GRADES, cutoff=2) == pytest.approx((2 / log2(3)) / (2 + 1 / log2(3)))
    assert recall(RANKING, GRADES, cutoff=5) == 2 / 3
    assert recall(RANKING, GRADES, cutoff=2) == 1 / 3
    assert r_precision(RANKING, GRADES) == 1 / 3  # b among a, b, c
    assert reciprocal_rank(RANKING, GRADES) == 1 / 2
    assert reciprocal_rank(RANKING, GRADES, cutoff=1) == 0.0
    assert average_precision(RANKING, GRADES) == pytest.approx((1 / 2 + 2 / 5) / 3)
    assert average_precision(RANKING, GRADES, cutoff=3) == pytest.approx((1 / 2) / 3)


def test_nothing_relevant_is_undefined_and_not_zero():
    nothing = {"a": 0, "b": -1}
    assert ndcg(RANKING, nothing, cutoff=5) is None
    assert recall(RANKING, nothing, cutoff=5) is None
    assert r_precision(RANKING, nothing) is None
    assert reciprocal_rank(RANKING, nothing) is None
    assert average_precision(RANKING, nothing) is None


def test_an_empty_ranking_scores_zero():
    assert ndcg((), GRADES, cutoff=10) == 0.0
    assert average_precision((), GRADES) == 0.0


def test_ties_are_ordered_by_id_descending():
    assert ranked({"a": 1.0, "b": 1.0, "c": 2.0}) == ("c", "b", "a")


OURS = {
    nDCG @ 10: lambda ranking, grades: ndcg(ranking, grades, cutoff=10),
    nDCG @ 3: lambda ranking, grades: ndcg(ranking, grades, cutoff=3),
    R @ 5: lambda ranking, grades: recall(ranking, grades, cutoff=5),
    R @ 100: lambda ranking, grades: recall(ranking, grades, cutoff=100),
    Rprec: r_precision,
    RR: reciprocal_rank,
    AP: average_precision,
    AP @ 10: lambda ranking, grades: average_precision(ranking, grades, cutoff=10),
}
# ir-measures hands RR@k to MS MARCO's script, which orders equal scores by where they stand in
# the file and not as trec_eval does: compared on runs without ties.
WITHOUT_TIES = {RR @ 5: lambda ranking, grades: reciprocal_rank(ranking, grades, cutoff=5)}


def random_case(generator, *, ties):
    """One run and its judgements: 6 questions, graded, negative and unjudged documents."""
    names = [f"d{number}" for number in range(60)]
    run, grades = {}, {}
    for question in map(str, range(6)):
        found = generator.choice(names, size=int(generator.integers(1, 41)), replace=False)
        steps = generator.integers(0, 8, len(found)) if ties else generator.permutation(len(found))
        run[question] = {str(name): int(step) / 16 for name, step in zip(found, steps, strict=True)}
        judged = generator.choice(names, size=int(generator.integers(3, 21)), replace=False)
        grades[question] = {str(name): int(generator.integers(-1, 4)) for name in judged}
        grades[question][str(judged[0])] = 1  # at least one relevant: the others are undefined
    return run, grades


def test_equal_to_the_reference_on_200_random_runs():
    generator = np.random.default_rng(20240611)
    compared = 0
    for number in range(200):
        ties = number % 2 == 1
        ours = OURS if ties else OURS | WITHOUT_TIES
        run, grades = random_case(generator, ties=ties)
        for theirs in ir_measures.iter_calc(list(ours), grades, run):
            question, metric = theirs.query_id, ours[theirs.measure]
            value = metric(ranked(run[question]), grades[question])
            assert value == pytest.approx(theirs.value, abs=1e-9), (theirs, run, grades)
            compared += 1
    assert compared == 200 * 6 * len(OURS) + 100 * 6 * len(WITHOUT_TIES)
