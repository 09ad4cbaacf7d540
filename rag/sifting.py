"""Reading half of each text and only the best of them to the end. Floor 2.

What a cross-encoder will say can be guessed when half of its layers are through, better still with
what the retriever said: `Glance` is a head of its own there (`eval/training/glance.py`). Those with
the highest guesses go on.
Source: Soldaini and Moschitti 2020, "The Cascade Transformer" (https://arxiv.org/abs/2005.02534).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.minilm import MiniLm, pooled


@dataclass(frozen=True, slots=True)
class Glance:
    """A linear head: `weight` (hidden_size + 1,), the last for what was known; `bias` ()."""

    weight: Any
    bias: Any

    def guesses(self, state: Any, mask: Any, known: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, length, hidden_size), (n, length) and (n,) to (n,) log-odds."""
        told = pooled(state.float(), mask) @ self.weight[:-1] + self.bias
        return np.asarray(told.double().cpu().numpy() + float(self.weight[-1]) * known)


def sift(
    encoder: MiniLm,
    glance: Glance,
    rows: Sequence[list[int]],
    known: NDArray[np.float64],
    *,
    tokens: int,
    most: int,
    head: Callable[[Any, Any], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """What `head` says of the rows with the highest guesses, and of the others the guess: (n,).

    A guess is told as no more than the most that `head` says: whether any row is an answer is for
    the whole encoder to say. The order of the rows changes no number.

    Args:
        encoder: that reads.
        glance: that guesses after half of its layers.
        rows: token ids of each text.
        known: (n,) what the retriever made of each.
        tokens: that are read to the end at the most, but one row is.
        most: padded tokens of a batch.
        head: (n, length, hidden_size) float32 and (n, length) to (n,) log-odds.
    """
    others = range(encoder.layers // 2, encoder.layers)
    states: dict[int, Any] = {}
    said = np.zeros(len(rows))
    for batch, state, mask in half_read(encoder, rows, most=most):
        said[batch] = glance.guesses(state, mask, known[batch])
        states |= {i: state[at, : len(rows[i])] for at, i in enumerate(batch)}
    ranked = sorted(range(len(rows)), key=lambda i: (-said[i], rows[i]))
    best = ranked[: affordable([len(rows[i]) for i in ranked], tokens=tokens)]
    for batch in batches(rows, best, most=most):
        state, mask = _padded([states[i] for i in batch])
        said[batch] = head(encoder.through(state, mask, others).float(), mask)
    left = ranked[len(best) :]
    said[left] = np.minimum(said[left], said[best].max())
    return said


def half_read(
    encoder: MiniLm, rows: Sequence[list[int]], *, most: int
) -> Iterator[tuple[list[int], Any, Any]]:
    """Batches of places in `rows`, their states after half of the layers, and their masks."""
    for batch in batches(rows, range(len(rows)), most=most):
        state, mask = encoder.embedded([rows[i] for i in batch])
        yield batch, encoder.through(state, mask, range(encoder.layers // 2)), mask


def batches(rows: Sequence[list[int]], places: Sequence[int], *, most: int) -> list[list[int]]:
    """Places of like length together, so many that their padded tokens are `most` at the most.

    What shares a batch is settled by the rows alone, in whatever order they come.
    """
    told: list[list[int]] = []
    for i in sorted(places, key=lambda i: (len(rows[i]), rows[i])):
        room = most // max(1, len(rows[i]))
        if not told or len(told[-1]) >= room:
            told.append([])
        told[-1].append(i)
    return told


def affordable(lengths: Sequence[int], *, tokens: int) -> int:
    """How many of the first rows hold no more than so many tokens; one, if there is any."""
    fit = int((np.cumsum(lengths) <= tokens).sum())
    return max(fit, min(1, len(lengths)))


def _padded(states: Sequence[Any]) -> tuple[Any, Any]:
    """States of (length, hidden_size) each to (n, longest, hidden_size) and mask (n, longest)."""
    import torch

    together = torch.nn.utils.rnn.pad_sequence(list(states), batch_first=True)
    sizes = torch.tensor([len(state) for state in states], device=together.device)
    return together, torch.arange(together.shape[1], device=together.device) < sizes[:, None]
