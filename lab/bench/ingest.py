"""Ingest speed, side by side with LlamaIndex's own parts, at the same vectors.

    python -m lab.bench.ingest FOLDER [--papers N] [--rounds 2] [--grouped]

Theirs is `HuggingFaceEmbedding` and `ChromaVectorStore.add` over nodes of the same texts (each
abstract whole, each sentence under its title); ours is `Ingestor.run`, which also reads the files,
merges papers, builds the lexical index and commits. Models are loaded before the clock starts.
Rounds alternate, so that a busy machine slows both. Not a dependency of the product: install
llama-index-embeddings-huggingface (and with it sentence-transformers) to run it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.snapshot import open_snapshot
from rag.library.codec import to_payload, to_rows
from rag.library.ingest import Ingestor
from rag.models import bundled as models
from rag.models.encoder import MAX_TOKENS, Encoder
from rag.papers import Catalogue, read
from rag.types import Paper

NEEDED = "llama-index-embeddings-huggingface"


@dataclass(frozen=True, slots=True)
class Timing:
    """One run of one side."""

    side: str
    papers: int
    passages: int
    seconds: float
    """By the clock on the wall."""
    processor: float
    """Seconds of processor time, over all threads: what is left to compare on a busy machine."""

    def __str__(self) -> str:
        return (
            f"{self.side:<12}{self.papers:>5} abstracts, {self.passages:>6} passages "
            f"{self.seconds:>8.1f} s {self.papers / self.seconds:>7.2f} abstracts/s, "
            f"{self.processor:>7.1f} s of processor"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m lab.bench.ingest", description=__doc__)
    parser.add_argument("folder", type=Path, help="files to ingest, as the five pages")
    parser.add_argument("--papers", type=int, default=0, help="only the first N papers")
    parser.add_argument("--rounds", type=int, default=2, help="times each side is run")
    parser.add_argument("--batch-size", type=int, default=10, help="theirs (10 is its default)")
    parser.add_argument(
        "--grouped",
        action="store_true",
        help="hand theirs all abstracts, then all sentences: less padding than paper by paper",
    )
    options = parser.parse_args(arguments)
    if importlib.util.find_spec("llama_index.embeddings.huggingface") is None:
        sys.stderr.write(f"this benchmark needs {NEEDED}: pip install {NEEDED}\n")
        return 1
    papers = _papers(options.folder)[: options.papers or None]
    texts = {row: text for paper in papers for row, text in _texts(paper).items()}
    if options.grouped:
        wholes = {to_rows(paper, embedder=models.ENCODER.name)[0].whole for paper in papers}
        texts = dict(sorted(texts.items(), key=lambda item: item[0] not in wholes))
    encoder, theirs = Encoder(), _Theirs(options.batch_size)
    encoder.embed(["one text, so that the model is loaded"])
    ours: list[Timing] = []
    other: list[Timing] = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "papers.jsonl"
        source.write_text("".join(json.dumps(to_payload(paper)) + "\n" for paper in papers))
        for number in range(options.rounds):
            index = Path(folder) / f"ours-{number}"
            ours.append(_run_ours(index, encoder, source))
            _say(ours[-1])
            timing, vectors = theirs.run(Path(folder) / f"theirs-{number}", texts, len(papers))
            other.append(timing)
            _say(timing)
    for measure in ("seconds", "processor"):
        best, rival = (min(getattr(run, measure) for run in runs) for runs in (ours, other))
        _say(f"best of {options.rounds} by {measure}: ours is {rival / best:.2f} times as fast")
    sample = encoder.embed(list(texts.values())[:200])
    cosines = (sample * vectors[:200]).sum(axis=1)
    _say(f"cosine of the first {len(sample)} vectors with theirs: lowest {cosines.min():.4f}")
    return 0


def _papers(folder: Path) -> list[Paper]:
    catalogue = Catalogue()
    for path in sorted(folder.iterdir()):
        for item in read(path):
            if isinstance(item, Paper):
                catalogue.add(item)
        catalogue.settle()
    return list(catalogue.papers)


def _texts(paper: Paper) -> dict[str, str]:
    return to_rows(paper, embedder=models.ENCODER.name)[1]


def _run_ours(index: Path, encoder: Encoder, source: Path) -> Timing:
    started, processor = time.monotonic(), time.process_time()
    report = Ingestor(index, encoder).run([source])
    seconds, processor = time.monotonic() - started, time.process_time() - processor
    return Timing("ours", len(open_snapshot(index)), report.embedded, seconds, processor)


class _Theirs:
    def __init__(self, batch_size: int) -> None:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._embedding = HuggingFaceEmbedding(
            model_name=str(models.locate(models.ENCODER)),
            max_length=MAX_TOKENS,
            embed_batch_size=batch_size,
        )

    def run(
        self, folder: Path, texts: dict[str, str], papers: int
    ) -> tuple[Timing, NDArray[np.float32]]:
        from llama_index.core.schema import TextNode
        from llama_index.vector_stores.chroma import ChromaVectorStore

        started, processor = time.monotonic(), time.process_time()
        store: Any = ChromaVectorStore.from_params(
            collection_name="bench",
            persist_dir=str(folder),
            collection_kwargs={"configuration": {"hnsw": {"space": "cosine"}}},
        )
        vectors = self._embedding.get_text_embedding_batch(list(texts.values()))
        store.add(
            [
                TextNode(id_=row, text=text, embedding=vector)
                for (row, text), vector in zip(texts.items(), vectors, strict=True)
            ]
        )
        seconds, processor = time.monotonic() - started, time.process_time() - processor
        timing = Timing("LlamaIndex", papers, len(texts), seconds, processor)
        return timing, np.asarray(vectors, np.float32)


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
