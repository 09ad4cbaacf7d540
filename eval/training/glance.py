"""Learn the reader's glance: what it will say of a sentence, guessed after half of its layers.

    python -m eval.training.glance --index DIR --shared DIR [--reader DIR] [--every N]

Least squares to the log-odds that the whole reader gives, on the sentences that are read for the
questions of the "dev" papers of `eval.support_cases`; the figures are of the "test" papers. Written
into the adapter; all else in it stays as it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.training.adapter import save
from eval.training.reading import TARGET, TOP, Fitter
from rag import adapters, models, sifting
from rag.minilm import pooled
from rag.reader import GLANCE, IN_THE_BOX, READ_ON, TOKENS_PER_BATCH, Reader
from rag.reading import TOKENS_OF_SENTENCES, read_sentences

Floats = NDArray[np.float64]
RIDGE = 1.0


class Watched(Reader):
    """Reads all to the end and keeps what there was half way."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.seen: list[tuple[Floats, Floats, list[int]]] = []
        """Of each question, of its n sentences: (n, hidden_size + 1), (n,) log-odds, tokens."""

    def sifted(self, pairs: Sequence[tuple[str, str]], known: Floats, *, tokens: int) -> Floats:
        """As `Reader.logits` of "answers"."""
        import torch

        shown = pairs[: self.within(pairs, tokens=tokens)]
        model, rows = self._rows(shown)
        encoder = model.encoder
        half = np.zeros((len(rows), encoder.hidden_size))
        with torch.inference_mode():
            for batch, state, mask in sifting.half_read(encoder, rows, most=TOKENS_PER_BATCH):
                half[batch] = pooled(state.float(), mask).cpu().numpy()
        said = self.logits("answers", shown)
        seen = np.column_stack([half, known[: len(half)]])
        self.seen.append((seen, said, [len(row) for row in rows]))
        return said


def main() -> None:
    """Gather, fit, write, and say how well it guesses."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True, help="of the training papers")
    parser.add_argument("--shared", type=Path, required=True, help="the folder with train/")
    parser.add_argument("--reader", type=Path, default=IN_THE_BOX)
    parser.add_argument("--every", type=int, default=1, help="only every n-th test paper")
    options = parser.parse_args()
    options.out = TARGET  # read only: nothing there is learned
    fitter = Fitter(options)
    watched = {held: Watched(options.reader) for held in (False, True)}
    for example, held in zip(fitter.base.examples, fitter.aside, strict=True):
        for question in (example["fact_question"], example["unanswerable_question"]):
            found = fitter.retriever.candidates(question, limit=TOP)
            read_sentences(watched[bool(held)], question, found, papers=TOP)
    weight, bias = fitted(
        np.concatenate([half for half, *_ in watched[False].seen]),
        np.concatenate([said for _, said, _ in watched[False].seen]),
    )
    write(options.reader, weight, bias)
    shown = "  ".join(f"{k} {v:.3f}" for k, v in figures(watched[True].seen, weight, bias).items())
    sys.stdout.write(f"glance, {len(watched[True].seen)} questions: {shown}\n")


def fitted(half: Floats, said: Floats) -> tuple[Floats, float]:
    """The weights (size,) and the bias that guess `said` (n,) from `half` (n, size)."""
    mean = half.mean(axis=0)
    rows = half - mean
    square = rows.T @ rows + RIDGE * np.eye(rows.shape[1])
    weight = np.linalg.solve(square, rows.T @ (said - said.mean()))
    return weight, float(said.mean() - mean @ weight)


def figures(
    seen: Sequence[tuple[Floats, Floats, list[int]]], weight: Floats, bias: float
) -> dict[str, float]:
    """How well is guessed what is said.

    Returns:
        The correlation, how often what is best goes on to the second half, and what share of the
        best three.
    """
    guessed = np.concatenate([half @ weight + bias for half, *_ in seen])
    most = int(TOKENS_OF_SENTENCES * READ_ON)
    kept: list[list[bool]] = []
    for half, said, lengths in seen:
        ranked = np.argsort(-(half @ weight), kind="stable")
        fit = sifting.affordable([lengths[i] for i in ranked], tokens=most)
        kept.append([i in ranked[:fit] for i in np.argsort(-said, kind="stable")[:3]])
    return {
        "correlation": float(np.corrcoef(guessed, np.concatenate([s for _, s, _ in seen]))[0, 1]),
        "best goes on": float(np.mean([first for first, *_ in kept])),
        "of the best 3": float(np.mean([one for three in kept for one in three])),
    }


def write(folder: Path, weight: Floats, bias: float) -> None:
    """Put a glance into an adapter of the reader and its sha256 onto the card."""
    import torch
    from safetensors.torch import load_file

    tensors: dict[str, Any] = load_file(folder / adapters.WEIGHTS)
    card = json.loads((folder / adapters.CARD).read_text(encoding="utf-8"))
    tensors |= dict(zip(GLANCE, (torch.tensor(weight), torch.tensor(bias)), strict=True))
    save(tensors, folder, base=models.ENCODER, rank=card["rank"], heads=card["heads"])


if __name__ == "__main__":
    main()
