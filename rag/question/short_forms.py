"""Whether a question asks what a short form stands for.

The training data call it a fact and tag nothing. A short form is told by its letters, and the ways
to ask for what it is short for are a closed class.
"""

from __future__ import annotations

import re
from typing import Final

from rag.language.wording import FUNCTION_WORDS, normalize, word_set
from rag.names import is_name_like

_SHORT: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+*^/-]{1,14}(?![A-Za-z0-9])")
_LONGEST: Final = 10
_FEW: Final = 3
_OTHER_LETTERS: Final = re.compile(r"[^\W\d_a-zA-Z]")
_ASKS: Final = re.compile(
    r"\bstands? for\b|\bshort(?:hand)? (?:for|of)\b|\bspell(?:ed|ing)?\b.{0,20}\bout\b|"
    r"\b(?:long|full|expanded) (?:form|name|version)\b|\bin full\b|\bletters\b|\babbreviat\w+|"
    r"\bacronym\b|\bmean(?:s|ing)?\W*$|\bexpand\b|= ?\?",
    re.IGNORECASE,
)
_ASKING: Final = FUNCTION_WORDS | word_set(
    "stand stands short mean means meaning full spell spelled out long form letters expand "
    "acronym abbreviation abbreviated define definition explain hi hello hey thanks thank advance "
    "name tell know called term word refer refers"
)


def short_forms_asked(question: str, *, alone: bool) -> tuple[str, ...]:
    """The short forms whose meaning a question asks for; () where it asks for something else.

    Args:
        question: as the user wrote it.
        alone: whether a short form with nothing beside it ("What is RLHF?") asks so, too.
    """
    text = normalize(question)
    tokens = [found.group().rstrip("-/") for found in _SHORT.finditer(text)]
    if len(tokens) > _FEW and text.isupper():  # shouted: every word looks like one
        return ()
    shorts = [one for one in tokens if _is_short(one)]
    if not shorts:
        return ()
    asks = _ASKS.search(text) is not None
    others = [one for one in tokens if one not in shorts and one.lower() not in _ASKING]
    bare = alone and len(shorts) == 1 and not others and len(_OTHER_LETTERS.findall(text)) <= _FEW
    return tuple(dict.fromkeys(shorts)) if asks or bare else ()


def _is_short(token: str) -> bool:
    return len(token) <= _LONGEST and is_name_like(token) and sum(map(str.isupper, token)) > 1
