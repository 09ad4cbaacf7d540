"""The language model that writes sentences, behind LlamaIndex's `CustomLLM`.

One prompt holds the evidence of one paper; several papers go through the model as one batch, which
on a CPU costs about as much a step as one alone. Greedy: the same prompt gives the same sentence.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llama_index.core.llms import (
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
)
from pydantic import PrivateAttr

from rag.config import BUNDLED, OFF, LlmConfig
from rag.errors import ModelError, StoppedError
from rag.models import adapters
from rag.models import bundled as models
from rag.models.devices import pick_device, quick_dtype
from rag.models.prompts import Message
from rag.models.writer import decoding
from rag.models.writer.weights import bundled_writer

CONTEXT_TOKENS = 2048
IN_THE_BOX = adapters.in_the_box("writer")


@dataclass(frozen=True, slots=True)
class Request:
    """One sentence to be written: the chat so far, and the texts whose words it may use.

    An empty `offered` leaves the model its whole vocabulary, and lets it repeat itself as a text
    does that it retells.
    """

    messages: tuple[Message, ...]
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Sentences in the order of the requests; "" for those of a batch that was stopped."""

    sentences: tuple[str, ...]
    tokens_in: int
    tokens_out: int


class Writer(CustomLLM):
    """A causal language model run with transformers; loaded when it is first used.

    One thread computes at a time: a second caller waits for the first batch to end.
    """

    _config: LlmConfig = PrivateAttr()
    _lock: Any = PrivateAttr(default_factory=threading.Lock)
    _loaded: Any = PrivateAttr(default=None)

    def __init__(self, config: LlmConfig | None = None) -> None:
        super().__init__()
        self._config = config or LlmConfig()

    @property
    def name(self) -> str:
        """What the trace of an answer says of the model."""
        return models.WRITER.name if self._config.model == BUNDLED else self._config.model

    @property
    def bundled(self) -> bool:
        """Whether it is the small model in the box, whose paraphrases are not to be trusted."""
        return self._config.model == BUNDLED

    @property
    def taught(self) -> bool:
        """Whether it is the model in the box with an adapter that teaches it this work."""
        return self.bundled and self._config.adapter != OFF

    @property
    def ready(self) -> bool:
        """Whether the weights are in memory."""
        return self._loaded is not None

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex wants to know."""
        return LLMMetadata(
            context_window=CONTEXT_TOKENS,
            num_output=self._config.max_new_tokens,
            model_name=self.name,
        )

    def warm(self) -> None:
        """Load the weights now."""
        with self._lock:
            self._weights()

    def write(self, requests: Sequence[Request], *, stop: threading.Event | None = None) -> Written:
        """One sentence a request, greedily, all requests in batches.

        Args:
            requests: any number; they are batched by `batch_size`.
            stop: looked at before every token; once set nothing more is computed.

        Raises:
            ModelError: the model is missing, altered, or failed while running.
        """
        sentences: list[str] = []
        tokens_in = tokens_out = 0
        size = self._config.batch_size
        for start in range(0, len(requests), size):
            batch = requests[start : start + size]
            if stop is not None and stop.is_set():
                sentences += [""] * len(batch)
                continue
            with self._lock:
                part = self._weights().write(batch, self._config.max_new_tokens, stop)
            sentences += part.sentences
            tokens_in += part.tokens_in
            tokens_out += part.tokens_out
        return Written(tuple(sentences), tokens_in, tokens_out)

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        """One sentence after a user's message (LlamaIndex)."""
        written = self.write([Request((Message("user", prompt),))])
        return CompletionResponse(text=written.sentences[0])

    def stream_complete(
        self, prompt: str, formatted: bool = False, **options: Any
    ) -> CompletionResponseGen:
        """The same in one piece: a sentence is shown when it has been checked, not before."""
        yield self.complete(prompt, formatted, **options)

    def _weights(self) -> _Loaded:
        if self._loaded is None:
            self._loaded = _Loaded(self._config)
        return self._loaded


class _Loaded:
    """The weights and the tokenizer, once they are in memory."""

    def __init__(self, config: LlmConfig) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        bundled = config.model == BUNDLED
        place = str(bundled_writer()) if bundled else config.model
        options = {
            "trust_remote_code": False,
            "local_files_only": bundled or Path(place).is_dir(),
        }
        self.device = pick_device(config.device)
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(place, padding_side="left", **options)
            self.model = AutoModelForCausalLM.from_pretrained(
                place, dtype=quick_dtype(self.device), use_safetensors=True, **options
            )
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the language model {place!r}: {str(error).splitlines()[0]}; "
                "llm.model takes a folder or a Hugging Face id with safetensors weights, or off"
            ) from error
        if bundled and config.adapter != OFF:
            self._teach(config.adapter)
        self.model.eval().to(self.device)
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token

    def _teach(self, adapter: str) -> None:
        folder = IN_THE_BOX if adapter == BUNDLED else Path(adapter).expanduser()
        instead = "llm.adapter=off"
        tensors = adapters.load(folder, base=models.WRITER, device="cpu", instead=instead)
        adapters.apply(tensors, dict(self.model.named_parameters()))

    def write(
        self, requests: Sequence[Request], max_new_tokens: int, stop: threading.Event | None
    ) -> Written:
        import torch

        prompts = [
            self.tokenizer.apply_chat_template(
                [{"role": m.role, "content": m.content} for m in request.messages],
                tokenize=False,
                add_generation_prompt=True,
            )
            for request in requests
        ]
        batch = self.tokenizer(
            prompts,
            return_tensors="pt",
            padding=True,
            truncation=True,
            max_length=CONTEXT_TOKENS,
            add_special_tokens=False,
        ).to(self.device)
        length = batch["input_ids"].shape[1]
        try:
            with torch.inference_mode(), decoding.halting(self.model, stop):
                output = self.model.generate(
                    **batch,
                    max_new_tokens=max_new_tokens,
                    do_sample=False,
                    pad_token_id=self.tokenizer.pad_token_id,
                    logits_processor=self._guards(requests, length),
                    stopping_criteria=self._endings(length, stop),
                )
        except StoppedError:
            return Written(("",) * len(requests), int(batch["attention_mask"].sum()), 0)
        fresh = output[:, length:]
        texts = self.tokenizer.batch_decode(fresh, skip_special_tokens=True)
        stopped = stop is not None and stop.is_set()
        return Written(
            tuple("" if stopped else decoding.first_sentence(text) for text in texts),
            int(batch["attention_mask"].sum()),
            int((fresh != self.tokenizer.pad_token_id).sum()),
        )

    def _guards(self, requests: Sequence[Request], length: int) -> Any:
        from transformers import LogitsProcessorList

        if not all(request.offered for request in requests):
            return LogitsProcessorList()
        offered = [request.offered for request in requests]
        words = decoding.OfferedWords(self.tokenizer, offered, prompt_length=length)
        return LogitsProcessorList([decoding.NoLoop(length), words])

    def _endings(self, length: int, stop: threading.Event | None) -> Any:
        from transformers import StoppingCriteriaList

        endings: Any = StoppingCriteriaList([decoding.SentenceEnd(self.tokenizer, length)])
        if stop is not None:
            endings.append(decoding.StopSignal(stop))
        return endings
