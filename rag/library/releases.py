"""Whether an abstract says that code, data or weights are out."""

from __future__ import annotations

import re
from typing import Final

from rag.types import Paper

_LINK: Final = re.compile(r"https?://|\b(?:github|gitlab|huggingface|zenodo)\.\w", re.IGNORECASE)
_MADE: Final = (
    r"(?:codes?|codebase|implementations?|software|toolkit|library|package|data|data ?sets?|corpus|"
    r"benchmarks?|models?|weights|checkpoints|parameters|resources?|suite|tool)"
)
_IS: Final = r"(?:is|are|was|were|will be|has been|have been|being|made|to be|can be)"
_RELEASED: Final = re.compile(
    # "code and data are publicly available", "the weights will be released"
    rf"\b{_MADE}(?: \([^)]{{1,20}}\))? (?:\w+ )?{_IS} (?:\w+ ){{0,2}}"
    r"(?:available|released|open-?sourced|published online|shared)\b"
    # "we release our code", "release of the 7B model", "we open-source the dataset"
    rf"|\b(?:releas(?:e|es|ed|ing)|publish(?:es|ed)?|(?:we|authors|and|to|also|fully) "
    rf"(?:open-?sourced?|shared?))(?: \w[\w-]*){{0,8}} {_MADE}\b"
    r"|\b(?:is|are|will be) open-?sourced\b"
    # "make the code available", "making data and models public"
    rf"|\bmak(?:e|es|ing) (?:[\w-]+ ){{0,6}}{_MADE} (?:\w+ ){{0,2}}(?:available|public)\b"
    # "an openly licensed resource", "is offered as open source"
    r"|\b(?:openly|permissively) licen[cs]ed\b|\b(?:offered|provided|released|available) as open",
    re.IGNORECASE,
)


def releases_something(paper: Paper) -> bool:
    """Whether the abstract names code, data or weights that are out, by a link or in words."""
    return bool(_LINK.search(paper.abstract) or _RELEASED.search(paper.abstract))
