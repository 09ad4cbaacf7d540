"""How likely a language model finds each of a few one-token replies.

For judges: the probability of a grade says more than the grade that came out first.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import ModelError
from rag.models.prompts import Message
from rag.models.writer.writer import CONTEXT_TOKENS, Writer


class Rater:
    """Reads the next-token probabilities of the writer's model; shares its weights and its lock."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    @property
    def name(self) -> str:
        """What the model is called."""
        return self.writer.name

    def probabilities(
        self, messages: Sequence[Message], replies: Sequence[str]
    ) -> tuple[float, ...]:
        """The probability of each reply, given that it is one of them.

        Args:
            messages: the chat so far; the model is to speak next.
            replies: each of at least one token, no two with the same first token.

        Returns:
            Parallel to `replies`, summing to 1.

        Raises:
            ModelError: the model cannot be loaded, or cannot tell the replies apart.
        """
        import torch

        with self.writer._lock:
            loaded = self.writer._weights()
            firsts = [
                loaded.tokenizer(reply, add_special_tokens=False)["input_ids"][0]
                for reply in replies
            ]
            if len(set(firsts)) < len(replies):
                raise ModelError(
                    f"{self.name} writes some of {list(replies)} with the same first token; "
                    "another model is needed as the judge"
                )
            prompt = loaded.tokenizer.apply_chat_template(
                [{"role": message.role, "content": message.content} for message in messages],
                tokenize=False,
                add_generation_prompt=True,
            )
            batch = loaded.tokenizer(
                prompt,
                return_tensors="pt",
                truncation=True,
                max_length=CONTEXT_TOKENS,
                add_special_tokens=False,
            ).to(loaded.device)
            with torch.inference_mode():
                logits = loaded.model(**batch).logits[0, -1, firsts].float()
            return tuple(torch.softmax(logits, dim=0).tolist())
