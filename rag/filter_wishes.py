"""What a question wants beside dates and people: released code, and an order.

Also the other side of it: whether an abstract says that something was released.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from rag.types import Paper
from rag.wording import FUNCTION_WORDS, PAPER_NOUNS, SPEAKS_OF_PAPERS, folded, words

Order = Literal["relevance", "newest", "oldest", "comments"]


class Wish(NamedTuple):
    """A stretch of the question that asks for released code or for an order."""

    start: int
    end: int
    order: Order = "relevance"


_PAPERS: Final = "|".join(sorted(PAPER_NOUNS, key=len, reverse=True))

_LEADS: Final = (
    r"(?:(?:and|that|which|who|also) ){0,2}(?:with|having|have|has|include[sd]?|including|"
    r"comes? with|provid(?:e|es|ing)|releases?|releasing|shares?|sharing|publish(?:es|ing)?|"
    r"(?<=that )released|(?<=have )released|(?<=has )released) "
    r"(?:(?:the|their|its|a|an|all|any|both|some) )?"
)
_OPEN: Final = (
    r"(?P<open>(?:(?:released?|public(?:ly)?|open|available|open-?sourced?|github|accessible) "
    r"){0,3})"
)
_GOODS: Final = (
    r"(?P<what>(?:code|source code|software|implementations?|repo(?:s|sitory|sitories)?|weights|"
    r"checkpoints|data ?sets?|data|models?)"
    r"(?: (?:and|or) (?:code|data|weights|models?|datasets?))?)"
)
_STATE: Final = (
    r"(?P<after> (?:(?:is|are|was|were) )?(?:publicly |openly )?(?:available|released|public|open|"
    r"on github|online|open-?sourced))?"
)
_CODE: Final = re.compile(rf"(?<![\w-]){_LEADS}{_OPEN}{_GOODS}{_STATE}(?![\w-])", re.IGNORECASE)
_CODE_IS_OUT: Final = re.compile(
    r"(?<![\w-])(?:code|source code) (?:is |must be |should be )?(?:publicly )?"
    r"(?:available|released|public)(?! (?:\w+ing|models?)\b)|"
    r"(?<=data )(?:that|which) (?:is|are|was) (?:publicly |freely |openly )?(?:released|available)|"
    r"(?<=sets )(?:that|which) (?:are|were|have been) (?:publicly |freely |openly )?(?:released|"
    r"available)",
    re.IGNORECASE,
)
# Verbs that code may be a means to: "trained with code" is no demand for released code.
_USED_WITH: Final = re.compile(
    r"(?:pre-?train|train|fine-?tun|tun|reason|think|prompt|learn|solv|teach|help|plan|act|talk)"
    r"(?:ed|ing|s|e)?$",
    re.IGNORECASE,
)
_COMES_WITH: Final = re.compile(
    r"(?:(?:and|that|which|who|also) ){0,2}(?:with|ha(?:ve|s|ving)|comes? with|provides?|"
    r"includes?) ",
    re.IGNORECASE,
)
_NEARBY: Final = 4  # words: as far as a verb is from what it is done with

_SORTED: Final = r"(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)"
_NEW: Final = r"(?:the )?(?:very )?(?:newest|latest|most recent)"
_OLD: Final = r"(?:the )?(?:oldest|earliest)"
_DISCUSSED: Final = r"(?:the )?most (?:discussed|commented(?: on| upon)?|debated|talked[- ]about)"
_ORDER_PHRASES: Final[tuple[tuple[Order, tuple[str, ...]], ...]] = (
    (
        "oldest",
        (
            rf"{_OLD} (?:{_PAPERS}) first",
            rf"{_OLD}(?= (?:{_PAPERS})\b)|the oldest(?= ?[?.!]*$)",
            rf"{_OLD} (?:ones? )?(?:first|to newest|at the top)",
            r"in chronological order|chronologically",
            rf"{_SORTED} (?:from |by )(?:oldest|age)",
        ),
    ),
    (
        "newest",
        (
            rf"{_NEW} (?:\w+ )?(?:{_PAPERS}) first",
            rf"{_NEW}(?= (?:\w+ )?(?:{_PAPERS})\b)|the (?:newest|most recent)(?= ?[?.!]*$)",
            rf"{_NEW} (?:ones? )?(?:first|to oldest|at the top)",
            rf"{_NEW} (?:ones?|of (?:them|these|those))",
            r"(?:the )?(?:latest|newest)(?= (?:on|about|in)\b)",
            r"(?:in )?reverse chronological(?:ly)?(?: order)?",
            rf"{_SORTED} by (?:date|year|recency)(?: of publication)?",
        ),
    ),
    (
        "comments",
        (
            rf"{_DISCUSSED}(?= (?:\w+ )?(?:{_PAPERS})\b)",
            rf"{_DISCUSSED}(?: ones?)?(?: first)?(?= ?(?:$|[,.;?!]|on\b|about\b))",
            r"(?:with )?(?:the )?most comments(?: first)?",
            rf"{_SORTED} by (?:the )?(?:number of )?comments",
        ),
    ),
)
_ORDERS: Final = tuple(
    (order, re.compile(rf"(?<![\w-])(?:{'|'.join(phrases)})(?![\w-])", re.IGNORECASE))
    for order, phrases in _ORDER_PHRASES
)


def order_wish(text: str) -> Wish | None:
    """The phrase that asks for an order, if there is one."""
    for order, pattern in _ORDERS:
        match = pattern.search(text)
        if match:
            return Wish(match.start(), match.end(), order)
    return None


def code_wish(text: str) -> Wish | None:
    """The phrase that asks for released code, data or weights.

    A bare "with code" counts only where it is said of papers, not of how something is done.
    """
    for match in _CODE.finditer(text):
        after = re.match(r" ([\w-]+)", text[match.end() : match.end() + 40])
        if after and after[1].lower() not in FUNCTION_WORDS | PAPER_NOUNS:
            continue  # "with code generation"
        released = match["open"] or match["after"] or "releas" in folded(match.group())
        if released or (folded(match["what"]).endswith("code") and _said_of_papers(match, text)):
            return Wish(match.start(), match.end())
    is_out = _CODE_IS_OUT.search(text)
    asked_whether = text.lower().startswith(("is ", "where ", "does "))
    return Wish(is_out.start(), is_out.end()) if is_out and not asked_whether else None


def _said_of_papers(match: re.Match[str], text: str) -> bool:
    if not _COMES_WITH.match(match.group()):
        return False
    before = words(text[max(0, match.start() - 40) : match.start()])
    if not before or before[-1] in PAPER_NOUNS or text[: match.start()].rstrip().endswith(","):
        return True
    if any(_USED_WITH.match(word) for word in before[-_NEARBY:]):
        return False
    return not SPEAKS_OF_PAPERS.isdisjoint(words(text))


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
