"""Whether words of a question are used as a name, or only happen to be one.

Coined words are always names; plain English is one where it is written as the paper writes it,
or where the question treats it so: in quotes, before "paper", as what proposes something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.language.spelling import is_common
from rag.language.wording import FUNCTION_WORDS, word_set
from rag.names.index import TITLED, NameIndex
from rag.names.words import Word

_CUES: Final = word_set(
    """paper work study article preprint survey review report method approach technique algorithm
    dataset corpus benchmark model framework system tool toolkit metric architecture optimizer
    optimiser loss network net agent score bench authors team propose proposes proposed introduce
    introduces introduced presents suggests suggest claim claims"""
)
_BEFORE_NAMES: Final = word_set("called named titled paper entitled")
_DETERMINERS: Final = word_set("the a this that in of explain on does did")
_QUOTES: Final = "\"'\u201c\u201d\u2018\u2019`*"
_FAMILIAR: Final = 8
"""Papers that write a word before it tells none of them apart."""
_NEAR: Final = 4  # characters between a name and the quote that closes on it
_GLUED_BEFORE: Final = re.compile(r"[^\W_][-.]$")
_GLUED_AFTER: Final = re.compile(r"[-.](?:\d|[A-Z])")


def is_part_of_more(question: str, start: int, end: int) -> bool:
    """Whether a stretch is glued to another name: "GPT" of "GPT-4"."""
    return bool(
        _GLUED_BEFORE.search(question[max(0, start - 2) : start])
        or _GLUED_AFTER.match(question[end : end + 2])
    )


def is_plain(index: NameIndex, some: Sequence[Word]) -> bool:
    """Whether all words are plain or many papers write them: "GUI agents" may mean no title."""
    return all(
        word.meant in FUNCTION_WORDS
        or is_common(word.meant)
        or (len(some) > 1 and index.vocabulary[word.meant] > _FAMILIAR)
        for word in some
    )


def is_meant(
    index: NameIndex, question: str, words: Sequence[Word], place: int, count: int, key: str
) -> bool:
    """Whether `count` words from `place` on, which spell the name `key`, are used as it."""
    some = words[place : place + count]
    surface = index.surfaces[key]
    written = question[some[0].start : some[-1].end]
    telling = [word for word in some if word.meant not in FUNCTION_WORDS]
    if len(key) <= 2:
        return written == surface
    if not telling and written.lower() != surface.lower():
        return False
    joined = "-" in written and written.lower() == surface.lower()
    if not is_plain(index, some) or joined:
        return True
    owned = index.level(key) >= TITLED
    if owned and len(telling) > 1:
        return True
    capitals = 0 if question.isupper() else sum(char.isupper() for char in written)
    if capitals > 1 and written == surface:
        return True
    if not owned:
        return False
    singled_out = capitals > 0 and place > 0 and not _is_among_capitals(words, place, count)
    return singled_out or is_cued(question, words, place, count)


def _is_among_capitals(words: Sequence[Word], place: int, count: int) -> bool:
    """Whether the words beside have capitals too, as in a title, where they say nothing."""
    beside = [*words[max(0, place - 1) : place], *words[place + count : place + count + 1]]
    return any(word.text[0].isupper() for word in beside)


def is_cued(question: str, words: Sequence[Word], place: int, count: int) -> bool:
    """Whether the question treats these words as a name: quotes, "paper", nothing else."""
    start, end = words[place].start, words[place + count - 1].end
    before = question[max(0, start - _NEAR) : start].rstrip()[-1:]
    after = question[end : end + _NEAR].lstrip()[:1]
    if (before and before in _QUOTES and after and after in _QUOTES) or len(words) == count:
        return True
    following = words[place + count].meant if place + count < len(words) else ""
    previous = words[place - 1].meant if place else ""
    if previous in _BEFORE_NAMES:
        return True
    return following in _CUES and (not place or previous in _DETERMINERS)


def is_written_so(index: NameIndex, text: str, key: str) -> bool:
    """Whether a name has the capitals that its paper gives it."""
    return not text.islower() and text == index.surfaces[key]
