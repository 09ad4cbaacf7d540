"""Gather what the reader learns from, out of an index of the training papers and one of SciFact."""

from __future__ import annotations

import argparse
import json
from typing import Any

from eval.support_cases import scifact_cases, support_cases
from eval.training.ranking import Trainer, with_spans
from eval.training.reader_data import claim_lessons, paper_lessons
from eval.training.reader_groups import Lesson
from rag.config import OFF, EncoderConfig, RetrievalConfig
from rag.corpus import Corpus
from rag.embedding import Encoder
from rag.indexing import open_index
from rag.retrieval import Retriever


def gather(options: argparse.Namespace) -> list[Lesson]:
    """The lessons of every example, then of SciFact's claims.

    Args:
        options: `index`, `scifact` and `shared`, as `eval.training.reader` takes them.
    """
    return [*_of_papers(options), *_of_claims(options)]


def _of_papers(options: argparse.Namespace) -> list[Lesson]:
    folder = options.shared / "train"
    lines = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    examples = with_spans([json.loads(line) for line in lines], folder / "papers.jsonl.xz")
    trainer = Trainer(options.index, examples)
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
