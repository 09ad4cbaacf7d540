"""What is to be counted: papers on a topic, papers that write certain words, papers by year.

What the asker tags decides: a name alone is looked for by the letter, a topic by meaning. What it
has no label for are two closed classes: the verbs for standing in a text, and the ways to say
"for each year".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from rag.language.wording import THING_NOUNS, content_words, word_set, words
from rag.names import is_name_like
from rag.question.slots import SUBJECTS, Slot

_WRITES: Final = re.compile(
    r"\bmention\w*|\bcontain\w*|\bcontaining\b|\b(?:the|a) (?:word|words|phrase|term|string)\b|"
    r"\brefer(?:s|red|ring)? to\b|\b(?:turns?|comes?) up\b|\bverbatim\b|\bspelled\b|\bby name\b|"
    r"\b(?:called|titled|entitled)\b",
    re.IGNORECASE,
)
_USES: Final = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|appl(?:y|ies|ied|ying)|evaluat\w+|test(?:s|ed|ing)?|benchmark(?:s|ed)?|"
    r"train\w*|fine-?tun\w+|report(?:s|ed|ing)?|work(?:s|ed|ing)? (?:with|on)|with|based on|"
    r"buil(?:d|ds|t) on|compar\w+ (?:to|with|against)|cit(?:e|es|ed|ing)|run(?:s|ning)? on)\b",
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
_LONGEST_NAME: Final = 3
_QUOTED: Final = re.compile(r'"([^"]{2,80})"')


def mentioned(text: str, slots: Sequence[Slot], *, known: Callable[[str], bool]) -> str:
    """The words that the papers asked for must write; "" where papers are asked for by meaning.

    "Which papers mention X" wants every paper with X in it, and so does "which papers use X" where
    X is written as names are and stands in the papers: who uses it says so.

    Args:
        text: the question, made normal.
        slots: as the asker tagged them.
        known: whether any paper writes a word.
    """
    subject = [slot for slot in slots if slot.label in SUBJECTS]
    quoted = _QUOTED.search(text)
    if _WRITES.search(text) and quoted and len(subject) <= 1:
        return quoted[1]
    if len(subject) != 1:
        return ""
    (slot,) = subject
    name = _bare(slot.text)
    around = f"{text[: slot.start]} {text[slot.end :]}"
    if _WRITES.search(around):
        return name
    told = slot.label == "name" and name[:1].isupper()
    named = _USES.search(around) and (told or _is_name(name))
    return name if named and all(map(known, re.findall(r"[^\W_]+", name))) else ""


def _bare(text: str) -> str:
    """A name without quotation marks, and without what it is a name of ("Qwen models")."""
    parts = text.strip(" \"'").split()
    while len(parts) > 1 and parts[-1].lower() in THING_NOUNS:
        parts.pop()
    return " ".join(parts)


def _is_name(name: str) -> bool:
    """Whether words are written as names are: "GSM8K", "GPT-4 Turbo", "Llama-2"."""
    parts = name.split()
    odd = [part for part in parts if is_name_like(part)]
    capital = all(part[:1].isupper() or is_name_like(part) for part in parts)
    return bool(odd) and capital and len(words(name)) <= _LONGEST_NAME


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
    subject = [slot for slot in slots if slot.label in SUBJECTS and slot.text in rest]
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
