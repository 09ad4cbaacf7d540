"""The sentence encoder: texts to unit vectors, behind LlamaIndex's `BaseEmbedding`.

A question is not a paper: its side of the encoder in the box has learned to put it where the
papers that answer it are (`rag/data/query`, made by `lab/training/query.py`). Papers are embedded
as ever, so the adapter asks for no new index, and `encoder.adapter=off` works with the same one.

The one in the box runs on torch alone (`minilm`), any other with plain transformers and the pooling
that the model's own folder names; sentence-transformers would add 4-10 s of import for the same
numbers. Source: Reimers and Gurevych 2019, "Sentence-BERT"
(https://arxiv.org/abs/1908.10084).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray
from pydantic import PrivateAttr

from rag.config import BUNDLED, OFF, EncoderConfig
from rag.errors import ModelError, StoppedError
from rag.models import adapters
from rag.models import bundled as models
from rag.models.devices import batch_tokens, pick_device, quick_dtype
from rag.models.minilm import MiniLm, with_adapter

# Texts of a call are sorted by length and cut into batches of about this many tokens on a CPU, so
# that short sentences share large batches and long abstracts do not pad each other.
TOKENS_PER_BATCH = 4096
MAX_TOKENS = 512
IN_THE_BOX = adapters.in_the_box("query")


class Encoder(BaseEmbedding):
    """A sentence encoder that is loaded when it is first used.

    `name` identifies the vectors: indexes made under another name cannot be read with this one.
    """

    _config: EncoderConfig = PrivateAttr()
    _lock: Any = PrivateAttr(default_factory=threading.Lock)
    _loaded: Any = PrivateAttr(default=None)
    _asking: Any = PrivateAttr(default=None)

    def __init__(self, config: EncoderConfig | None = None) -> None:
        config = config or EncoderConfig()
        name = models.ENCODER.name if config.model == BUNDLED else config.model
        super().__init__(model_name=name, embed_batch_size=config.batch_size)
        self._config = config

    @property
    def name(self) -> str:
        """What the manifest of an index remembers as its embedder."""
        return str(self.model_name)

    @property
    def dimension(self) -> int:
        """The length of a vector. Loads the model."""
        return int(self._model().dimension)

    def embed(
        self,
        texts: Sequence[str],
        *,
        stop: threading.Event | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> NDArray[np.float32]:
        """Unit vectors of texts, in their order.

        Args:
            texts: any strings; each is cut after 512 tokens, or the model's own limit.
            stop: looked at between batches.
            progress: called with the number of texts done after each batch.

        Returns:
            (n, dimension) float32, L2-normalised rows.

        Raises:
            ModelError: the model is missing, altered, or fails.
            StoppedError: `stop` was set.
        """
        return self._model().embed(list(texts), stop=stop, progress=progress)

    def ask(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of questions, to be compared with those that `embed` makes of papers.

        Returns:
            (n, dimension) float32, L2-normalised rows.

        Raises:
            ModelError: as `embed`; or the adapter is missing or altered.
        """
        if not self.taught:
            return self.embed(questions)
        with self._lock:
            if self._asking is None:
                named = self._config.adapter
                folder = IN_THE_BOX if named == BUNDLED else Path(named).expanduser()
                self._asking = _Loaded(self._config, adapter=folder)
        vectors: NDArray[np.float32] = self._asking.embed(list(questions))
        return vectors

    @property
    def taught(self) -> bool:
        """Whether questions have a side of their own."""
        return self._config.model == BUNDLED and self._config.adapter != OFF

    def _model(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _Loaded(self._config)
        return self._loaded

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(x) for x in self.embed([text])[0]]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self.embed(texts)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(x) for x in self.ask([query])[0]]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class _Loaded:
    """An encoder once it is in memory: how texts become ids, and ids hidden states."""

    def __init__(self, config: EncoderConfig, *, adapter: Path | None = None) -> None:
        self.device = pick_device(config.device)
        self.dtype = quick_dtype(self.device)
        self._encode: Callable[[list[str]], list[list[int]]]
        self._hidden: Callable[[list[list[int]]], tuple[Any, Any]]
        if config.model == BUNDLED:
            folder = models.locate(models.ENCODER)
            model = _mini_lm(folder, self.device, self.dtype, adapter)
            self.dimension, self.limit = model.hidden_size, min(MAX_TOKENS, model.positions)
            self.first_token = _pools_first_token(folder)
            self._encode, self._hidden = partial(model.encode_all, most=self.limit), model.hidden
        else:
            self._load(config.model)

    def _load(self, place: str) -> None:
        from transformers import AutoModel, AutoTokenizer

        local = Path(place).is_dir()
        options = {"trust_remote_code": False, "local_files_only": local}
        try:
            tokenizer = AutoTokenizer.from_pretrained(place, **options)
            model = AutoModel.from_pretrained(place, use_safetensors=True, **options)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the encoder {place!r}: {str(error).splitlines()[0]}; "
                "encoder.model takes a folder or a Hugging Face id with safetensors weights"
            ) from error
        model.eval().to(self.device, self.dtype)
        self.first_token = _pools_first_token(Path(place)) if local else False
        self.dimension = int(model.config.hidden_size)
        self.limit = min(MAX_TOKENS, int(model.config.max_position_embeddings))

        def encode(texts: list[str]) -> list[list[int]]:
            if not texts:
                return []
            ids: list[list[int]]
            ids = tokenizer(texts, truncation=True, max_length=self.limit)["input_ids"]
            return ids

        def hidden(rows: list[list[int]]) -> tuple[Any, Any]:
            batch = tokenizer.pad({"input_ids": rows}, return_tensors="pt").to(self.device)
            return model(**batch).last_hidden_state.float(), batch["attention_mask"]

        self._encode, self._hidden = encode, hidden

    def embed(
        self,
        texts: list[str],
        *,
        stop: threading.Event | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> NDArray[np.float32]:
        import torch

        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encoded = self._encode(texts)
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        most = batch_tokens(self.device, on_cpu=TOKENS_PER_BATCH)
        vectors = []
        done = 0
        while done < len(order):
            if stop is not None and stop.is_set():
                raise StoppedError(f"stopped after {done} of {len(texts)} texts were embedded")
            batch = _next_batch(order, done, encoded, most=most)
            vectors.append(self._forward([encoded[i] for i in batch]))
            done += len(batch)
            if progress is not None:
                progress(done)
        if vectors:
            out[order] = torch.cat(vectors).cpu().numpy()  # fetched once: a GPU is not waited for
        return out

    def _forward(self, rows: list[list[int]]) -> Any:
        """Unit vectors (n, dimension) of tokens, on the device, where they may not be ready yet."""
        import torch

        with torch.inference_mode():
            hidden, kept = self._hidden(rows)
            if self.first_token:
                pooled = hidden[:, 0]
            else:
                mask = kept.unsqueeze(-1).float()
                pooled = (hidden * mask).sum(1) / mask.sum(1)
            return torch.nn.functional.normalize(pooled, dim=1)


def _mini_lm(folder: Path, device: str, dtype: Any, adapter: Path | None) -> MiniLm:
    if adapter is None:
        return MiniLm(folder, device=device, dtype=dtype)
    instead = "encoder.adapter=off"
    tensors = adapters.load(adapter, base=models.ENCODER, device=device, instead=instead)
    return with_adapter(folder, tensors, device=device, dtype=dtype)


def _next_batch(order: list[int], start: int, encoded: list[list[int]], *, most: int) -> list[int]:
    """The next texts by length, `most` tokens at the most with their padding; at least one."""
    end = start + 1
    while end < len(order) and (end + 1 - start) * len(encoded[order[end]]) <= most:
        end += 1
    return order[start:end]


def _pools_first_token(folder: Path) -> bool:
    """Whether the model's folder asks for [CLS] pooling; the mean over tokens otherwise."""
    path = folder / "1_Pooling" / "config.json"
    if not path.is_file():
        return False
    return bool(json.loads(path.read_text()).get("pooling_mode_cls_token"))
