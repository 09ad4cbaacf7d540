"""What is measured of a sentence that might answer a question. Numpy only.

The features are hand-made, their weights learned (`lab/training/ranking.py`) from questions over
other papers whose evidence sentences are known. On papers kept aside a linear model of these finds
the evidence sentence first in .80 of abstracts, where the cosine alone finds it in .59.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.language.words import NUMBER, Worth, asks_amount, content_stems, coverage, grams, stems

NAMES = (
    "cosine",
    "coverage",
    "coverage_beyond_title",
    "coverage_by_previous",
    "pairs",
    "number_wanted",
    "percent_wanted",
    "number_unwanted",
    "letters",
    "same_numbers",
    "place",
    "is_first",
    "is_second",
    "is_last",
    "length",
    "novelty",
    "both",
    "cosine_below_best",
    "coverage_below_best",
    "beyond_title_below_best",
    "letters_below_best",
)
_RELATIVE = (0, 1, 2, 8)
_LONG = 60  # stems; longer sentences are not worth more for it


def sentence_features(
    question: str,
    sentences: Sequence[str],
    *,
    title: str,
    cosines: NDArray[np.float32],
    worth: Worth,
) -> NDArray[np.float64]:
    """Features of every sentence of one abstract for one question.

    Args:
        question: as asked.
        sentences: (m) all sentences of the abstract, in order.
        title: of the paper.
        cosines: (m,) of the question with each title-plus-sentence vector.
        worth: inverse document frequencies of the corpus.

    Returns:
        (m, len(NAMES)) float64.
    """
    asked = content_stems(question)
    wanted, beyond_title = set(asked), set(asked) - set(stems(title))
    pairs = set(pairwise(asked))
    numbers = set(NUMBER.findall(question))
    letters = grams(question)
    amount = asks_amount(question)
    rows = []
    previous: set[str] = set()
    for place, sentence in enumerate(sentences):
        ordered = stems(sentence)
        held = set(ordered)
        beyond = coverage(beyond_title, held, worth)
        found = NUMBER.findall(sentence)
        cosine = float(cosines[place])
        rows.append(
            [
                cosine,
                coverage(wanted, held, worth),
                beyond,
                coverage(beyond_title, previous - held, worth),
                len(pairs & set(pairwise(ordered))) / max(1, len(pairs)),
                float(amount and bool(found)),
                float(amount and "%" in sentence),
                float(not amount and bool(found)),
                len(letters & grams(sentence)) / max(1, len(letters)),
                float(len(numbers & set(found))),
                place / len(sentences),
                float(place == 0),
                float(place == 1),
                float(place == len(sentences) - 1),
                min(len(ordered), _LONG) / _LONG,
                len(held - wanted) / (len(held) + 1),
                math.sqrt(beyond) * cosine,
            ]
        )
        previous = held
    table = np.asarray(rows, dtype=np.float64).reshape(len(sentences), len(NAMES) - len(_RELATIVE))
    best = table.max(axis=0, keepdims=True) if len(sentences) else table
    return np.hstack([table, (table - best)[:, _RELATIVE]])
