"""Which composer answers a question from the records of papers.

A composer makes a `Told`: the text with its claims, and how it came out. What it says of a paper is
a claim that cites a field of its record, or words of its abstract; what it counts is said over
papers that were looked at, one and all, or else how many were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rag.answer.collection import collection, small_talk
from rag.answer.counting import count
from rag.answer.records import metadata
from rag.answer.sight import Sight
from rag.answer.told import Told
from rag.evidence.task import Task
from rag.library.corpus import Corpus
from rag.types import Kind

_COMPOSERS: Mapping[Kind, Callable[[Task, Corpus, Sight], Told]] = {
    "metadata": metadata,
    "count": count,
    "collection": collection,
    "other": small_talk,
}


def tell(task: Task, corpus: Corpus, sight: Sight) -> Told:
    """The answer to a question of one of `RECORD_KINDS`.

    Raises:
        KeyError: it is of another kind.
    """
    return _COMPOSERS[task.kind](task, corpus, sight)
