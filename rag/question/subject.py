"""What a request for papers is about, without the words that only ask for them."""

from __future__ import annotations

import re
from typing import Final

from rag.language.wording import PAPER_NOUNS, THING_NOUNS, content_words, word_set

_CARRIERS: Final = word_set(
    """look looks looking study studies examine examines deal deals dealing concern concerning
    address addresses treat treats investigate investigates explore explores discuss discusses are
    is on at into about regarding related to of into for with the any some that which which's there
    published written done available out have has been was were"""
)
_REACH: Final = 9
_AROUND: Final = " ,;:-?"
"""What is around a topic and no part of it; a stop is: it may be all that tells a statement."""
_PART: Final = re.compile(r"(?<=[,:;?.!]) ")
_ASKED_FOR: Final = re.compile(
    r"(?:what(?:'s| is| was)?(?: new)?|(?:any |some |the )?(?:latest )?news|"
    r"(?:is there |are there |do you have |have |show me |"
    r"find )?(?:anything|"
    r"something|everything))(?: (?:there|here|known|published|written|else|done|available))* "
    r"(?:about|on|regarding|in)\b ?",
    re.IGNORECASE,
)


def subject(topic: str) -> str:
    """A list's topic without the words that only ask for papers: "papers on owls" is "owls"."""
    parts = [part for part in _PART.split(topic) if part.strip()]
    while len(parts) > 1 and not _tells(parts[-1]):
        parts.pop()
    topic = " ".join(parts).strip(_AROUND)
    asked = _ASKED_FOR.match(topic)
    if asked and content_words(topic[asked.end() :]):
        return topic[asked.end() :].strip(_AROUND)
    words = topic.split()
    nouns = [
        place
        for place, word in enumerate(words[:_REACH])
        if word.lower().strip(",.:;?!") in PAPER_NOUNS
    ]
    if not nouns or content_words(" ".join(words[: nouns[0]])):
        return topic
    place = nouns[0] + 1
    while (
        place < len(words)
        and not words[place - 1].endswith((",", ":", ";"))
        and words[place].lower().strip(",.:;?!") in _CARRIERS
    ):
        place += 1
    rest = " ".join(words[place:]).strip(_AROUND)
    return rest if content_words(rest) else topic


def _tells(part: str) -> bool:
    """Whether a clause says more than that papers, data sets, benchmarks ... are wanted."""
    return any(word not in THING_NOUNS for word in content_words(part))
