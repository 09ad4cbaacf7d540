"""Labels of the sections of an abstract, as "RESULTS:" and "Materials and Methods" are.

Abstracts are printed under the names of sections, which are a closed class. A label says what part
its sentence has, and is no part of what the sentence says.
"""

from __future__ import annotations

import re

_PARTS = (
    r"(?:background|introduction|context|rationale|importance|motivation|aims?|objectives?|purposes?"
    r"|goals?|hypothes[ie]s|methods?|methodology|results?|findings?|conclusions?|discussion"
    r"|interpretations?|significance|implications?|relevance|limitations?|summary|abstract)"
)
"""What a sentence does. Before a sentence these are left out."""
_THINGS = (
    r"(?:materials?|patients?|subjects?|participants?|population|samples?|designs?|settings?"
    r"|interventions?|exposures?|procedures?|measures?|measurements?|outcomes?|data|sources?|study"
    r"|selection|extraction|synthesis|analys[ie]s|recommendations?|evidence|registration|funding"
    r"|observations?|comment|keywords?)"
)
"""What a sentence is about: "Participants: 31 guards." says less without it, so there it stays."""
_MARKED = (
    r"(?:(?:main|key|primary|secondary|principal|overall|general|clinical|practical|recent|statistical"
    r"|authors?['\u2019]?s?|study|trial|research|outcome|data)\s+)*"
)
_JOINED = r"(?:\s*[/,&+]\s*(?:and\s+)?|\s+(?:and|or)\s+)"
_OF = r"(?:\s+of\s+(?:the\s+|this\s+)?(?:study|review|work|research|paper))?"

_LABEL = re.compile(
    rf"{_MARKED}(?:{_PARTS}|{_THINGS}){_OF}(?:{_JOINED}{_MARKED}(?:{_PARTS}|{_THINGS}){_OF}){{0,3}}",
    re.IGNORECASE,
)
_ROLE = re.compile(rf"\b{_PARTS}\b", re.IGNORECASE)
_ENDS_LABEL = re.compile(r"\s*:\s*(?=\S)|(?<=abstract)\s*\u2014\s*(?=\S)", re.IGNORECASE)
_IN_CAPITALS = re.compile(
    r"(?:BACKGROUND|INTRODUCTION|OBJECTIVES?|PURPOSE|METHODS|RESULTS|FINDINGS|CONCLUSIONS?)\s+(?=[A-Z])"
)
_LONGEST = 80
"""Characters of a label."""
_MOST = 3
"""Labels before one sentence: "Abstract: BACKGROUND: ..."."""


def is_label(sentence: str) -> bool:
    """Whether a sentence is nothing but a label."""
    return (
        len(sentence) <= 80
        and _LABEL.fullmatch(sentence.strip(" .:()[]*-\u2013\u2014")) is not None
    )


def has_bare_labels(text: str) -> bool:
    """Whether a text has labels in capitals without a colon: one alone may be an acronym."""
    return len(_IN_CAPITALS.findall(text)) > 1


def after_label(text: str, start: int, end: int, *, bare: bool) -> int:
    """Where a sentence begins behind its labels; `start` where it has none.

    Args:
        text: an abstract.
        start: where the sentence begins in it.
        end: where it ends.
        bare: whether a label may go without a colon; see `has_bare_labels`.
    """
    for _ in range(_MOST):
        found = _LABEL.match(text, start, end)
        if found is None or not _ROLE.search(found[0]):
            break
        ends = _ENDS_LABEL.match(text, found.end(), end)
        if ends is None and bare:
            ends = _IN_CAPITALS.match(text, start, end)
        if ends is None:
            break
        start = ends.end()
    return start
