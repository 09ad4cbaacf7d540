"""What is found by the letter in titles and abstracts: words, and what a short form stands for.

A name is one word in many spellings: case, hyphens and spaces do not tell "GPT-4" from "GPT4", nor
"LLaMA" from "Llama". What is found is complete: nothing is ranked, and nothing cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rag.answer.citations import Draft, quoted
from rag.answer.exact.told import Told, hit_of
from rag.evidence.task import Task
from rag.language.wording import words
from rag.library.corpus import Corpus
from rag.names import definitions, key_of
from rag.question.short_forms import short_forms_asked
from rag.types import Paper, Passage

MOST_MEANINGS = 2
"""Long forms of one short form that are shown, the commonest first."""
_PART: Final = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN: Final = r"[\s\-_./\u2010-\u2015]{0,2}"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A paper with the words as it writes them first, and the sentence; None: in its title only."""

    paper: Paper
    spelling: str
    passage: Passage | None


def mentions(phrase: str, papers: Iterable[Paper], corpus: Corpus) -> Iterator[Mentioned]:
    """The papers that hold the words in any spelling, in their order.

    Args:
        phrase: a name, a word or several.
        papers: those to look through.
        corpus: knows their sentences.
    """
    pattern = spellings(phrase)
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


def spellings(phrase: str) -> re.Pattern[str] | None:
    """A pattern for words in all their spellings; None where there are none.

    A number at the end is the whole number ("GPT-4" is not in "GPT-4.1" or "GPT-40"); after a
    letter a number or the "s" of a plural may follow ("Llama" is in "Llama-2" and "Llamas").
    """
    parts = _PART.findall(phrase)
    if not parts:
        return None
    ends = r"(?![^\W_]|\.\d)" if parts[-1].isdigit() else r"(?:s|es)?(?![^\W\d_])"
    return re.compile(rf"(?<![^\W_]){_BETWEEN.join(map(re.escape, parts))}{ends}", re.IGNORECASE)


def short_forms(task: Task, corpus: Corpus, *, alone: bool) -> Told | None:
    """A sentence for each short form asked for, or for each of its meanings; None: none is.

    `alone`: whether a short form with nothing beside it asks for that, too.
    """
    asked = short_forms_asked(task.question, alone=alone)
    draft = Draft()
    for short in asked:
        found = list(_defining(short, corpus))
        common = Counter(meant for meant, _, _ in found).most_common(MOST_MEANINGS)
        for meaning, _ in common[:1] if len(asked) > 1 else common:
            own = [one for one in found if one[0] == meaning]
            _, paper, passage = next((o for o in own if o[1].paper_id in task.focus), own[0])
            draft.say("\n" if draft.claims else "")
            draft.state(quoted(hit_of(paper), passage))
    return Told(draft) if draft.claims else None


def _defining(short: str, corpus: Corpus) -> Iterator[tuple[str, Paper, Passage]]:
    """What papers write a short form out as, in plain words, with the sentence that does."""
    for one in mentions(short, corpus.papers(), corpus):
        place = corpus.snapshot.index_of(one.paper.paper_id)
        for passage in corpus.passages_at(place) if place is not None else ():
            for found in definitions(passage.text(one.paper.abstract)):
                if key_of(found.short).removesuffix("s") == key_of(short).removesuffix("s"):
                    yield " ".join(words(found.long.replace("-", " "))), one.paper, passage
