"""The asker: a small model that reads what a question asks.

It is the bundled sentence encoder with an adapter of a few megabytes (`rag/data/asker`, made by
`lab/training/asker.py`), which sees beside the words how they are written, and four heads:

    tags      each token: which slot it belongs to (`rag/question/slots.py`)
    kind      a distribution over the nine kinds of question
    leans     whether the question can only be read after what was said before it
    refers    each paper of the last answer: whether it is meant

Low-rank adapters: Hu et al. 2021, "LoRA" (https://arxiv.org/abs/2106.09685).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from rag.models import adapters
from rag.models.devices import pick_device
from rag.models.minilm import MiniLm, pooled, with_heads
from rag.question.edges import whole
from rag.question.rows import SHAPES, Before, Row, row
from rag.question.slots import TAGS, Slot, read_tags
from rag.types import Kind

ASKED: Final = (
    "list",
    "fact",
    "paper",
    "compare",
    "overview",
    "count",
    "metadata",
    "corpus",
    "other",
)
"""The kinds of what people ask, as the training data name them."""
SURVEYS: Final = ("list", "overview", "count")
POINTS: Final[tuple[Kind, ...]] = ("fact", "paper", "compare")
OF_PAPERS: Final = (*SURVEYS, *POINTS, "metadata")
"""What speaks of papers at all."""
RECORDS: Final[Mapping[str, Kind]] = {
    "metadata": "metadata",
    "count": "count",
    "corpus": "collection",
    "other": "other",
}
"""What is answered from records and not from abstracts: the name in the training data, the kind."""
CLEAR: Final[Mapping[str, float]] = {"metadata": 0.5, "count": 0.5, "corpus": 0.7, "other": 0.8}
"""Probability from which on one of these is taken for what is meant. Of what writers that the asker
has not seen ask first (ut05, ut06, ut10) this finds 36 of 43 metadata, 36 of 38 counts, 8 of 9 of
the collection and 7 of 9 others; of questions on abstracts it takes 9 for metadata, 7 for counts, 1
for another. What takes such a question's answer away wants to be surer than what dresses one."""
HEADS: Final = {
    "shapes": (len(SHAPES),),
    "tags.weight": (TAGS,),
    "tags.bias": (TAGS,),
    "kind.weight": (len(ASKED),),
    "kind.bias": (len(ASKED),),
    "leans.weight": (1,),
    "leans.bias": (1,),
    "refers.weight": (1,),
    "refers.bias": (1,),
}
"""The tensors of the adapter that are no change of the encoder, by their rows; `.bias` has as many
numbers, the others a row of the hidden size each."""
IN_THE_BOX = adapters.in_the_box("asker")


class Heard(NamedTuple):
    """What the heads say of n rows, as logits.

    Tensors (n, length, TAGS), (n, 9) and (n,), and (papers,) for each row.
    """

    tags: Any
    kind: Any
    leans: Any
    refers: list[Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the asker reads it.

    Attributes:
        slots: the tagged stretches, in order.
        kinds: probabilities of `ASKED`, by name.
        leans: the probability that it cannot be read without what was said before.
        refers: the probability of each paper of the last answer that it is meant.
    """

    slots: tuple[Slot, ...]
    kinds: Mapping[str, float]
    leans: float
    refers: tuple[float, ...]

    @property
    def survey_odds(self) -> float:
        """Log-odds, from the words alone, that papers are to be listed and no point to be made."""
        survey, point = (sum(self.kinds[k] for k in names) for names in (SURVEYS, POINTS))
        return float(np.log(survey + 1e-4) - np.log(point + 1e-4))

    @property
    def of_records(self) -> Kind | None:
        """What it clearly asks of the records, or of nothing at all; None where it does not."""
        name = max(RECORDS, key=lambda name: self.kinds[name])
        return RECORDS[name] if self.kinds[name] >= CLEAR[name] else None

    @property
    def kind(self) -> Kind:
        """The likeliest kind of answer by the words: what the evidence says of it comes later."""
        return "list" if self.survey_odds > 0 else max(POINTS, key=lambda kind: self.kinds[kind])


class Asker:
    """Reads questions; loaded when it is first used. Safe to share between threads.

    Args:
        folder: of the adapter, as `rag.models.adapters` wants it.
        device: "auto", "cpu" or "cuda".
    """

    def __init__(self, folder: Path = IN_THE_BOX, *, device: str = "cpu") -> None:
        self.folder = folder
        self._device = device
        self._lock = threading.Lock()
        self._loaded: tuple[MiniLm, Mapping[str, Any]] | None = None

    def read(self, question: str, before: Before | None = None) -> Asked:
        """What a question asks.

        Raises:
            ModelError: the adapter is missing or altered, see `rag.models.adapters.load`.
        """
        import torch

        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            encoder, heads = self._loaded
            one = row(encoder.tokenizer, question, before or Before())
        with torch.inference_mode():
            said = hear(encoder, heads, [one])
            tags = said.tags[0, one.first : one.first + len(one.spans)].log_softmax(-1)
            kinds = said.kind[0].softmax(-1).tolist()
            return Asked(
                whole(
                    read_tags(np.asarray(tags.cpu(), dtype=np.float64), one.spans, question),
                    question,
                ),
                dict(zip(ASKED, kinds, strict=True)),
                float(said.leans[0].sigmoid()),
                tuple(said.refers[0].sigmoid().tolist()),
            )

    def _load(self) -> tuple[MiniLm, Mapping[str, Any]]:
        import torch

        device = pick_device(self._device)
        return with_heads(
            self.folder, list(HEADS), device=device, dtype=torch.float32, instead=None
        )


def hear(encoder: MiniLm, heads: Mapping[str, Any], rows: Sequence[Row]) -> Heard:
    """What the heads say of some rows; the same code learns and runs."""
    import torch
    from torch.nn import functional

    state, mask = encoder.embedded([one.ids for one in rows])
    length = mask.shape[1]
    shapes = torch.tensor([one.shapes + [0] * (length - len(one.shapes)) for one in rows])
    state = state + functional.embedding(shapes.to(state.device), heads["shapes"])
    hidden = encoder.through(state, mask, range(encoder.layers)).float()
    asked = torch.tensor([len(one.spans) + 2 for one in rows], device=hidden.device)
    own = torch.arange(length, device=hidden.device)[None, :] < asked[:, None]
    whole = pooled(hidden, own)

    def head(name: str, of: Any) -> Any:
        return functional.linear(of, heads[f"{name}.weight"], heads[f"{name}.bias"])

    papers = [
        torch.stack([hidden[i, a:b].mean(0) if b else whole[i] * 0 for a, b in one.papers])
        if one.papers
        else hidden.new_zeros(0, hidden.shape[2])
        for i, one in enumerate(rows)
    ]
    refers = [head("refers", part).squeeze(-1) for part in papers]
    return Heard(head("tags", hidden), head("kind", whole), head("leans", whole)[:, 0], refers)
