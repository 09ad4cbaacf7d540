"""What a question takes for granted: "why did A need B?" presumes that A needed B. Floor 1.

Only "why" and "how come" are read: they ask for the reason of something that they state. The
statement keeps the question's words, and `rag.contradiction` compares them by their stems. Of 31
such questions of the training papers that the abstract leaves open it finds 7 contradicted, of 25
that the abstract answers none; what the reader makes of the statement tells the two hardly apart.
Source: Kim et al. 2021, "Which Linguist Invented the Lightbulb? Presupposition Verification for
Question-Answering" (https://arxiv.org/abs/2101.00391).
"""

from __future__ import annotations

import re

_WHY = re.compile(r"(?:^|[,;:.?!]\s+|\b(?:so|and|but|then)\s+)why\s+", re.IGNORECASE)
_HOW_COME = re.compile(r"\bhow come(?:\s+that)?\s+", re.IGNORECASE)
_CLEFT = re.compile(r"^(?:is|was)\s+it\s+(?P<what>.+?)\s+(?:that|which|who)\s+(?P<rest>.+)$", re.I)
_AUXILIARY = re.compile(
    r"^(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should|must|might)\s+",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|nothing|none|neither|without|cannot)\b|n't\b", re.IGNORECASE
)
_EXCLUDED = re.compile(r",? (?:(?:and|but) not|rather than|instead of) .*$", re.IGNORECASE)
_LEAST = 3  # words: less states nothing


def presupposed(question: str) -> str:
    """The statement that a question takes for granted; "" where none is found.

    A denial ("why doesn't it ...", "why not ...") is left alone: what it presumes is that
    something is not so, which hardly any abstract says. "A and not B" is no denial: it presumes A.
    """
    found = _HOW_COME.search(question) or _WHY.search(question)
    if found is None:
        return ""
    asked = re.split(r"[?!]", question[found.end() :], maxsplit=1)[0].strip(" .,;:")
    cleft = _CLEFT.match(asked)
    if cleft:
        stated = f"{_EXCLUDED.sub('', cleft['what'])} {cleft['rest']}"
    else:
        inverted = _AUXILIARY.match(asked)
        if inverted is None and not _HOW_COME.match(found.group()):
            return ""
        stated = asked[inverted.end() :] if inverted else asked
    denied = _DENIAL.search(_EXCLUDED.sub("", stated))
    return "" if len(stated.split()) < _LEAST or denied else stated
