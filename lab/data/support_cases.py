"""Sentences with their evidence, and whether it carries them: what the support check is tried on.

The training papers give human ones (`answer`, `topic`: true; `wrong`: one thing false, by kind)
and made ones: `copy`, a sentence of the abstract as a small model copies it, and `planted_answer`,
`planted_copy`, true sentences with an error by rule, and `elsewhere`, a sentence of the same
abstract that is not the one given as evidence. SciFact and AttributionBench are outside truth.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lab.data.planted import PLANT_KINDS, plant, retell
from rag.language.sentences import split

Part = Literal["train", "dev", "test"]
COPIES = 2
"""Sentences copied from an abstract."""
OTHERS = 5
"""Sentences of other papers that a planted error may draw on."""


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A sentence, the evidence it was written from, and whether a reader finds it carried.

    `source` is where it comes from, `kind` what is wrong with it ("" when it is true).
    """

    paper_id: str
    sentence: str
    evidence: tuple[str, ...]
    title: str
    context: str
    true: bool
    source: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """A SciFact claim with rationale sentences of one abstract, or an AttributionBench pair."""

    case_id: str
    claim: str
    evidence: tuple[str, ...]
    label: str


def part_of(paper_id: str) -> Part:
    """The part a paper is in: 70 % train, 15 % dev, 15 % test, by a hash of its id."""
    share = int(hashlib.md5(f"quoth{paper_id}".encode()).hexdigest(), 16) % 100
    return "train" if share < 70 else "dev" if share < 85 else "test"


def support_cases(shared: Path, *, parts: Sequence[Part]) -> list[SupportCase]:
    """All cases of the training papers in the given parts; planted ones draw on their own part."""
    lines = (shared / "train" / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    examples = [json.loads(line) for line in lines]
    papers = {paper["id"]: paper for paper in _compressed(shared / "train" / "papers.jsonl.xz")}
    found: list[SupportCase] = []
    for part in parts:
        inside = [example for example in examples if part_of(example["id"]) == part]
        answers = [example["answer_sentence"] for example in inside]
        sentences = [s for example in inside for s in papers[example["id"]]["sentences"]]
        for example in inside:
            found += _of_paper(example, papers[example["id"]], answers, sentences)
    return found


def scifact_cases(shared: Path) -> list[ClaimCase]:
    """Claims with their rationale; one without evidence gets the abstract's nearest two sentences.

    Source: Wadden et al. 2020, "Fact or Fiction: Verifying Scientific Claims". The corpus holds
    whole abstracts: they are cut anew, and a rationale that lies beyond the last cut is left out.
    """
    folder = shared / "bench" / "scifact"
    texts = {paper["id"]: paper["text"] for paper in _compressed(folder / "corpus.jsonl.xz")}
    found = []
    for line in (folder / "claims.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for number, (label, paper_id, wanted) in enumerate(_rationales(record)):
            text = texts.get(paper_id, "")
            sentences = [text[span.start : span.end] for span in split(text)]
            chosen = [sentences[at] for at in wanted if at < len(sentences)]
            if label == "NOT_ENOUGH_INFO":
                chosen = _nearest(record["claim"], sentences)
            if chosen:
                name = f"{record['id']}.{number}"
                found.append(ClaimCase(name, record["claim"], tuple(chosen), label))
    return found


def attribution_cases(shared: Path) -> list[ClaimCase]:
    """Claims of generative search engines with what they cite, judged by people.

    Source: Li et al. 2024, "AttributionBench: How Hard is Automatic Attribution Evaluation?".
    """
    path = shared / "bench" / "attributionbench" / "dev.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        ClaimCase(
            record["id"], record["claim"], tuple(record["references"]), record["attribution_label"]
        )
        for record in records
    ]


def _of_paper(
    example: Mapping[str, Any],
    paper: Mapping[str, Any],
    answers: Sequence[str],
    foreign: Sequence[str],
) -> Iterator[SupportCase]:
    sentences: list[str] = paper["sentences"]
    context = " ".join(sentences)
    rng = random.Random(f"planted {example['id']}")
    told = tuple(sentences[at] for at in example["evidence"])
    answer = example["answer_sentence"]

    def case(sentence: str, evidence: tuple[str, ...], source: str, kind: str = "") -> SupportCase:
        true = source in ("answer", "topic", "copy")
        return SupportCase(
            example["id"], sentence, evidence, paper["title"], context, true, source, kind
        )

    yield case(answer, told, "answer")
    topic = tuple(sentences[at] for at in example["topic_evidence"])
    yield case(example["topic_sentence"], topic, "topic")
    yield case(example["wrong_sentence"], told, "wrong", example["wrong_kind"])
    copies = _copies(sentences, rng)
    for copy, evidence in copies:
        yield case(copy, evidence, "copy")
    if stray := _elsewhere(sentences, told, rng):
        yield case(stray, told, "elsewhere")
    others = [other for other in rng.sample(answers, min(OTHERS, len(answers))) if other != answer]
    strangers = [s for s in rng.sample(foreign, min(OTHERS, len(foreign))) if s not in sentences]
    for kind in PLANT_KINDS:
        if planted := plant(answer, kind=kind, rng=rng, others=others, context=context):
            yield case(planted, told, "planted_answer", kind)
        if copies:
            copy, evidence = rng.choice(copies)
            if planted := plant(copy, kind=kind, rng=rng, others=strangers, context=context):
                yield case(planted, evidence, "planted_copy", kind)


def _copies(sentences: Sequence[str], rng: random.Random) -> list[tuple[str, tuple[str, ...]]]:
    """Sentences retold, each with itself as evidence and half the time another beside it."""
    usable = [at for at, sentence in enumerate(sentences) if 60 < len(sentence) < 400]
    found: list[tuple[str, tuple[str, ...]]] = []
    for at in rng.sample(usable, min(COPIES, len(usable))):
        beside = rng.choice(sentences)
        both = (sentences[at], beside) if rng.random() < 0.5 else (sentences[at],)
        found.append((retell(sentences[at], rng=rng), both))
    return found


def _elsewhere(sentences: Sequence[str], evidence: Sequence[str], rng: random.Random) -> str | None:
    """A retold sentence of the abstract that shares less than half its words with the evidence."""
    known = set(" ".join(evidence).lower().split())
    strays = []
    for sentence in sentences:
        words = set(sentence.lower().split())
        if len(sentence) > 60 and sentence not in evidence and len(words & known) < len(words) / 2:
            strays.append(sentence)
    return retell(rng.choice(strays), rng=rng) if strays else None


def _rationales(record: Mapping[str, Any]) -> list[tuple[str, str, list[int]]]:
    if record["label"] == "NOT_ENOUGH_INFO":
        return [("NOT_ENOUGH_INFO", paper_id, []) for paper_id in record["cited_doc_ids"][:1]]
    return [(one["label"], one["doc_id"], one["sentences"]) for one in record["evidence"]]


def _nearest(claim: str, sentences: Sequence[str]) -> list[str]:
    """The two sentences that share most words with the claim, in their order."""
    wanted = set(claim.lower().split())
    ranked = sorted(sentences, key=lambda s: -len(wanted & set(s.lower().split())))[:2]
    return [sentence for sentence in sentences if sentence in ranked]


def _compressed(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
