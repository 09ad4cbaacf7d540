"""Prompts as pinned data: `prompts/<name>.v<N>.md`, parts headed `## role`, `$field` for blanks.

A released version never changes (a test pins its sha256); a change is a new file.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from string import Template

from rag.package_data import PROMPTS

_PART = re.compile(r"^## (system|user|assistant)\n", re.MULTILINE)
_CONTROL_TOKEN = re.compile(r"<\|[^|<>]{0,40}\|>")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat prompt."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file: its name with version, the sha256 of its bytes, and its messages."""

    name: str
    sha256: str
    messages: tuple[Message, ...]

    def fill(self, **fields: str) -> list[Message]:
        """The messages with their blanks filled by untrusted text, which is neutralised first.

        Raises:
            KeyError: a blank of the prompt was not given.
        """
        safe = {name: neutralise(value) for name, value in fields.items()}
        return [Message(m.role, Template(m.content).substitute(safe)) for m in self.messages]


@cache
def load(name: str) -> Prompt:
    """The prompt file of that name, e.g. "sentence.v1"."""
    raw = (PROMPTS / f"{name}.md").read_bytes()
    parts = _PART.split(raw.decode("utf-8"))[1:]
    messages = tuple(
        Message(role, content.strip())
        for role, content in zip(parts[::2], parts[1::2], strict=True)
    )
    return Prompt(name, hashlib.sha256(raw).hexdigest(), messages)


def neutralise(text: str) -> str:
    """Text of papers and users as data: no chat control tokens, no brackets that look like markers.

    "[12]" in a source would be taken for a citation of ours, "<|im_start|>" for a new speaker.
    """
    plain = _CONTROL_TOKEN.sub(" ", text)
    return " ".join(plain.replace("[", "(").replace("]", ")").split())
