"""Whether a question leans on the conversation before it, and on which words of it.

Signs are read one by one: a number in brackets, "the second one", a pronoun with nothing in the
question to stand for, "such scores", "the authors", a beginning like "and when", or a question
too short to be about anything. A question that names its own subject stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from rag.language.wording import (
    PAPER_NOUNS,
    THING_NOUNS,
    content_words,
    folded,
    normalize,
    word_set,
    words,
)
from rag.types import Turn


class Leaning(NamedTuple):
    """How a question leans on what was said: `sign` in words; "" when it stands alone.

    `numbers` are the sources it points at, counted from 1 (-1: the last); `many` says that it
    speaks of several.
    """

    sign: str
    numbers: tuple[int, ...] = ()
    many: bool = False

    @property
    def leans(self) -> bool:
        """Whether the question cannot be read alone."""
        return bool(self.sign)


_ORDINALS: Final = {
    word: number
    for number, spellings in enumerate(
        (
            ("first", "1st", "former"),
            ("second", "2nd"),
            ("third", "3rd"),
            ("fourth", "4th"),
            ("fifth", "5th"),
            ("sixth", "6th"),
            ("seventh", "7th"),
            ("eighth", "8th"),
            ("ninth", "9th"),
            ("tenth", "10th"),
        ),
        start=1,
    )
    for word in spellings
} | {"last": -1, "latter": -1, "final": -1}
_MARKER: Final = re.compile(r"\[(\d{1,2})\]")
_NUMBERED: Final = re.compile(
    r"\b(?:paper|number|no\.?|source|result|item|study|#) ?#?(\d{1,2})\b", re.I
)
_ORDINAL: Final = re.compile(
    rf"\bthe ({'|'.join(_ORDINALS)})(?= ?(?:$|[?.,;:!]|(?:one|paper|study|work|article|method|"
    rf"result|"
    r"source|item|of (?:them|these|those)|two|three|is|does|do|did|was|has|use|uses|and|or|"
    r"need|needs|come|came|say|says|find|finds|show|shows|propose|proposes|report|reports|get|gets|"
    r"reach|reaches|cost|costs|work|works|about|from)\b))",
    re.IGNORECASE,
)
_PRONOUN: Final = re.compile(
    r"\b(it|its|they|them|their|theirs|he|she|his|her|itself|themselves)\b"
)
_EXPLETIVE: Final = re.compile(
    r"\b(?:is|was|does|will|would|can|makes?|made) it (?:\w+ )?(?:possible|true|better|useful|"
    r"necessary|known|common|safe|ok|worth|hard|harder|easy|easier|harmful|enough|clear|best|good|"
    r"bad|important|likely|help|matter|take|pay)\b(?:.*\b(?:to|that|if|when|whether)\b)|"
    r"\bit (?:is|was) (?:\w+ )?(?:possible|true|better|known|clear|likely)\b|"
    r"\bhow long does it take\b"
)
_POINTING: Final = re.compile(
    r"(?:^|[,;:?!.] ?|\b(?:of|in|on|with|for|about|does|is|do|did|was|are|were|than|from|by|at|to|"
    r"use|uses|why|and|but|so|how|what's|would|could|can|has|after|before|like) )"
    r"(?:that|this)\b(?! (?:corpus|collection|index|library|database|field|area of)\b)|"
    r"\bthis\b(?! (?:corpus|collection|index|library|database)\b)|"
    r"\b(?:these|those)\b(?! (?:that|who|which|with|of us)\b)|\bsuch\b(?! (?:as|that)\b)"
)
_ONE: Final = re.compile(
    r"\b(?:the|a|an|any|which|this|that|other|another|each)(?: \w+)? ones?\b(?! (?:that|which|"
    r"who|with|"
    r"on|about|claiming|using|of|by|from|paper|another)\b)|\b(?:the|any|only) ones\b"
)
_DEFINITE: Final = re.compile(
    r"\b(?:the (?:same |proposed |new )?(?:authors?|paper|study|work|article|method|approach|"
    r"dataset|"
    r"data set|model|benchmark|framework|algorithm|technique|system|results?|findings?|"
    r"experiments?|"
    r"abstract|code|others?|rest|trick|catch|idea|previous|above|aforementioned|same|limitations?|"
    r"limits|drawbacks?|downsides?|caveats?|conclusions?|takeaways?|numbers|details|difference))\b"
    r"(?! (?:of|on|for|that|with|in|from|about|which|by|called|named|where|using|who|behind)\b)"
)
_CARRYING_ON: Final = re.compile(
    r"(?:and|but|so|also|then|or|plus|ok|okay|hm+|right|really|wait|still|in that case|what about|"
    r"how about|how come|why not|what else|anything else|any others?|any more|more|others|else|"
    r"which of|why|tell me more|go on|continue|explain (?:that|this|more)|meaning|elaborate|"
    r"for example|such as|like what|compared to what|in what sense)\b",
    re.IGNORECASE,
)
_DEFINING: Final = re.compile(
    r"(?:and |so |but |ok |now )?(?:what(?:'s|s| is| are| was)|who(?:'s| is)|explain|define|"
    r"describe|"
    r"tell me about|what does)\b"
)
_VALUE_ONLY: Final = re.compile(
    r"(?:any |the |its |their )?(?:\w+ )?(?:rates?|scores?|numbers?|size|accuracy|results?|"
    r"datasets?|"
    r"data|cost|speed|code|limitations?|baselines?|caveats?|examples?|numbers|details?|authors?|"
    r"year|"
    r"date|conclusions?|downsides?|drawbacks?|advantages?|benefits?)\??$"
)
_MANY: Final = re.compile(
    r"\b(?:they|them|their|these|those|both|all of|each|any of|which of|the ones|others|rest|"
    r"between)\b"
)
_SHORT: Final = 12
"""Words. In a longer question a pronoun mostly stands for something in the question itself."""
_FEW: Final = 2
"""Content words that are too few to be the subject of a question that asks something."""
_ANYBODY: Final = word_set(
    "people participants subjects persons users samples examples took take part happened happens"
)
"""Words that any study could be asked about: they name no subject."""
_EARLY: Final = 4


def leaning(
    question: str, *, has_own_name: bool, asks_for_papers: bool, filters_only: bool
) -> Leaning:
    """How `question` leans on earlier turns; call it only where there are some.

    Args:
        question: as the user wrote it.
        has_own_name: whether it names a paper itself.
        asks_for_papers: whether it says in words that papers are wanted.
        filters_only: whether nothing is left of it without its filters.
    """
    low = folded(normalize(question))
    numbers = _numbers(low)
    if numbers:
        return Leaning("points at a source by number", numbers, len(numbers) > 1)
    many = bool(_MANY.search(low))
    if filters_only:
        return Leaning("narrows what was asked before", many=True)
    sign = _sign(low, has_own_name=has_own_name, asks_for_papers=asks_for_papers)
    return Leaning(sign, many=many)


def _numbers(low: str) -> tuple[int, ...]:
    found = [int(match[1]) for match in (*_MARKER.finditer(low), *_NUMBERED.finditer(low))]
    found += [_ORDINALS[folded(match[1])] for match in _ORDINAL.finditer(low)]
    return tuple(dict.fromkeys(number for number in found if number))


def _sign(low: str, *, has_own_name: bool, asks_for_papers: bool) -> str:
    count = len(low.split())
    telling = [word for word in content_words(low) if word not in THING_NOUNS | _ANYBODY]
    carrying_on = bool(_CARRYING_ON.match(low))
    if has_own_name:
        if carrying_on and len(telling) <= _FEW:
            return "asks the same of another"
        return "compares it with another" if _leads_with_pronoun(low) else ""
    pointing = _POINTING.search(low)
    if pointing and (count <= _SHORT or pointing.start() < 2 * _SHORT or carrying_on):
        return "points at what was said"
    pronoun = _PRONOUN.search(low) and not _EXPLETIVE.search(low)
    if pronoun and (count <= _SHORT or carrying_on or _leads_with_pronoun(low)):
        return "speaks of it by a pronoun"
    if _ONE.search(low) and (count <= _SHORT or carrying_on):
        return "speaks of one of them"
    if _DEFINITE.search(low) and count <= _SHORT:
        return "speaks of it as known"
    if carrying_on:
        return "carries on"
    if asks_for_papers and telling:
        return ""
    if count <= _SHORT and len(telling) <= _FEW and _is_bare(low, telling):
        return "is too short to stand alone"
    return ""


def _leads_with_pronoun(low: str) -> bool:
    head = " ".join(low.split()[:_EARLY])
    return bool(_PRONOUN.search(head) or re.search(r"\b(?:this|that|these|those)\b", head))


def _is_bare(low: str, telling: Sequence[str]) -> bool:
    """Whether a short question asks something of a subject that it does not name."""
    if not telling:
        return True
    if _VALUE_ONLY.match(low) or re.match(r"any (?:\w+ )?\w+ ?\?*$", low):
        return True
    if _DEFINING.match(low) or not PAPER_NOUNS.isdisjoint(words(low)):
        return False
    asks = re.match(
        r"(?:in |on |by |for |with |at )?(?:how|what|which|why|when|where|who|is|are|was|were|"
        r"does|do|"
        r"did|can|could|has|have|will)\b",
        low,
    )
    return bool(asks) and len(telling) <= _FEW


def recent_words(history: Sequence[Turn], *, most: int = 600) -> str:
    """The words of the last exchange, and of the one before where there is room.

    They find the papers that were spoken of where the turns do not carry their sources.
    """
    texts: list[str] = []
    length = 0
    for turn in reversed(history):
        text = _MARKER.sub("", normalize(turn.content))[:most]
        if length + len(text) > most and texts:
            break
        texts.append(text)
        length += len(text)
    return " ".join(reversed(texts))


def without_markers(text: str) -> str:
    """The words of an answer without its [1]."""
    return _MARKER.sub("", text)


def segment(text: str, number: int) -> str:
    """The sentence or list item of an answer that carries the marker [number], else that item."""
    parts = [part for part in re.split(r"\n+|(?<=[.!?\]]) (?=[A-Z\d*-])", text) if part.strip()]
    for part in parts:
        if f"[{number}]" in part:
            return part
    items = [part for part in parts if re.match(r"\s*(?:[-*\u2022]|\d+[.)])", part)] or parts
    place = number - 1 if number > 0 else len(items) + number
    return items[place] if 0 <= place < len(items) else ""
