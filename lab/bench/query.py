"""What the questions' side of the encoder is worth: search with its adapter and without.

    python -m lab.bench.query --shared DIR --papers INDEX --scifact INDEX --pool INDEX
                               [--adapter bundled|DIR ...]

The indexes are those of `lab.training.query`, the questions those that nothing was learned from
(the "test" papers, a fifth of SciFact's claims, SciTLDR's summaries of the pool's test papers).
Printed by kind: nDCG@10 and recall@10 of the search, how often the evidence sentence is the nearest
of its abstract, and what the adapter adds, with 95 % intervals, paired. Other corpora:

    quoth eval retrieval FOLDER [--set encoder.adapter=off]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

import numpy as np

from eval.metrics.ndcg import ndcg
from eval.metrics.recall import recall
from eval.statistics.resampling import mean_interval
from lab.training.query_data import Asked, add_corpora, all_asked, corpora
from rag.config import BUNDLED, OFF, EncoderConfig, RetrievalConfig
from rag.evidence.retrieval import Retriever
from rag.library.corpus import Corpus
from rag.models.encoder import Encoder

DEPTH = 10
Figures = dict[str, list[float]]
"""name of the figure -> its value for each question"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_corpora(parser)
    parser.add_argument("--adapter", nargs="+", default=[BUNDLED])
    options = parser.parse_args()
    held = corpora(options)
    asked = [one for one in all_asked(options, held) if one.part == "test"]
    kinds = list(dict.fromkeys(one.kind for one in asked))
    told = {kind: [one for one in asked if one.kind == kind] for kind in kinds}
    plain = {kind: measured(own, held, adapter=OFF) for kind, own in told.items()}
    for kind, own in told.items():
        _say(kind, len(own), OFF, plain[kind], None)
        for adapter in options.adapter:
            _say(kind, len(own), adapter, measured(own, held, adapter=adapter), plain[kind])


def measured(asked: Sequence[Asked], held: Mapping[str, Corpus], *, adapter: str) -> Figures:
    """What search finds for questions of one kind, all of one corpus."""
    encoder = Encoder(EncoderConfig(adapter=adapter))
    corpus = held[asked[0].corpus]
    retriever = Retriever(corpus, encoder, RetrievalConfig())
    ids = corpus.snapshot.document_ids
    figures: Figures = {"nDCG@10": [], "recall@10": []}
    for one in asked:
        relevance = {ids[place]: 1 for place in one.right}
        found = [c.paper.paper_id for c in retriever.candidates(one.text)]
        figures["nDCG@10"].append(ndcg(found, relevance, cutoff=DEPTH) or 0.0)
        figures["recall@10"].append(recall(found, relevance, cutoff=DEPTH) or 0.0)
    carried = [one for one in asked if one.evidence]
    if carried:
        vectors = encoder.ask([one.text for one in carried])
        figures["nearest"] = [
            float(int(np.argmax(corpus.snapshot.vectors(one.right[0])[1:] @ v)) in one.evidence)
            for one, v in zip(carried, vectors, strict=True)
        ]
    return figures


def _say(kind: str, count: int, adapter: str, figures: Figures, plain: Figures | None) -> None:
    shown = []
    for name, values in figures.items():
        text = f"{name} {np.mean(values):.3f}"
        if plain is not None:
            change = [a - b for a, b in zip(values, plain[name], strict=True)]
            found = mean_interval(change, bounded=False)
            text += f" ({found.low:+.3f} to {found.high:+.3f})" if found else ""
        shown.append(text)
    sys.stdout.write(f"{kind:22} n {count:3}  {adapter:12} {'  '.join(shown)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
