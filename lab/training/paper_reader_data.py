"""What the one-pass reader learns from: a question or claim, a paper, and what its sentences do.

Every line of `qa.jsonl`, `examples.jsonl` and `lists.jsonl` (see `../shared/train/README.md`)
becomes readings. A question also meets a paper that BM25 finds near and that is another's: there it
is left open. Whole batches of writers and the test half of the examples are kept aside.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from lab.data.support_cases import part_of
from rag.language.sentences import passages

Task = Literal["question", "claim"]
Part = Literal["train", "fit", "test"]
TEST_BATCH = "qa06"
FIT_BATCH = "qa05"
"""Their writers are not learned from: one is for figures, one for thresholds."""
NEAR = 9
ELSEWHERE = 3
"""Papers near its own that a question is put to. Who writes a question that is left open writes it
in a manner of its own: with one such paper a question, the reader learned to tell the manner and
hardly looked at the paper (of oblique questions, its own paper ahead of seven others in .52)."""
NO_PER_LIST = 8
LEAST_LEFT = 3
"""Sentences of a paper that is read without its evidence."""


@dataclass(frozen=True, slots=True)
class Source:
    """A paper as the reader is shown it."""

    paper_id: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One text beside one paper.

    Attributes:
        task: what the text is.
        text: the question, request or claim.
        paper_id: of the paper that is read.
        carries: numbers of the sentences that answer it or carry it.
        denies: numbers of those that deny what it presumes or says.
        judged: whether it is known what the sentences do; False for requests.
        bears: how far the paper bears on it, in [0, 1]; None where nobody judged.
        part: what it is for.
        style: of the question or claim, for figures by style.
        without: numbers of sentences that are taken out of the paper before it is read.
    """

    task: Task
    text: str
    paper_id: str
    carries: tuple[int, ...]
    denies: tuple[int, ...]
    judged: bool
    bears: float | None
    part: Part
    style: str
    without: tuple[int, ...] = ()


def sources(train: Path) -> dict[str, Source]:
    """All papers of the training data, by id."""
    found = {}
    for name in ("papers", "qa_papers"):
        for paper in _packed(train / f"{name}.jsonl.xz"):
            found[paper["id"]] = Source(paper["id"], paper["title"], tuple(paper["sentences"]))
    for paper in _packed(train / "lists_papers.jsonl.xz"):
        if paper["id"] not in found:
            text = paper["text"]
            cut = tuple(p.text(text) for p in passages(paper["id"], text))
            found[paper["id"]] = Source(paper["id"], paper["title"], cut)
    return found


def readings(train: Path, *, seed: int = 0) -> list[Reading]:
    """Everything that the files hold, with questions put to papers near theirs."""
    own = [*_from_qa(train), *_from_examples(train)]
    papers = sources(train)
    asked = [r for r in own if r.carries or r.denies or r.style == "request"]
    questions = [r for r in asked if r.task == "question"]
    answered = [r for r in questions if r.carries]
    return [
        *own,
        *_removed(answered, papers),
        *_elsewhere(questions, papers, seed),
        *_from_lists(train, seed),
    ]


def _from_qa(train: Path) -> Iterator[Reading]:
    for line in _lines(train / "qa.jsonl"):
        part: Part = {TEST_BATCH: "test", FIT_BATCH: "fit"}.get(line["batch"], "train")  # type: ignore[assignment]
        paper_id = line["id"]
        for question in line["questions"]:
            evidence = tuple(question["evidence"])
            yield Reading(
                "question",
                question["q"],
                paper_id,
                evidence,
                (),
                True,
                1.0,
                part,
                question["style"],
            )
        missing = line["unanswerable"]["q"]
        yield Reading("question", missing, paper_id, (), (), True, 1.0, part, "left open")
        premise = line["false_premise"]
        if premise:
            denied = (premise["denied_by"],)
            yield Reading(
                "question", premise["q"], paper_id, (), denied, True, 1.0, part, "false premise"
            )
        for claim in line["claims"]:
            evidence = tuple(claim.get("evidence", ()))
            carries = evidence if claim["label"] == "supported" else ()
            denies = evidence if claim["label"] == "contradicted" else ()
            yield Reading(
                "claim", claim["text"], paper_id, carries, denies, True, 1.0, part, claim["label"]
            )
        yield Reading("question", line["topic"], paper_id, (), (), False, 1.0, part, "request")


