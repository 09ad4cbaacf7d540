"""What the writer learns from: texts, questions, and the one sentence that each text has to say.

From the training papers that `eval.support_cases` calls "train": the answer to a question and what
a paper has to say on a topic, each over its evidence, and the refusal over the sentences that come
nearest to a question that the abstract leaves open. The evidence is at times given with a neighbour
sentence, since at work a passage too many is common.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.support_cases import Part, part_of
from rag.scribe import NOT_STATED
from rag.terms import stems

CLOSE = 0.6
"""Share of a sentence's stems that text, title or question must hold: at work the writer is held to
their words, and a sentence that takes more from elsewhere teaches to invent."""
NEIGHBOUR = 0.25
LONGEST = 560
"""Characters of a text: the few that are longer take long to learn from."""
OPEN = 0.5
"""Share of the lessons with a neighbour sentence, and of the open questions that are used."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is read, and what is to be written."""

    title: str
    text: str
    question: str
    sentence: str


def lessons(folder: Path, *, part: Part = "train", seed: int = 0) -> Iterator[Lesson]:
    """What the papers of a part teach, paper after paper.

    Args:
        folder: with `papers.jsonl.xz` and `examples.jsonl`.
        part: of `eval.support_cases.part_of`.
        seed: of the choice of neighbours and open questions.
    """
    generator = random.Random(seed)
    with lzma.open(folder / "papers.jsonl.xz", "rt", encoding="utf-8") as lines:
        papers = {paper["id"]: paper for paper in map(json.loads, lines)}
    for line in (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        if part_of(example["id"]) == part:
            paper = papers[example["id"]]
            yield from _of(example, paper["title"], paper["sentences"], generator)


def _of(
    example: dict[str, Any], title: str, sentences: Sequence[str], generator: random.Random
) -> Iterator[Lesson]:
    for evidence, question, sentence in (
        ("evidence", "fact_question", "answer_sentence"),
        ("topic_evidence", "topic_query", "topic_sentence"),
    ):
        text = _text(sentences, example[evidence], generator)
        asked, told = example[question], example[sentence]
        if len(text) <= LONGEST and _closeness(told, f"{title} {text} {asked}") >= CLOSE:
            yield Lesson(title, text, asked, told)
    if generator.random() < OPEN:
        asked = example["unanswerable_question"]
        nearest = sorted(range(len(sentences)), key=lambda i: -_closeness(asked, sentences[i]))
        text = _text(sentences, nearest[: generator.choice((1, 2))], generator)
        yield Lesson(title, text, asked, NOT_STATED)


def _text(sentences: Sequence[str], chosen: Sequence[int], generator: random.Random) -> str:
    kept = set(chosen)
    if generator.random() < NEIGHBOUR:
        near = {i + step for i in kept for step in (-1, 1)} & set(range(len(sentences))) - kept
        kept |= {generator.choice(sorted(near))} if near else set()
    return " ".join(sentences[i] for i in sorted(kept))


def _closeness(sentence: str, source: str) -> float:
    """The share of a sentence's stems that a source holds."""
    said, held = stems(sentence), set(stems(source))
    return sum(stem in held for stem in said) / len(said) if said else 1.0
