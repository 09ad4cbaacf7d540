"""Where a tagged phrase ends: the words that bound a date or a number belong to it.

The asker knows that "2021" in "nothing from before 2021" is a date before it knows how much around
it is part of the phrase; which words say "before" is a closed class, and exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rag.question.slots import Label, Slot

_LEAD: Final[dict[Label, str]] = {
    "date": (
        r"(?:(?:no|not|nothing|none) )?(?:(?:from|published|written) )?(?:since|after|before|until|"
        r"till|up to|prior to|(?:older|newer|earlier|later|younger) than|between|pre|post|b4|"
        r"(?:in |over |within )?(?:the )?(?:last|past)|this|by|>=?|<=?|\u2265|\u2264)[ -]?"
    ),
    "authors_count": (
        r"(?:at least|at most|more than|fewer than|less than|over|under|up to|no more than|"
        r"not more than|max(?:imum)?|min(?:imum)?|exactly|>=?|<=?|\u2265|\u2264) ?"
    ),
    "popularity": r"(?:at least|more than|over|>=?|\u2265|min(?:imum)?) ?",
}
_TAIL: Final[dict[Label, str]] = {
    "date": (
        r"\+|[ ]?(?:-|to|till|until) ?(?:now|today|(?:the )?present)\b| ?(?:or|and) (?:later|newer|"
        r"earlier|older|after|before|onwards?)\b| onwards?\b| on(?=$|[,.;?!])"
    ),
    "authors_count": (
        r"\+|(?: \w+)? or (?:more|fewer|less)\b| (?:co-?)?authors?\b| at (?:most|least)\b"
    ),
    "popularity": r"\+|(?: \w+)? or more\b| and up\b| (?:up-?votes?|comments?)\b",
}
_NEAR: Final = 40  # characters: longer than any of these words
_GAP: Final = re.compile(r" ?(?:-|\u2013|/|\.\.|,| to| and| or| &)? ?")
_JOINED: Final[frozenset[Label]] = frozenset(("date", "authors_count", "limit", "popularity"))


_DENIES: Final = re.compile(
    r"\b(?:no|not|non|never|nothing|none|nor|without|w/o|excl\w*|except\w*|minus|besides|apart|than|"
    r"instead|ignor\w+|disregard\w*|skip\w*|drop\w*|omit\w*|leav\w+|left|spare|avoid\w*|scrap|hide|"
    r"remov\w*|sans|oppos\w+|out|but|isn't|aren't|don't|doesn't|count)\b|(?<!\w)[-!~]",
    re.IGNORECASE,
)
_BESIDE: Final = 28  # characters on either side, within which the word that denies stands


def _is_denied(slot: Slot, question: str) -> bool:
    """Whether anything near a slot says no; without that, right papers would be left out."""
    near = question[max(0, slot.start - _BESIDE) : slot.end + _BESIDE]
    return bool(_DENIES.search(near))


def whole(slots: Sequence[Slot], question: str) -> tuple[Slot, ...]:
    """The slots, those of dates and numbers as wide as their phrases are.

    Neighbours of one label with no more between them than "to" or a dash are one. No slot grows
    over another. What nothing denies is not left out.
    """
    slots = [slot for slot in slots if slot.label != "exclude" or _is_denied(slot, question)]
    grown: list[Slot] = []
    for place, slot in enumerate(slots):
        low = grown[-1].end if grown else 0
        high = slots[place + 1].start if place + 1 < len(slots) else len(question)
        wide = _widened(slot, question, low, high)
        last = grown[-1] if grown else None
        if (
            last is not None
            and last.label == wide.label
            and wide.label in _JOINED
            and _GAP.fullmatch(question[last.end : wide.start])
        ):
            grown[-1] = _cut(last, question, last.start, wide.end)
        else:
            grown.append(wide)
    return tuple(grown)


def _widened(slot: Slot, question: str, low: int, high: int) -> Slot:
    start, end = slot.start, slot.end
    if slot.label in _LEAD:
        before = question[max(low, start - _NEAR) : start]
        lead = re.search(rf"(?<![\w-])(?:{_LEAD[slot.label]})$", before, re.IGNORECASE)
        if lead:
            start -= len(lead.group())
        after = re.match(rf"(?:{_TAIL[slot.label]})", question[end : min(high, end + _NEAR)], re.I)
        if after:
            end += len(after.group())
    return slot if (start, end) == (slot.start, slot.end) else _cut(slot, question, start, end)


def _cut(slot: Slot, question: str, start: int, end: int) -> Slot:
    return replace(slot, start=start, end=end, text=question[start:end])
