"""Pairs on which readers are compared, of papers that they did not learn from, as a file.

    python -m eval.training.reader_cases --index DIR --scifact DIR --shared DIR --out FILE

What is read at work: the sentences of a paper, those of the papers that are found for a question,
the papers that are found for a request. With them goes what is known without a reader, so that
`eval.training.reader_trial` needs no index, only torch.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.beir import read_beir
from eval.bench_reader import examples
from eval.support_cases import Part
from eval.training.ranking import POOL, Trainer, with_spans
from eval.training.reader_data import held_out
from eval.training.reader_gather import at_once, chunks
from eval.training.reader_groups import Case, Group, keep_cases
from rag.config import EncoderConfig, RetrievalConfig
from rag.corpus import Corpus
from rag.embedding import Encoder
from rag.indexing import open_index
from rag.reader import titled
from rag.reading import PAPERS_READ, SENTENCES_READ, gist, shown
from rag.retrieval import Candidate, Retriever

PARTS: tuple[Part, ...] = ("dev", "test")
TOP = 5


def main() -> None:
    """Find and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True, help="of the training papers")
    parser.add_argument("--scifact", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, default=0, help="papers of a part, for a trial")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    options = parser.parse_args()
    folder, work = options.shared / "train", []
    for part in PARTS:
        told = with_spans(examples(folder, part=part), folder / "papers.jsonl.xz")
        kept = told[: options.most or None]
        work += [partial(paper_cases, options, own, part) for own in chunks(kept, options.jobs)]
    cases = at_once([*work, partial(claim_cases, options)], jobs=options.jobs)
    keep_cases(cases, options.out)
    sys.stderr.write(f"{len(cases)} cases -> {options.out}\n")


def paper_cases(options: argparse.Namespace, told: list[dict[str, Any]], part: Part) -> list[Case]:
    """Of some papers of a part."""
    trainer = Trainer(options.index, told, taught=True)
    return [case for example in trainer.examples for case in _of_paper(example, part, trainer)]


def claim_cases(options: argparse.Namespace) -> list[Case]:
    """SciFact's claims that nothing learned from, with the papers that are found for them."""
    told = read_beir(options.shared / "bench" / "scifact")
    encoder = Encoder(EncoderConfig())
    corpus = Corpus(open_index(options.scifact, embedder=encoder.name))
    retriever = Retriever(corpus, encoder, RetrievalConfig())
    chosen = [name for name in told.queries if held_out(name) and told.relevance.get(name)]
    cases = []
    for name in chosen[: options.most or None]:
        right = {paper for paper, grade in told.relevance[name].items() if grade > 0}
        found = retriever.candidates(told.queries[name])[:PAPERS_READ]
        cases.append(_listed("claim", "dev", name, told.queries[name], found, right))
    return cases


def _of_paper(example: dict[str, Any], part: Part, trainer: Trainer) -> Iterator[Case]:
    name, retriever = example["id"], trainer.retriever
    place = trainer.place(example) or 0
    fact, left = example["fact_question"], example["unanswerable_question"]
    evidence = trainer.evidence(example)
    only = np.zeros(len(trainer.corpus), dtype=np.bool_)
    only[place] = True
    for key, question in (("own", fact), ("own_left", left)):
        own = retriever.candidates(question, allowed=only)
        right = evidence if key == "own" else np.zeros_like(evidence)
        yield _sentences(key, part, name, question, own, {name: right})
    yield _sentences("found", part, name, fact, retriever.candidates(fact)[:TOP], {name: evidence})
    pool = np.zeros(len(trainer.corpus), dtype=np.bool_)
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    pool[generator.choice(len(trainer.corpus), min(POOL, len(trainer.corpus)), replace=False)] = (
        True
    )
    for key, question, present in (
        ("gate", fact, True),
        ("gate_left", left, True),
        ("gate_absent", fact, False),
    ):
        pool[place] = present
        found = retriever.candidates(question, allowed=pool, limit=PAPERS_READ)
        known = retriever.gate_features(question, found)
        yield _sentences(key, part, name, question, found[:TOP], {}, known=known)
    request = example["topic_query"]
    found = retriever.candidates(request)[:PAPERS_READ]
    yield _listed("listed", part, name, request, found, {name})
    told = titled(example["title"], " ".join(example["sentences"][i] for i in example["evidence"]))
    pairs = tuple((example[key], told) for key in ("answer_sentence", "wrong_sentence"))
    yield Case(f"said {example['wrong_kind']}", part, name, Group("supports", pairs, (1.0, 0.0)))


def _sentences(
    key: str,
    part: str,
    name: str,
    question: str,
    found: Sequence[Candidate],
    right: dict[str, NDArray[np.float64]],
    *,
    known: Sequence[float] | NDArray[np.float64] = (),
) -> Case:
    """The sentences that are read of the papers found; rows: scores, and whether of the best."""
    places = [(p, s) for p, c in enumerate(found) for s in range(len(c.passages))]
    cheap = np.asarray([found[p].sentence_scores[s] for p, s in places])
    chosen = [places[i] for i in np.argsort(-cheap, kind="stable")[:SENTENCES_READ]]
    labels = [
        float(right[found[p].paper.paper_id][s]) if found[p].paper.paper_id in right else 0.0
        for p, s in chosen
    ]
    rows = [(found[p].sentence_scores[s], found[p].logit, float(p == 0)) for p, s in chosen]
    pairs = tuple((question, shown(found[p], s)) for p, s in chosen)
    group = Group("answers", pairs, tuple(labels))
    return Case(key, part, name, group, tuple(rows), tuple(map(float, known)))


def _listed(
    key: str, part: str, name: str, request: str, found: Sequence[Candidate], right: set[str]
) -> Case:
    """The papers that are read for a request; known: how many are right, found or not."""
    pairs = tuple((request, gist(c)) for c in found)
    labels = tuple(float(c.paper.paper_id in right) for c in found)
    rows = tuple((c.logit,) for c in found)
    return Case(key, part, name, Group("relevant", pairs, labels), rows, (float(len(right)),))


if __name__ == "__main__":
    main()
