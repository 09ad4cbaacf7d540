"""The sides of a comparison, and whether a question makes one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from rag.coined import is_name_like
from rag.kind_topics import ASKS_A_VALUE
from rag.wording import FUNCTION_WORDS, content_words, word_set


class Compared(NamedTuple):
    """What is compared; `explicit` when the question says so in as many words."""

    sides: tuple[str, ...]
    explicit: bool
    reason: str


_WRITING: Final = (
    r"(?:papers?|stud(?:y|ies)|articles?|works?|trials?|surveys?|reports?|one|theor(?:y|ies))"
)
_END: Final = r"(?=$|[?.!;]|, (?:which|what|who|how|do|does|is|are|where|in|by|and)\b|: |,? - )"
_STOP: Final = r"[^?.!;:\u0000]"
_VERSUS_REASON: Final = "says versus"
_VERSUS: Final = re.compile(
    rf"(?P<a>{_STOP}{{1,120}}?) (?:vs\.?|versus|v\.s\.) (?P<b>{_STOP}{{1,120}}?){_END}", re.I
)
# What a paper compares itself with, without naming it.
_RIVALS: Final = word_set(
    """baseline baselines rival rivals competitor competitors sota state-of-the-art prior previous
    earlier existing others rest methods models frameworks systems approaches classical standard
    vanilla plain best strong fine-tuning full direct generation humans people random"""
)
_IN_ONE: Final = re.compile(
    r"\bin the (?:[\w-]+ ){0,2}?(?:study|work|paper|comparison|analysis|trial) of\b|"
    r"\b(?:vs\.?|versus)\b[^,;:?]*\b(?:study|comparison|survey|paper)\b",
    re.IGNORECASE,
)
_VALUE_ASKED: Final = re.compile(
    r"\b(?:how (?:many|much|often|big|large)|what (?:percent|share|fraction|accuracy|number)|"
    r"by what factor|by how)\b|[:,-] (?:\w+ ){0,2}(?:margin|gain|accuracy|score|improvement|"
    r"reduction|"
    r"rate)\b",
    re.IGNORECASE,
)
_FEW_WORDS: Final = 3
_PAIRS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (
            rf"\bthe (?:one|paper|study|trial|work) (?P<a>(?:that|which|who|on|about|with|by|from|"
            rf"claiming|using|of|where)\b{_STOP}{{1,160}}?),? and the (?:other )?(?:one|paper|"
            rf"study|"
            rf"trial|work) (?P<b>(?:that|which|who|on|about|with|by|from|claiming|using|of|where)\b"
            rf"{_STOP}{{1,160}}?){_END}",
            "sets one paper against another",
        ),
        (
            rf"\bboth (?:the )?(?P<a>[^?.!;:,]{{1,60}}?) and (?:the )?(?P<b>[^?.!;:,]{{1,60}}?) "
            rf"{_WRITING}\b(?=.*\b(?:each|differ\w*|agree|disagree|respectively|compare)\b)",
            "speaks of two papers and weighs them",
        ),
        (
            rf"\b(?:differences?|similarit(?:y|ies)|contrasts?|comparison)"
            rf"(?: and differences| and similarities)? (?:between|of|"
            rf"among) (?P<a>{_STOP}{{1,120}}?) "
            rf"(?:and|versus|vs\.?|with|to) (?P<b>{_STOP}{{1,120}}?){_END}",
            "asks for differences",
        ),
        (
            rf"^(?:(?:please|can you|could you|pls|so|and|now)[, ]+)*(?:compare|contrast)(?: how| "
            rf"what| the| both)? (?P<a>{_STOP}{{1,160}}?) (?:and|with|to|versus|vs\.?|against) "
            rf"(?P<b>{_STOP}{{1,160}}?)(?: (?:differ|compare)\b.*)?{_END}",
            "says compare",
        ),
        (
            rf"\bhow (?:is|are|was|were) (?P<a>{_STOP}{{1,100}}?) (?:any )?(?:different|distinct)"
            rf"(?: from| to| than) (?P<b>{_STOP}{{1,120}}?){_END}",
            "asks for differences",
        ),
        (
            rf"\bhow (?:do|does|did) (?P<a>{_STOP}{{1,100}}?) (?:differ|deviate) from "
            rf"(?P<b>{_STOP}{{1,120}}?){_END}",
            "asks for differences",
        ),
        (
            rf"\bhow (?:do|does|did) (?P<a>{_STOP}{{1,100}}?) compare (?:to|with|against) "
            rf"(?P<b>{_STOP}{{1,120}}?){_END}",
            "says compare",
        ),
        (
            rf"\b(?:how|where|why|in what|do|does|did)\b(?:[^?.!;:]{{0,20}}? (?:do|does|did))? ?"
            rf"(?P<a>{_STOP}{{1,100}}?) and (?P<b>{_STOP}{{1,100}}?) (?:both )?"
            rf"(?:differ|disagree|agree|contradict|diverge|compare|relate|conflict|"
            rf"have in common)\b",
            "asks where they differ",
        ),
        (
            rf"\b(?:sets?|makes?) (?P<a>{_STOP}{{1,80}}?) (?:apart|different) from "
            rf"(?P<b>{_STOP}{{1,100}}?){_END}",
            "asks for differences",
        ),
        (
            rf"\bin what (?:way|sense|respect)s? (?:is|are) (?P<a>{_STOP}{{1,80}}?) (?:unlike|like|"
            rf"similar to|better than) (?P<b>{_STOP}{{1,100}}?){_END}",
            "asks for differences",
        ),
        (
            rf"\bput (?P<a>{_STOP}{{1,80}}?) (?:and|next to|"
            rf"beside) (?P<b>{_STOP}{{1,80}}?) side by side",
            "says compare",
        ),
        (
            rf"\bone (?:paper|study|article|work|trial|group|team)\b(?P<a>{_STOP}{{1,200}}?)[,;.] "
            rf"(?:and |while |but |whereas )?(?:another|the other|a second|a different one)\b"
            rf"(?: (?:paper|study|one))?(?P<b>{_STOP}{{1,200}}?){_END}",
            "sets one paper against another",
        ),
        (
            rf"\bin (?:an?|the|one) (?P<a>[^?.!;:,]{{1,60}}?) {_WRITING} and (?:in )?(?:an?|the|"
            rf"one|"
            rf"another) (?P<b>[^?.!;:,]{{1,60}}?) {_WRITING}\b",
            "sets one paper against another",
        ),
    )
)
_TWO_PAPERS: Final = re.compile(
    r"\b(?:the|these|those|both|two)(?: of the)?(?: two| both)? (?:\w+ )?(?:papers|studies|"
    r"articles|"
    r"works|trials|surveys|methods|approaches|theories|reviews)\b|\bboth (?:papers|studies|"
    r"of them)\b",
    re.IGNORECASE,
)
_WEIGHING: Final = re.compile(
    r"\b(?:compare[sd]?|comparison|contrast|differ|differs|difference|differences|different|"
    r"disagree|"
    r"agree|contradict|in common|each of (?:them|these|those|the two)|in each|does each|each one|"
    r"do they (?:agree|differ)|same conclusions?|apart|respectively|unlike|similar|similarities)\b",
    re.IGNORECASE,
)
_COMPARED_WITH: Final = re.compile(
    rf"^(?P<a>[^?.!;:,]{{1,80}}?) compared (?:to|with) (?P<b>[^?.!;:,]{{1,80}}?)(?: (?:on|in|"
    rf"for) .*)?"
    rf"{_END}",
    re.IGNORECASE,
)
_EITHER: Final = re.compile(
    r"(?:^|[:,] |\b(?:is|are) )(?P<a>[^?.!;:,]{1,60}?) or (?P<b>[^?.!;:,]{1,60}?)"
    r"(?:$|[?.:] ?|, ?(?=which|who|what|whose)|: )",
    re.IGNORECASE,
)
_THAN: Final = re.compile(
    r"^(?:so )?(?:is|are|does|do|was|were) (?P<a>[^?.!;:,]{1,60}?) (?:[\w-]+ )?(?:better|worse|"
    r"faster|slower|more|less|larger|smaller|cheaper|stronger|weaker|\w+er)(?: \w+)? than "
    r"(?P<b>[^?.!;:,]{1,60}?)(?: (?:on|in|for|at|when|with)\b.*)?$",
    re.IGNORECASE,
)
_BOTH: Final = re.compile(
    r"(?:^|\bdo |\bdid |: )(?P<a>[^?.!;:,]{1,60}?) and (?P<b>[^?.!;:,]{1,60}?)(?:: | (?:both|"
    r"each)\b|"
    r" evaluations?: )",
    re.IGNORECASE,
)
_WHOSE: Final = re.compile(
    r"\bwhose [^?.!;:,]{1,60}, (?P<a>[^?.!;:,]{1,60}?)(?:'s)? or (?P<b>[^?.!;:,]{1,60}?)(?:'s)?$",
    re.I,
)


def sides_of(text: str, *, names: Sequence[str]) -> Compared | None:
    """What `text`, a normalised question, compares; None when it compares nothing.

    Args:
        text: the question, in its own case.
        names: the stretches of it that name papers of their own.
    """
    pair = _explicit_pair(text)
    if pair and pair.reason == _VERSUS_REASON and _asks_of_one(text, pair.sides, names):
        return None
    if pair:
        return pair if len(names) < 2 else pair._replace(sides=_by_name(pair.sides, names))
    weighing = _WEIGHING.search(text)
    if weighing and _TWO_PAPERS.search(text) and not _asks_which(text):
        return Compared(tuple(names), True, "speaks of two papers and weighs them")
    for pattern in (_EITHER, _BOTH, _THAN, _COMPARED_WITH, _WHOSE):
        match = pattern.search(text.rstrip("?!. ") if pattern is not _EITHER else text)
        if not match or not (_is_named(match["a"], names) and _is_named(match["b"], names)):
            continue
        if pattern is _BOTH and not (weighing or "each" in text):
            continue
        return Compared(
            (_clean(match["a"]), _clean(match["b"])), True, "sets two names side by side"
        )
    if weighing and len(set(names)) > 1 and not _asks_which(text):
        return Compared(tuple(dict.fromkeys(names)), False, "names two papers and weighs them")
    return None


def _asks_of_one(text: str, sides: Sequence[str], names: Sequence[str]) -> bool:
    """Whether "vs" only says what a value is measured against, within one paper.

    So it is where the other side is no paper ("vs baselines"), where a value is asked for and not
    of each, and where only one side is a paper of the corpus, which will tell of the other itself.
    """
    ours = [any(name.lower() in side.lower() for name in names) for side in sides]
    if all(ours):
        return False
    if not any(word not in _RIVALS for word in content_words(sides[1])) or _IN_ONE.search(text):
        return True
    of_each = re.search(r"\b(?:each|both|respectively)\b", text, re.IGNORECASE)
    if not of_each and (_VALUE_ASKED.search(text) or ASKS_A_VALUE.match(sides[0].lower())):
        return True
    other = sides[0] if not ours[0] else sides[1]
    asks_more = len(text.split()) > sum(len(side.split()) for side in sides) + _FEW_WORDS
    return asks_more and sum(ours) == 1 and not re.search(rf"\b{_WRITING}\b", other, re.IGNORECASE)


def _asks_which(text: str) -> bool:
    """Whether papers are asked for, so that none are given to be compared."""
    return bool(
        re.match(
            r"(?:which|what|any|list|show|find) (?:[\w-]+ )?(?:papers?|studies|work)\b", text, re.I
        )
    )


def _explicit_pair(text: str) -> Compared | None:
    versus = _VERSUS.search(text)
    if versus and not _asks_which(text):
        a, b = _left_side(versus["a"]), _clean(versus["b"])
        if a is not None and b:
            return Compared((a, b), True, _VERSUS_REASON)
    if _asks_which(text):
        return None
    for pattern, reason in _PAIRS:
        match = pattern.search(text)
        if match:
            a, b = _clean(match["a"]), _clean(match["b"])
            shared = _shared(text, match)
            if not content_words(a) or not content_words(b):
                continue
            if re.search(r"\b(?:that|this|the same|it)\b", b) and "one paper" not in b:
                b = f"{b} ({a})"
            return Compared(tuple(f"{shared} {side}".strip() for side in (a, b)), True, reason)
    return None


def _left_side(text: str) -> str | None:
    """What stands left of "vs": all of a short beginning; None inside a longer clause.

    "accuracy when the input is likely vs unlikely" contrasts two values, not two papers.
    """
    last_part = re.split(r"[,(:]", text)[-1]
    if re.match(r"(?:so |and )?(?:how|what|which|by how)\b", last_part.strip(), re.I):
        return None
    cleaned = _clean(last_part)
    words = cleaned.split()
    if any(word.lower() in ("when", "if", "how", "what", "which", "was", "were") for word in words):
        last = words[-1] if words else ""
        return last if is_name_like(last) else None
    return cleaned if words and content_words(cleaned) else None


def _shared(text: str, match: re.Match[str]) -> str:
    """The subject that both sides share and only the words before them name."""
    before = text[: match.start()].strip(" ,;:")
    if match.re.pattern.startswith(r"\bin (?:an?"):
        return re.sub(r"\b(?:shows? up|appears?|is used|occurs?|turns? up)$", "", before).strip()
    if match.re.pattern.startswith(r"\bthe (?:one|paper"):
        on = re.search(r"\bon ([^,;:.]{3,80})", before)
        return on[1].strip() if on else ""
    return ""


def _clean(side: str) -> str:
    """A side without the words that only open or close its clause."""
    side = side.strip(" ,\"'()")
    side = re.sub(
        r"^(?:(?:so|and|but|ok|please|how|do|does|did|is|are|what|the|both|between|compare|"
        r"contrast|"
        r"on|in)\b ?)+(?=\S)",
        "",
        side,
        flags=re.IGNORECASE,
    )
    return re.sub(r"(?:'s)? ?(?:evaluations?)?$", "", side).strip(" ,\"'()")


def _is_named(side: str, names: Sequence[str]) -> bool:
    """Whether a side is a name: one of the corpus, or one by the look of it."""
    if any(name.lower() in side.lower() or side.lower() in name.lower() for name in names if side):
        return True
    words = [word.strip("'\"(),") for word in side.split()]
    telling = [word for word in words if word and word.lower() not in FUNCTION_WORDS]
    return 0 < len(telling) <= 2 and any(
        is_name_like(word) or (word[0].isupper() and len(word) > 1) for word in telling[-2:]
    )


def _by_name(sides: tuple[str, ...], names: Sequence[str]) -> tuple[str, ...]:
    """The sides, each by the name in it where there is one."""
    found = []
    for side in sides:
        name = next((name for name in names if name.lower() in side.lower()), None)
        found.append(name if name and name not in found else side)
    return tuple(found)
