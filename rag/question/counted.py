"""What is to be counted: papers on a topic, papers that write certain words, papers by year.

What the asker tags decides: a name alone is looked for by the letter, a topic by meaning. What it
has no label for are two closed classes: the verbs for standing in a text, and the ways to say
"for each year".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from rag.language.wording import content_words, word_set
from rag.question.slots import Label, Slot

_SUBJECT: Final[tuple[Label, ...]] = ("topic", "name", "side", "type", "venue")
_WRITES: Final = re.compile(
    r"\bmention\w*|\bcontain\w*|\bcontaining\b|\b(?:the|a) (?:word|words|phrase|term|string)\b|"
    r"\brefer(?:s|red|ring)? to\b|\bturns? up\b|\bverbatim\b|\bspelled\b|\bby name\b",
    re.IGNORECASE,
)
_PER_YEAR: Final = re.compile(
    r"\b(?:per|by|each|every|for each|for every|from each) (?:publication )?year\b|\byearly\b|"
    r"\bannual(?:ly)?\b|\bover the years\b|\byear by year\b|\ba year\b|\bper annum\b|"
    r"\bin which years?\b",
    re.IGNORECASE,
)
_COUNTING: Final = word_set(
    "number numbers count counts counted total amount tally sum nr quantity figure entries records "
    "items altogether"
)
_QUOTED: Final = re.compile(r'"([^"]{2,80})"')


class Counted(NamedTuple):
    """`topic`: the words to look for by meaning. `mention`: those to look for by the letter."""

    topic: str
    mention: str
    per_year: bool


def counted(text: str, slots: Sequence[Slot], rest: str) -> Counted:
    """What a question wants counted.

    Args:
        text: the question, made normal.
        slots: as the asker tagged them.
        rest: the question without its filters.
    """
    per_year = _PER_YEAR.search(text) is not None
    subject = [slot for slot in slots if slot.label in _SUBJECT and slot.text in rest]
    subject = [slot for slot in subject if slot.label != "topic" or content_words(slot.text)]
    quoted = _QUOTED.search(text)
    writes = _WRITES.search(text) is not None
    if quoted and (writes or not subject):
        return Counted("", quoted[1], per_year)
    labels = {slot.label for slot in subject}
    if subject and (labels == {"name"} or (writes and len(subject) == 1)):
        return Counted("", subject[0].text.strip(" \"'"), per_year)
    if subject:
        return Counted(" ".join(slot.text for slot in subject), "", per_year)
    left = [word for word in content_words(_PER_YEAR.sub(" ", rest)) if word not in _COUNTING]
    asks_for_more = bool(left) and len(rest) == len(text)
    return Counted(" ".join(left) if asks_for_more else "", "", per_year)
