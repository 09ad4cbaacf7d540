"""Requests for papers on one thing or on another: each is looked for by itself.

A paper on the one is no worse for saying nothing of the other, but the meaning and the words of the
whole request ask for both. Only a repeated "on" or "about" is taken for two requests: "or" alone
mostly joins two words for one thing ("loops or repetition"), which belong together.
"""

from __future__ import annotations

import re

from rag.language.words import content_stems

MOST = 4
"""More are no request that a person makes, and each costs a search."""
_OR_ON = re.compile(r",?\s+or\s+(?:else\s+)?(?:on|about)\s+", re.IGNORECASE)


def alternatives(topic: str) -> tuple[str, ...]:
    """The things that a topic asks for, any of which will do; () where it asks for one."""
    parts = tuple(part.strip() for part in _OR_ON.split(topic))
    return parts if 1 < len(parts) <= MOST and all(content_stems(part) for part in parts) else ()
