"""Papers that hold certain words, found by the letter in every title and abstract.

A name is one word in many spellings: case, hyphens and spaces do not tell "GPT-4" from "GPT4", nor
"LLaMA" from "Llama". What is found is complete: nothing is ranked, and nothing cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rag.library.corpus import Corpus
from rag.types import Paper, Passage

_PART: Final = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN: Final = r"[\s\-_./\u2010-\u2015]{0,2}"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A paper with the words as it writes them first, and the sentence; None: in its title only."""

    paper: Paper
    spelling: str
    passage: Passage | None


def mentions(words: str, papers: Iterable[Paper], corpus: Corpus) -> Iterator[Mentioned]:
    """The papers that hold the words in any spelling, in their order.

    Args:
        words: a name, a word or a phrase.
        papers: those to look through.
        corpus: knows their sentences.
    """
    pattern = spellings(words)
    if pattern is None:
        return
    for paper in papers:
        found = pattern.search(paper.abstract)
        if found:
            place = corpus.snapshot.index_of(paper.paper_id)
            passages = corpus.passages_at(place) if place is not None else ()
            holding = (one for one in passages if one.start <= found.start() < one.end)
            yield Mentioned(paper, found.group(), next(holding, None))
        elif found := pattern.search(paper.title):
            yield Mentioned(paper, found.group(), None)


def spellings(words: str) -> re.Pattern[str] | None:
    """A pattern for words in all their spellings; None where there are none.

    A number at the end is the whole number ("GPT-4" is not in "GPT-4.1" or "GPT-40"); after a
    letter a number or the "s" of a plural may follow ("Llama" is in "Llama-2" and "Llamas").
    """
    parts = _PART.findall(words)
    if not parts:
        return None
    ends = r"(?![^\W_]|\.\d)" if parts[-1].isdigit() else r"(?:s|es)?(?![^\W\d_])"
    return re.compile(rf"(?<![^\W_]){_BETWEEN.join(map(re.escape, parts))}{ends}", re.IGNORECASE)
