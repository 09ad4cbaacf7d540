"""A configured model that says whether evidence entails a claim. None is needed.

Any sequence classifier with a label for it will do: NLI models call it "entailment", fact-checking
models "supported". Its word counts as much as the check's own and lifts no veto
(`rag.support.check`).
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.models.devices import pick_device, quick_dtype

MAX_TOKENS = 512
_CARRIED = ("entail", "support", "attributable")


class Entailment:
    """Loaded when it is first used. Safe to share between threads.

    Args:
        model: a folder or a Hugging Face id with safetensors weights.
        device: "auto", "cpu" or "cuda".
    """

    def __init__(self, model: str, *, device: str = "auto") -> None:
        self.model = model
        self._device = device
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any, int] | None = None

    def probability(self, evidence: str, claim: str) -> float:
        """How likely the evidence entails the claim: [0, 1].

        Raises:
            ModelError: the model cannot be loaded, or none of its labels says "entailment".
        """
        import torch

        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            tokenizer, model, label = self._loaded
            batch = tokenizer(
                evidence,
                claim,
                truncation="only_first",
                max_length=MAX_TOKENS,
                return_tensors="pt",
            ).to(model.device)
            with torch.inference_mode():
                shares = model(**batch).logits[0].float().softmax(0)
        return float(shares[label])

    def _load(self) -> tuple[Any, Any, int]:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        device = pick_device(self._device)
        options = {"trust_remote_code": False, "local_files_only": Path(self.model).is_dir()}
        try:
            tokenizer = AutoTokenizer.from_pretrained(self.model, **options)
            model = AutoModelForSequenceClassification.from_pretrained(
                self.model, dtype=quick_dtype(device), use_safetensors=True, **options
            )
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the support model {self.model!r}: {str(error).splitlines()[0]}; "
                "answer.support_model takes a folder or a Hugging Face id, or nothing"
            ) from error
        return tokenizer, model.eval().to(device), self._carried(model.config.id2label)

    def _carried(self, labels: dict[int, str]) -> int:
        """Which label says that the claim is carried."""
        for number, label in labels.items():
            name = str(label).lower()
            if name.startswith(_CARRIED):
                return int(number)
        raise ModelError(
            f"the support model {self.model!r} has the labels {list(labels.values())}; "
            "one must begin with entail, support or attributable"
        )
