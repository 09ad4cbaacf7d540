"""Gather what the reader learns from, out of an index of the training papers and one of SciFact."""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any, TypeVar

from lab.data.support_cases import part_of, scifact_cases, support_cases
from lab.training.ranking import Trainer, with_spans
from lab.training.reader_data import SAID, claim_lessons, paper_lessons
from lab.training.reader_groups import Lesson
from rag.config import OFF, EncoderConfig, RetrievalConfig
from rag.evidence.retrieval import Retriever
from rag.library.codec import open_index
from rag.library.corpus import Corpus
from rag.models.encoder import Encoder

Found = TypeVar("Found")


def gather(options: argparse.Namespace) -> list[Lesson]:
    """The lessons of every example, then of SciFact's claims.

    Args:
        options: `index`, `scifact`, `shared` and `jobs`, as `lab.training.reader` takes them.
    """
    folder = options.shared / "train"
    lines = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    examples = with_spans([json.loads(line) for line in lines], folder / "papers.jsonl.xz")
    work = [partial(_of_papers, options, own) for own in chunks(examples, options.jobs)]
    return at_once([*work, partial(_of_claims, options)], jobs=options.jobs)


def chunks(examples: list[dict[str, Any]], count: int) -> list[list[dict[str, Any]]]:
    """The examples in as many parts, in their order."""
    size = -(-len(examples) // count)
    return [examples[start : start + size] for start in range(0, len(examples), size)]


def at_once(work: Sequence[Callable[[], list[Found]]], *, jobs: int) -> list[Found]:
    """What each piece of work finds, in their order; in several processes if there are `jobs`."""
    if jobs == 1:
        return [found for piece in work for found in piece()]
    # CUDA does not survive a fork.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(piece) for piece in work]
        return [found for one in waiting for found in one.result()]


def _of_papers(options: argparse.Namespace, examples: list[dict[str, Any]]) -> list[Lesson]:
    trainer = Trainer(options.index, examples)
    taught = [e for e in trainer.examples if part_of(e["id"]) == "train"]
    trainer.encoder.learn([example[key] for example in taught for key in SAID])
    retriever = trainer.retriever
    cases: dict[str, list[Any]] = {}
    for case in support_cases(options.shared, parts=("train", "dev", "test")):
        cases.setdefault(case.paper_id, []).append(case)
    return [
        lesson
        for e in trainer.examples
        for lesson in paper_lessons(e, cases[e["id"]], retriever, trainer.evidence(e))
    ]


def _of_claims(options: argparse.Namespace) -> list[Lesson]:
    path = options.shared / "bench" / "scifact" / "claims.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    cited = {record["id"]: record["cited_doc_ids"] for record in records}
    encoder = Encoder(EncoderConfig(adapter=OFF))
    corpus = Corpus(open_index(options.scifact, embedder=encoder.name))
    retriever = Retriever(corpus, encoder, RetrievalConfig())
    return claim_lessons(scifact_cases(options.shared), cited, retriever)
