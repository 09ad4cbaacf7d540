"""Answers told exactly: facts of a record, counts, mentions, short forms, the collection, talk.

A composer makes a `Told`: the text with its claims, and how it came out. What it says of a paper is
a claim that cites a field of its record, or words of its abstract; what it counts is said over
papers that were looked at, one and all, or else how many were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rag.answer.exact.collection import collection, lacking, small_talk
from rag.answer.exact.counting import count
from rag.answer.exact.listing import made_by, mentioning, nobody, titles
from rag.answer.exact.mentions import short_forms
from rag.answer.exact.records import metadata
from rag.answer.exact.sight import Sight
from rag.answer.exact.told import Told
from rag.evidence.task import Task
from rag.library.corpus import Corpus
from rag.types import Kind

_COMPOSERS: Mapping[Kind, Callable[[Task, Corpus, Sight], Told]] = {
    "metadata": metadata,
    "count": count,
    "collection": collection,
    "other": small_talk,
}


def tell(task: Task, corpus: Corpus, sight: Sight) -> Told | None:
    """The answer as far as records, letters and counting give it; None: abstracts are to be read.

    A question of one of `RECORD_KINDS` always gets one.
    """
    if task.filters.authors and (told := nobody(task, corpus)) is not None:
        return told
    if task.kind == "count" and lacking(task.question):
        return collection(task, corpus, sight)
    if task.kind in _COMPOSERS:
        return _COMPOSERS[task.kind](task, corpus, sight)
    if task.kind == "list":
        told = mentioning(task, corpus) if task.mention else titles(task, corpus)
        told = told or made_by(task, corpus)
        return told or short_forms(task, corpus, alone=False)
    return short_forms(task, corpus, alone=not (task.named or task.name))
