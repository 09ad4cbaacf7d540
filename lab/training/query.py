"""Train the questions' side of the encoder: the papers' vectors stay, a question's moves to them.

    python -m lab.training.papers SHARED/train A.jsonl && quoth ingest A.jsonl --index A
    quoth eval retrieval SHARED/bench/scifact --index B
    python -m lab.training.papers SHARED/bench C.jsonl --pool && quoth ingest C.jsonl --index C
    python -m lab.training.query --shared SHARED --papers A --scifact B --pool C --out RUN

Learned from the "train" part of the papers (`lab.data.support_cases.part_of`), four fifths of
SciFact's claims and the summaries of 70 % of SciTLDR's papers. Seeded; a run that was killed goes
on from its last checkpoint in `--out`, which then holds the adapter too. Since no paper has to be
embedded anew, neither in training nor after it, it takes minutes, costs nothing at work, and fits
every index that there is.

Sources: Karpukhin et al. 2020, "Dense Passage Retrieval" (https://arxiv.org/abs/2004.04906), whose
two sides differ too; Luan et al. 2021 (https://arxiv.org/abs/2005.00181) for learning beside BM25;
Hu et al. 2021, "LoRA" (https://arxiv.org/abs/2106.09685).
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.training import checkpoints
from lab.training.adapter import save
from lab.training.query_data import (
    Asked,
    Told,
    add_corpora,
    all_asked,
    corpora,
    lexical,
    repeated,
    rivals,
)
from lab.training.query_model import RANK, QueryModel
from rag.config import OFF, EncoderConfig
from rag.evidence.paper_features import scaled
from rag.models import bundled as models
from rag.models.encoder import Encoder

BATCH = 32
EVERY = 20  # steps between checkpoints
WARM_UP = 0.1
KEPT = 0.8
"""Share of what was learned that ships. All of it is better on the corpora that it was learned on
(SciFact's claims .80 instead of .78) and a little worse on those that it was not; half of the way
and more is better on both. Source: Wortsman et al. 2021, "Robust Fine-Tuning of Zero-Shot Models"
(https://arxiv.org/abs/2109.01903)."""
TIMES = {"claim": 4}
"""How often a kind is seen in an epoch: there are seven thousand questions and 640 claims."""


def main() -> None:
    """Gather and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_corpora(parser)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--ship", type=Path, help="write the adapter here, too")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=8e-4, help="learning rate")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    held = corpora(options)
    lessons = Lessons(
        repeated(all_asked(options, held), times=TIMES),
        {name: Told(corpus.snapshot) for name, corpus in held.items()},
    )
    model = QueryModel()
    train(model, lessons, options)
    for folder in filter(None, (options.out, options.ship)):
        save(shrunk(model.weights), folder, base=models.ENCODER, rank=RANK)


def shrunk(weights: Mapping[str, Any]) -> dict[str, Any]:
    """An adapter that changes the model by `KEPT` of what this one does."""
    return {n: w if n.endswith(".down") else KEPT * w.detach() for n, w in weights.items()}


class Lessons:
    """The questions with all that a step needs of them."""

    def __init__(self, asked: list[Asked], told: dict[str, Told]) -> None:
        self.asked, self.told = asked, told
        texts = list(dict.fromkeys(one.text for one in asked))
        vectors = Encoder(EncoderConfig(adapter=OFF)).embed(texts)
        self.plain = dict(zip(texts, vectors, strict=True))
        self._found: dict[str, tuple[NDArray[np.int64], NDArray[np.float32]]] = {}

    def batches(self, *, epochs: int) -> list[list[Asked]]:
        """In each questions of one corpus, all of them shuffled."""
        generator = np.random.default_rng(0)
        order: list[list[Asked]] = []
        for _ in range(epochs):
            cut = []
            for name in self.told:
                own = [one for one in self.asked if one.corpus == name]
                shuffled = [own[i] for i in generator.permutation(len(own))]
                cut += [shuffled[i : i + BATCH] for i in range(0, len(own), BATCH)]
            order += [cut[i] for i in generator.permutation(len(cut))]
        return order

    def candidates(self, one: Asked) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """(k,) places and (k,) lexical scores; found once for each question."""
        if one.text not in self._found:
            snapshot = self.told[one.corpus].snapshot
            dense, words = snapshot.dense(self.plain[one.text]), lexical(one, snapshot)
            both = scaled(dense.whole) + scaled(dense.sentence)
            generator = np.random.default_rng(zlib.crc32(one.text.encode()))
            places = rivals(one, both, words, generator)
            self._found[one.text] = places, words[places]
        return self._found[one.text]


def train(model: QueryModel, lessons: Lessons, options: argparse.Namespace) -> None:
    """AdamW with a linear warm-up and decay; goes on from the checkpoint in `out`, if any."""
    import torch

    done = checkpoints.resume(options.out, model.weights, model.optimiser)
    order = lessons.batches(epochs=options.epochs)
    begun, losses = time.monotonic(), []
    for step in range(done, len(order)):
        share = step / len(order)
        rate = options.rate * min((share + 1 / len(order)) / WARM_UP, (1 - share) / (1 - WARM_UP))
        batch = order[step]
        found = [lessons.candidates(one) for one in batch]
        losses.append(
            model.step(
                batch,
                lessons.told[batch[0].corpus],
                torch.from_numpy(np.stack([places for places, _ in found])),
                torch.from_numpy(np.stack([words for _, words in found])),
                torch.from_numpy(np.stack([lessons.plain[one.text] for one in batch])),
                rate=rate,
            )
        )
        if (step + 1) % EVERY == 0 or step + 1 == len(order):
            checkpoints.save(options.out, model.weights, model.optimiser, step=step + 1)
            sys.stdout.write(
                f"step {step + 1} of {len(order)}  loss {np.mean(losses[-EVERY:]):.3f}  "
                f"seconds {time.monotonic() - begun:.0f}\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
