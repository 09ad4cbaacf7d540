"""Citation precision, as ALCE defines it."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.citation_recall import supported
from eval.metrics.statements import Judge, Statement


def citation_precision(statements: Sequence[Statement], judge: Judge) -> float | None:
    """Share of the citations that are not idle.

    A citation c of a sentence s is precise when s is supported by all its citations, and c is not
    irrelevant; irrelevant means both

        (a) c alone does not support s, and
        (b) the other citations of s, without c, still support it.

    Returns:
        Precise citations over all citations of the answer, in [0, 1]; None when there are none.

    Source: Gao et al., "Enabling Large Language Models to Generate Text with Citations" (ALCE),
    EMNLP 2023, section 4.3.
    """
    total = sum(len(statement.passages) for statement in statements)
    if total == 0:
        return None
    return sum(_precise(statement, judge) for statement in statements) / total


def _precise(statement: Statement, judge: Judge) -> int:
    if not supported(statement, judge):
        return 0
    passages = statement.passages
    if len(passages) == 1:
        return 1
    count = 0
    for position, passage in enumerate(passages):
        others = passages[:position] + passages[position + 1 :]
        count += judge(statement, (passage,)) or not judge(statement, others)
    return count