def _from_examples(train: Path) -> Iterator[Reading]:
    parts: dict[str, Part] = {"train": "train", "dev": "fit", "test": "test"}
    for line in _lines(train / "examples.jsonl"):
        part, paper_id = parts[part_of(line["id"])], line["id"]
        evidence = tuple(line["evidence"])
        yield Reading(
            "question", line["fact_question"], paper_id, evidence, (), True, 1.0, part, "example"
        )
        missing = line["unanswerable_question"]
        yield Reading("question", missing, paper_id, (), (), True, 1.0, part, "left open")
        yield Reading(
            "claim", line["answer_sentence"], paper_id, evidence, (), True, 1.0, part, "supported"
        )
        invented = line["wrong_kind"] in ("invented", "scope")
        denies = () if invented else evidence
        if not invented:  # of "scope" and "invented" nobody said which of the two they are
            yield Reading(
                "claim",
                line["wrong_sentence"],
                paper_id,
                (),
                denies,
                True,
                1.0,
                part,
                "contradicted",
            )
        topic = tuple(line["topic_evidence"])
        yield Reading(
            "claim", line["topic_sentence"], paper_id, topic, (), True, 1.0, part, "supported"
        )
        yield Reading(
            "question", line["topic_query"], paper_id, (), (), False, 1.0, part, "request"
        )


def _removed(answered: Sequence[Reading], papers: dict[str, Source]) -> Iterator[Reading]:
    """Each question beside its own paper with the evidence taken out, where it is left open.

    The nearest miss there can be, in the manner of a question that has an answer: what is written
    to be left open is written in another.
    """
    for question in answered:
        if len(papers[question.paper_id].sentences) >= len(question.carries) + LEAST_LEFT:
            yield replace(question, carries=(), without=question.carries, style="removed")


def _elsewhere(
    questions: Sequence[Reading], papers: dict[str, Source], seed: int
) -> Iterator[Reading]:
    """Each question beside some of the papers nearest to it that are not its own.

    Whether they belong on a request nobody judged: its own paper does, and is to be ahead.
    """
    import bm25s

    generator = random.Random(seed)
    ids = sorted(papers)
    texts = [f"{papers[i].title} {' '.join(papers[i].sentences)}" for i in ids]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    asked = bm25s.tokenize([q.text for q in questions], stopwords="en", show_progress=False)
    found, _ = index.retrieve(asked, k=min(NEAR + 1, len(ids)), show_progress=False)
    for question, places in zip(questions, found, strict=True):
        others = [ids[place] for place in places if ids[place] != question.paper_id]
        # The first is at times a paper that answers too: those a little further down are safer.
        for other in generator.sample(others[1:NEAR], min(ELSEWHERE, len(others) - 1)):
            judged, bears = question.judged, 0.0 if question.judged else None
            yield Reading(
                "question", question.text, other, (), (), judged, bears, question.part, "elsewhere"
            )


def _from_lists(train: Path, seed: int) -> Iterator[Reading]:
    """Judged candidates; of those that do not belong, the nearest and a few drawn."""
    generator = random.Random(seed)
    for line in _lines(train / "lists.jsonl"):
        number = int(line["id"][1:])
        part: Part = "test" if number % 8 == 7 else "fit" if number % 8 == 6 else "train"
        no = line["no"]
        if part == "train" and len(no) > NO_PER_LIST:
            half = NO_PER_LIST // 2
            no = [*no[:half], *generator.sample(no[half:], NO_PER_LIST - half)]
        for ids, bears in ((line["yes"], 1.0), (line["maybe"], 0.5), (no, 0.0)):
            for paper_id in ids:
                yield Reading(
                    "question", line["request"], paper_id, (), (), False, bears, part, "list"
                )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _packed(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
