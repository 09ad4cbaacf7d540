"""What the questions' side of the encoder learns from: questions, and the papers that are right.

Three corpora, each as an index made with the plain encoder: the training papers (all that their
examples ask or say), SciFact's abstracts (claims), and a part of the pool (one-sentence summaries
by people). The papers' vectors stay as they are, so all that is needed of a paper is in the index.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.retrieval.beir import read_beir
from index_store.snapshot import Snapshot
from lab.data.support_cases import Part, part_of
from lab.training.ranking import evidence_of, with_spans
from lab.training.reader_data import held_out
from rag.evidence.paper_features import scaled
from rag.language.words import content
from rag.library.codec import open_index
from rag.library.corpus import Corpus
from rag.models.encoder import Encoder

BEST, RANDOM = 108, 36
"""Papers that a question is learned against: its best ones by the plain scores, and others."""
MOST_SENTENCES = 16
ASKED = ("fact_question", "topic_query", "unanswerable_question")
SAID = ("answer_sentence", "topic_sentence")
_EVIDENCE = {
    "fact_question": "evidence",
    "answer_sentence": "evidence",
    "topic_query": "topic_evidence",
    "topic_sentence": "topic_evidence",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or a sentence that stands for one.

    `right` are the places of its papers in the corpus, `evidence` the sentences of the first of
    them that carry it, where that is known.
    """

    corpus: str
    kind: str
    part: Part
    text: str
    right: tuple[int, ...]
    evidence: tuple[int, ...] = ()


class Told:
    """The vectors of a corpus as torch needs them.

    `whole` is (n, dim); `rows` (n, MOST_SENTENCES) are rows of `sentence` (m, dim), the first
    repeated where a paper has fewer. A paper without sentences has its whole as its only one.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        import torch

        both = [snapshot.vectors(i) for i in range(len(snapshot))]
        self.snapshot = snapshot
        self.whole = torch.from_numpy(np.stack([vectors[0] for vectors in both]))
        sentences = [vectors[1:] if len(vectors) > 1 else vectors[:1] for vectors in both]
        self.sentence = torch.from_numpy(np.vstack(sentences))
        first = np.cumsum([0, *(len(own) for own in sentences)])
        rows = np.repeat(first[:-1, None], MOST_SENTENCES, axis=1)
        for i, own in enumerate(sentences):
            count = min(len(own), MOST_SENTENCES)
            rows[i, :count] = first[i] + np.arange(count)
        self.rows = torch.from_numpy(rows)


def add_corpora(parser: argparse.ArgumentParser) -> None:
    """The options that name the data."""
    parser.add_argument("--shared", type=Path, required=True, help="the folder with train/, bench/")
    parser.add_argument("--papers", type=Path, required=True, help="index of the training papers")
    parser.add_argument("--scifact", type=Path, required=True, help="index of SciFact's corpus")
    parser.add_argument("--pool", type=Path, required=True, help="index of a part of the pool")


def corpora(options: argparse.Namespace) -> dict[str, Corpus]:
    """The three corpora by name."""
    return {
        name: Corpus(open_index(getattr(options, name), embedder=Encoder().name))
        for name in ("papers", "scifact", "pool")
    }


def all_asked(options: argparse.Namespace, held: dict[str, Corpus]) -> list[Asked]:
    """Everything that is asked of the three corpora, of all parts."""
    return [
        *of_papers(options.shared / "train", held["papers"]),
        *of_benchmark(options.shared / "bench" / "scifact", "scifact", held["scifact"]),
        *_of_pool(options.shared / "bench", held["pool"]),
    ]


def of_papers(folder: Path, corpus: Corpus) -> Iterator[Asked]:
    """What the examples in a folder ask of their papers and say of them."""
    lines = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    for example in with_spans([json.loads(line) for line in lines], folder / "papers.jsonl.xz"):
        place = corpus.snapshot.index_of(example["id"])
        if place is None:
            continue
        for kind in (*ASKED, *SAID):
            own: tuple[int, ...] = ()
            if kind in _EVIDENCE:
                labels = evidence_of(example, corpus, place, key=_EVIDENCE[kind])
                own = tuple(int(i) for i in np.flatnonzero(labels[:MOST_SENTENCES]))
            yield Asked("papers", kind, part_of(example["id"]), example[kind], (place,), own)


def of_benchmark(folder: Path, name: str, corpus: Corpus) -> Iterator[Asked]:
    """SciFact's claims; a fifth of them is kept aside as "test"."""
    told = read_beir(folder)
    for query, text in told.queries.items():
        right = _places(told.relevance[query], corpus)
        if right:
            yield Asked(name, "claim", "test" if held_out(query) else "train", text, right)


def _of_pool(folder: Path, corpus: Corpus) -> Iterator[Asked]:
    """SciTLDR's summaries; all of a paper are in one part."""
    texts: dict[str, str] = {}
    for line in (folder / "scitldr_train" / "queries.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        texts[str(record["id"])] = record["text"]
    for line in (folder / "scitldr_train" / "qrels.tsv").read_text("utf-8").splitlines():
        query, paper, _ = line.split("\t")
        right = _places({paper: 1}, corpus)
        if query in texts and right:
            yield Asked("pool", "summary", part_of(paper), texts[query], right)


def _places(relevance: Any, corpus: Corpus) -> tuple[int, ...]:
    places = (corpus.snapshot.index_of(name) for name, grade in relevance.items() if grade > 0)
    return tuple(place for place in places if place is not None)


def lexical(one: Asked, snapshot: Snapshot) -> NDArray[np.float32]:
    """BM25 of every paper as the retriever has it, scaled to [0, 1]."""
    return scaled(snapshot.lexical(content(one.text)))


def rivals(
    one: Asked,
    dense: NDArray[np.float32],
    words: NDArray[np.float32],
    generator: np.random.Generator,
) -> NDArray[np.int64]:
    """(BEST + RANDOM,) places of papers: the right ones first, then wrong ones.

    Args:
        one: the question.
        dense: (n,) the plain encoder's scores, scaled and added.
        words: (n,) from `lexical`.
        generator: of the random ones.
    """
    own = np.asarray(one.right)
    best = np.argsort(-(dense + words), kind="stable")[:BEST]
    others = generator.choice(len(words), BEST + 2 * RANDOM, replace=False)
    rest = [i for i in dict.fromkeys([*best.tolist(), *others.tolist()]) if i not in one.right]
    return np.concatenate([own, rest])[: BEST + RANDOM].astype(np.int64)


def repeated(asked: Sequence[Asked], *, times: dict[str, int]) -> list[Asked]:
    """The training part, with kinds that there are few of as often as is said."""
    return [one for one in asked if one.part == "train" for _ in range(times.get(one.kind, 1))]
