"""Citation recall, as ALCE defines it."""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.statements import Judge, Statement


def citation_recall(statements: Sequence[Statement], judge: Judge) -> float | None:
    """Share of the sentences that their citations, taken together, fully support.

        recall(s) = 1 if s has a citation and judge(s, all its passages) else 0

    Returns:
        The mean over the sentences, in [0, 1]; None when there are none.

    Source: Gao et al., "Enabling Large Language Models to Generate Text with Citations" (ALCE),
    EMNLP 2023, section 4.3. Their judge is an NLI model; whichever is used, its agreement with
    people belongs beside the figure.
    """
    if not statements:
        return None
    return sum(supported(statement, judge) for statement in statements) / len(statements)


def supported(statement: Statement, judge: Judge) -> bool:
    """Whether a sentence is carried by what it cites; one without citations is not."""
    return bool(statement.passages) and judge(statement, statement.passages)
