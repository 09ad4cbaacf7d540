"""Clauses, and whether a question is to the field at large: a subject, and no value asked of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.coined import is_name_like

_POLITE: Final = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|so|and|but|please|pls|well|now|also|then)[,!.]? )*"
    r"(?:(?:can|could|would|will) you (?:please |kindly |just |also )?)?"
    r"(?:(?:i'd like to know|i want to know|i wonder|do you know|tell me|any idea) "
    r"(?=which|what|how|who|when|where|why|whether|if))?"
)
CLAUSE: Final = re.compile(
    r"[.?!;:](?=\s|$)|[?!]+| -{1,2} | \u2013 | \u2014 |"
    r", (?=(?:(?:and|but|so|in|on|at|by|for|from|with|to|of|through|under|over) )?"
    r"(?:which|what|who|how|when|where|why|does|do|did|is|are|was|were|can)\b)"
)


def bare(clause: str) -> str:
    """A clause without politeness."""
    clause = clause.strip(" ,\"'()[]*-")
    return clause[_POLITE.match(clause).end() :].strip() if clause else ""  # type: ignore[union-attr]


ASKING: Final = re.compile(
    r"(?:(?:in|on|at|by|for|from|with|to|of|under|over|after) )?(?:how|what|which|when|why|who|"
    r"whom|"
    r"whose|where|what's|whats|how's)\b(?! to\b)"
)
HOW_MUCH: Final = re.compile(r"\bhow (?:many|much|often|big|large|long|far|fast|high|low)\b")
ASKING_INSIDE: Final = re.compile(
    r"\b(?:how (?:many|much|often|big|large|long|far|fast|well|high|low)|what else|by what|"
    r"which (?:one|ones|of)|or not|before and after|before vs\.? after)\b|"
    r"\b(?:does|did|was|were) (?:the|it|they)\b|\b(?:what|which|why|who|when|"
    r"where)(?: \w+){0,2} ?\?|\b(?:more|better|worse|less|\w{3,}er) ?\?$"
)
_YES_OR_NO: Final = re.compile(
    r"(?:is|are|was|were|does|do|did|can|could|will|would|should|has|have|had|may|might|must|am|"
    r"isn't|aren't|doesn't|don't|didn't|can't)\b"
)
_GENERAL_QUESTION: Final = re.compile(
    r"(?:do|does|can|could|are|is|should|will|how (?:do|can|should|to|could|well do|reliable are|"
    r"good are|reliably (?:do|can))|why (?:do|does|are|is)|when (?:do|does|is|are)|"
    r"where (?:do|can|are)|what (?:should|can))\b"
)
# A definite or a number points at one experiment; without, the question is to the whole field.
_PARTICULAR: Final = re.compile(
    r"(?:why |how |when |where )?(?:do|does|can|is|are|will|should) (?:the|this|that|these|those|"
    r"it|"
    r"they)\b|.*\b(?:the (?:\w+ ){0,2}?(?:paper|study|work|authors?|method|model|benchmark|dataset|"
    r"approach|system|framework|proposed|new|original|intervention|trial|treatment|first|second|"
    r"best|main|network)|this|these|those|he|she|we|our|authors?|\d[\w.,%]*|was|were|did|had|"
    r"better or|more or|higher or|or not|by what|from what|by how)\b"
)
# "how neural nets encode numbers" is a subject, "how do they" a question.
_HOW_CLAUSE: Final = re.compile(
    r"(?:how|why|when|where) (?!\w+ly\b|do\b|does\b|did\b|is\b|are\b|was\b|were\b|can\b|could\b|"
    r"should\b|will\b|would\b|has\b|have\b|had\b|many|much|often|big|large|long|far|fast|well|high|"
    r"low|come|about|of\b)(?:[a-z-]+s|[a-z-]+ [a-z-]+s|[a-z-]+ing|to)\b"
)
_POINTED: Final = re.compile(r"\bthe\b|(?<![\w-])\d")
_PLURAL_TAIL: Final = re.compile(r"(?:\w+ )?\w+s(?: (?:and|or|&) (?:\w+ )?\w+s)?$")
_VALUES: Final = (
    r"(?:numbers?|sizes?|count|amount|scores?|accurac(?:y|ies)|names?|rates?|share|percent(?:age)?|"
    r"proportion|fraction|ratio|values?|p-values?|cost|price|time|duration|latency|speed|speed-?up|"
    r"throughput|length|width|depth|height|temperature|dose|point|mean|median|average|total|"
    r"maximum|minimum|max|min|baseline|year|date|parameters|params|param count|gain|improvement|"
    r"reduction|increase|drop|margin|error|f1|auc|bleu|rouge|fid|psnr|recall|precision|win rate|"
    r"result|results|base model|backbone|overhead|budget|fps|peak memory|hours|days|factor|acronym|"
    r"training set|training data|dataset used|components|modules|stages|saved|samples)"
)
ASKS_A_VALUE: Final = re.compile(
    rf"(?!\w+ing (?!time|cost|speed|data|set))(?:the |its |their )?(?:(?!(?:for|with|that|in|on|"
    rf"to|of)\b)[\w@%.+'/-]+ ){{0,4}}?{_VALUES}"
    rf"(?: (?:of|on|in|for|after|at|when|used|saved|obtained|reached|reported|needed|from|with|"
    rf"achieved|over|and|by|comes|end|made|was|is|put|required)\b.*|\s*(?:\(.*)?)$"
)
_ENDS_WITH_VALUE: Final = re.compile(
    rf"(?:(?!(?:for|with|that|in|on|to|of|at|under|by|from|into|without|when|through)\b)\S+ )*"
    rf"{_VALUES}(?: please| pls| (?:before and )?after| gained| lost)?$|(?:and )?by how"
)


def topic_reason(low: str, clauses: Sequence[str], owned: Sequence[str], text: str) -> str:
    """Why a question is to the field at large: it names a subject, but no paper and no value."""
    if not clauses or owned or len(re.findall(r"[a-z]{2,}", low)) < 2:
        return ""
    first = clauses[0]
    if ASKING_INSIDE.search(low):
        return ""
    if _GENERAL_QUESTION.match(first):
        particular = _PARTICULAR.search(low) or any(map(_is_coined, text.split()))
        return "" if particular else "is put to the field at large"
    ends_asking = low.rstrip().endswith("?")
    if _HOW_CLAUSE.match(first) and not ends_asking:
        return "names a subject and asks nothing of it"
    if any(ASKING.match(clause) or _YES_OR_NO.match(clause) for clause in clauses):
        return ""
    if any(ASKS_A_VALUE.match(clause) or _ENDS_WITH_VALUE.match(clause) for clause in clauses):
        return ""
    if ends_asking and (
        _POINTED.search(low) or (len(clauses) > 1 and not _PLURAL_TAIL.match(clauses[-1]))
    ):
        return ""
    return "names a subject and asks nothing of it"


def _is_coined(word: str) -> bool:
    """Whether a word is a coined name, not just a short form in capitals ("LLMs", "3D", "RL")."""
    word = word.strip("\"'(),.;:?!")
    return is_name_like(word) and not re.fullmatch(r"[A-Z][A-Z-]{0,4}s?|\d\w*", word)
