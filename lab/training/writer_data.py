"""What the writer learns from: sentences of papers, questions, and how each is to be retold.

From the training papers that `lab.data.support_cases` calls "train": each sentence that answers a
question or bears on a topic, retold without what people did not take up when they wrote what the
paper has to say; and the refusal over the sentence that comes nearest to a question that the
abstract leaves open. A retelling keeps to `rag.retelling.retells`, so nothing untrue is ever
taught; what people wrote themselves is only looked at, since it says more than one sentence does.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.data.support_cases import Part, part_of
from rag.answer.composing import LINE_WORDS
from rag.answer.scribe import NOT_STATED
from rag.language.words import content_stems, stems
from rag.retelling.edits import edits
from rag.retelling.retells import retells, retold
from rag.retelling.tokens import tokens
from rag.types import Paper

LONGEST = 480
"""Characters of a text: the few that are longer take long to learn from."""
OPEN = 0.5
"""Share of the open questions that are used."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is read, and what is to be written."""

    paper: Paper
    text: str
    question: str
    sentence: str

    @property
    def title(self) -> str:
        """Of the paper."""
        return self.paper.title


def lessons(folder: Path, *, part: Part = "train", seed: int = 0) -> Iterator[Lesson]:
    """What the papers of a part teach, paper after paper.

    Args:
        folder: with `papers.jsonl.xz` and `examples.jsonl`.
        part: of `lab.data.support_cases.part_of`.
        seed: of the choice of open questions.
    """
    generator = random.Random(seed)
    with lzma.open(folder / "papers.jsonl.xz", "rt", encoding="utf-8") as lines:
        papers = {paper["id"]: paper for paper in map(json.loads, lines)}
    for line in (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        if part_of(example["id"]) == part:
            told = papers[example["id"]]
            sentences = told["sentences"]
            paper = Paper(example["id"], title=told["title"], abstract=" ".join(sentences))
            yield from _of(example, paper, sentences, generator)


def brief(text: str, paper: Paper, *, wanted: frozenset[str]) -> str:
    """A sentence retold without what holds none of the wanted stems."""
    told = tokens(text)
    made = []
    for edit in edits(text, paper):
        gone = text[told[edit.first].start : told[edit.last - 1].end]
        names = (edit.instead or "")[:1].isupper()  # "our model" gives way to its name
        if names or not wanted & set(content_stems(gone)):
            made.append(edit)
    return retold(text, paper, without=[edit for edit in made if not edit.needed])


def _of(
    example: dict[str, Any], paper: Paper, sentences: Sequence[str], generator: random.Random
) -> Iterator[Lesson]:
    for evidence, question, written in (
        ("evidence", "fact_question", "answer_sentence"),
        ("topic_evidence", "topic_query", "topic_sentence"),
    ):
        asked = example[question]
        wanted = frozenset(content_stems(f"{asked} {example[written]}"))
        for text in dict.fromkeys(sentences[i] for i in example[evidence]):
            told = brief(text, paper, wanted=wanted)
            if len(told.split()) > LINE_WORDS:
                told = brief(text, paper, wanted=frozenset(content_stems(asked)))
            if len(text) <= LONGEST and retells(told, text, paper):
                yield Lesson(paper, text, asked, told)
    if generator.random() < OPEN:
        asked = example["unanswerable_question"]
        nearest = max(sentences, key=lambda sentence: _closeness(asked, sentence))
        yield Lesson(paper, nearest[:LONGEST], asked, NOT_STATED)


def _closeness(sentence: str, source: str) -> float:
    """The share of a sentence's stems that a source holds."""
    said, held = stems(sentence), set(stems(source))
    return sum(stem in held for stem in said) / len(said) if said else 1.0
