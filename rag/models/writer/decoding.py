"""What the writer may write at each token, and when it stops.

These guards are what makes a small model usable: it cannot use words that are neither evidence nor
grammar, cannot write a marker (no bracket is ever offered: a sentence is written over one paper
and its label is set by the caller), cannot go on in a loop, and stops within one token.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rag.errors import StoppedError
from rag.models.devices import moved

GRAMMAR = (
    "a an the this that these those it its they their he she who which what and or but not no nor "
    "of in on at to for from by with as than into over under between across through within without "
    "is are was were be been being has have had do does did can could may might will would should "
    "when while where because if then so more less most least both each also only even such use "
    "uses using used show shows shown"
).split()
"""Closed-class words of English, and the verbs that abstracts report with: always on offer."""

LOOP_TOKENS = 3
"""A run of this many tokens that would come a second time is masked out."""

# A stop, a space and a fresh start: only the next word tells "Qwen 3." from "3.5 points".
_NEXT_SENTENCE = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!\bvs)(?<!\bal)(?<!\bcf)[.!?](?=\s+\S)")
_AROUND = ".,;:!?()[]{}\"'`"
_END = -1  # not a token id: marks that a word may end here


class OfferedWords:
    """A logits processor: each row may write only whole words of its own texts, and grammar.

    The words are a trie over token ids, so that no word can be begun and ended otherwise ("reen"
    + "amed"): what is written is, word by word, in the evidence.

    Args:
        tokenizer: of the model that writes.
        offered: one list of texts a row.
        prompt_length: tokens before the fresh text.
    """

    def __init__(
        self, tokenizer: Any, offered: Sequence[Sequence[str]], *, prompt_length: int
    ) -> None:
        self._prompt_length = prompt_length
        self._stops = [
            tokenizer(mark, add_special_tokens=False)["input_ids"][-1] for mark in ".,;"
        ] + [tokenizer.eos_token_id]
        self._tries = [_trie(tokenizer, _words(texts)) for texts in offered]
        self._openings = [_trie(tokenizer, _words(texts), opening=True) for texts in offered]
        self._nodes = list(self._openings)

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Scores (rows, vocabulary), minus infinity where a token is not offered."""
        if input_ids.shape[1] > self._prompt_length:
            for row, token in enumerate(input_ids[:, -1].tolist()):
                self._nodes[row] = self._after(row, token)
        import torch

        rows: list[int] = []
        tokens: list[int] = []
        for row, node in enumerate(self._nodes):
            allowed = [token for token in node if token != _END]
            if _END in node:
                allowed += [*self._tries[row], *self._stops]
            rows += [row] * len(allowed)
            tokens += allowed
        # One trip for all rows: on a GPU each costs as much as a layer of a small model.
        row_at, token_at = moved(torch.tensor([rows, tokens]), str(scores.device))
        masked = scores.new_full(scores.shape, float("-inf"))
        masked[row_at, token_at] = scores[row_at, token_at]
        return masked

    def _after(self, row: int, token: int) -> dict[int, Any]:
        node = self._nodes[row]
        if token in node:
            return dict(node[token])
        if token in self._stops:
            return {_END: {}}  # a stop ends a word, and another may begin
        return dict(self._tries[row].get(token, {_END: {}}))


@dataclass(frozen=True, slots=True)
class NoLoop:
    """A logits processor: no run of `LOOP_TOKENS` tokens of the fresh text comes a second time.

    The library's own n-gram guard counts the prompt too, and would forbid copying the evidence.
    """

    prompt_length: int

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Scores (rows, vocabulary), minus infinity where a token would close a loop."""
        import torch

        size = LOOP_TOKENS - 1
        closing = [
            (row, ids[start + size])
            for row, ids in enumerate(input_ids[:, self.prompt_length :].tolist())
            for start in range(len(ids) - size)
            if ids[start : start + size] == ids[-size:]
        ]
        if closing:
            rows, tokens = moved(torch.tensor(closing).T, str(scores.device))
            scores[rows, tokens] = float("-inf")
        return scores


@dataclass(frozen=True, slots=True)
class StopSignal:
    """A stopping criterion: every row is done as soon as the signal is set."""

    stop: threading.Event

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        """(rows,) bool."""
        import torch

        return torch.full((input_ids.shape[0],), self.stop.is_set(), device=input_ids.device)


@contextmanager
def halting(model: Any, stop: threading.Event | None) -> Iterator[None]:
    """Within it, a stop ends the computation between two layers of the model.

    Reading the prompts of a whole list is one step of several seconds; a stopping criterion is
    only asked after it.

    Raises:
        StoppedError: out of the model, once `stop` is set.
    """

    def halt(*_: Any) -> None:
        if stop is not None and stop.is_set():
            raise StoppedError("stopped while the model was computing")

    layers = [part for part in model.modules() if type(part).__name__.endswith("DecoderLayer")]
    hooks = [layer.register_forward_pre_hook(halt) for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


@dataclass(frozen=True, slots=True)
class SentenceEnd:
    """A stopping criterion: a row is done once it holds one whole sentence."""

    tokenizer: Any
    prompt_length: int

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        """(rows,) bool."""
        import torch

        texts = self.tokenizer.batch_decode(input_ids[:, self.prompt_length :])
        return torch.tensor([ends_sentence(text) for text in texts], device=input_ids.device)


def ends_sentence(text: str) -> bool:
    """Whether the text has gone past the end of a sentence, or of a line."""
    return first_sentence(text) != text.strip()


def first_sentence(text: str) -> str:
    """The text up to the end of its first sentence or line."""
    line = text.strip().split("\n", 1)[0]
    found = _NEXT_SENTENCE.search(line)
    return line[: found.start() + 1] if found else line


def _words(texts: Sequence[str]) -> list[str]:
    """The words of texts as they stand, without the punctuation around them."""
    words = [piece.strip(_AROUND) for text in texts for piece in text.split()]
    return sorted({word for word in words if word} | set(GRAMMAR))


def _trie(tokenizer: Any, words: Sequence[str], *, opening: bool = False) -> dict[int, Any]:
    """Words as paths of token ids; `opening`: as they stand at the very start of a text."""
    root: dict[int, Any] = {}
    variants = [w[:1].upper() + w[1:] for w in words] if opening else [" " + w for w in words]
    for ids in tokenizer(variants, add_special_tokens=False)["input_ids"]:
        node = root
        for token in ids:
            node = node.setdefault(token, {})
        node[_END] = {}
    return root
