"""The support check as the judge of citations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from eval.metrics.statements import Judge, Statement


def support_judge() -> Judge:
    """A judge that asks `rag.support.check.check`; each question to it is put once and kept."""
    from rag.support import check

    @lru_cache(maxsize=100_000)
    def supported(statement: Statement, passages: tuple[str, ...]) -> bool:
        found = check(
            statement.text,
            passages,
            title=statement.title,
            context=statement.context,
        )
        return bool(found.supported)

    def judge(statement: Statement, passages: Sequence[str]) -> bool:
        return supported(statement, tuple(passages))

    return judge
