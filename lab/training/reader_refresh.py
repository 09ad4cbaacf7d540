"""Harder groups: the wrong pairs that a reader who has learned the first ones finds hardest.

Sources: Zhang et al. 2021, "Adversarial Retriever-Ranker for Dense Text Retrieval"
(https://arxiv.org/abs/2110.03611); Qu et al. 2020, "RocketQA"
(https://arxiv.org/abs/2010.08191), for leaving out what may be right though nobody says so.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.training import checkpoints
from lab.training.reader_groups import Group, Lesson
from lab.training.reader_model import ReaderModel
from rag.models.reader import HEADS

PLANTED = 3
"""Of the errors planted by rule in the sentences of a paper, how many join those of the group."""
DRAWN_FROM = 3
"""Times as many of the hardest papers as are taken: the very hardest may be right."""
LESSONS_AT_ONCE = 8


def refreshed(lessons: Sequence[Lesson], run: Path, *, left_open: int) -> list[Lesson]:
    """The lessons with the wrong pairs that the reader of a finished run finds hardest.

    Args:
        lessons: those with pools are changed.
        run: the `--out` of the run.
        left_open: pairs of a question that its abstract leaves open.
    """
    model = ReaderModel()
    checkpoints.resume(run, model.trained(), model.optimiser)
    rng = random.Random("refreshed")
    told: list[Lesson] = []
    for start in range(0, len(lessons), LESSONS_AT_ONCE):
        part = lessons[start : start + LESSONS_AT_ONCE]
        pools = [pool for lesson in part for pool in lesson.pools]
        scores = iter(_scores(model, pools))
        for lesson in part:
            groups = [
                harder(group, pool, next(scores), left_open=left_open, rng=rng)
                for group, pool in zip(lesson.groups, lesson.pools, strict=False)
            ]
            told.append(replace(lesson, groups=tuple(groups) or lesson.groups))
    return told


def harder(
    group: Group, pool: Group, said: NDArray[np.float64], *, left_open: int, rng: random.Random
) -> Group:
    """The right pairs of a group against the hardest wrong ones of its pool.

    For papers that bear on a request nobody judged the others: those that the reader puts above
    the right one are left out, and of the rest some of the hardest are drawn.

    Args:
        group: as it was first learned.
        pool: of n pairs.
        said: (n,) log-odds of the reader.
        left_open: pairs of a group without a right one.
        rng: for what is drawn.
    """
    wrong = [int(i) for i in np.argsort(-said, kind="stable") if not pool.right[i]]
    right = [pair for pair, one in zip(group.pairs, group.right, strict=True) if one]
    count = len(group.pairs) - len(right)
    if group.head == "supports":
        fresh = [pool.pairs[i] for i in wrong if pool.pairs[i] not in group.pairs][:PLANTED]
        pairs = (*group.pairs, *fresh)
        return Group(group.head, pairs, (*group.right, *[0.0] * len(fresh)))
    if group.head == "relevant":
        lowest = min(said[i] for i, one in enumerate(pool.right) if one)
        below = [i for i in wrong if said[i] < lowest]
        chosen = rng.sample(below[: DRAWN_FROM * count], min(count, len(below)))
    else:
        chosen = wrong[: count if right else left_open]
    pairs = (*right, *(pool.pairs[i] for i in chosen))
    return Group(group.head, pairs, (*[1.0] * len(right), *[0.0] * len(chosen)))


def _scores(model: ReaderModel, pools: Sequence[Group]) -> list[NDArray[np.float64]]:
    """What the reader says of the pairs of each pool."""
    import torch

    pairs = [pair for pool in pools for pair in pool.pairs]
    if not pairs:
        return []
    with torch.no_grad():
        told = model.logits(pairs).double().cpu().numpy()
    ends = np.cumsum([len(pool.pairs) for pool in pools])
    return [
        told[end - len(pool.pairs) : end, HEADS.index(pool.head)]
        for end, pool in zip(ends, pools, strict=True)
    ]
