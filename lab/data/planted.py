"""Errors planted in true sentences by rule, to measure what the support check catches.

`plant` changes one thing so that the sentence is false, `retell` changes its form so that it stays
true. Both find numbers and names with patterns of their own: a blind spot of
`rag.support.quantities` or `rag.language.text` must not hide the errors that it would miss. Seeded:
the caller passes `rng`. Returns None where a kind does not apply, or where a reader might still
call the result true.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Literal, get_args

PlantKind = Literal[
    "number",
    "number_swap",
    "entity",
    "entity_near",
    "entity_swap",
    "negation",
    "direction",
    "other",
]
PLANT_KINDS: tuple[PlantKind, ...] = get_args(PlantKind)

_NUMBER = re.compile(r"(?<![\w.,/@^=-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w,.-]*[A-Za-z]\d)(?=\D|$)")
_NUMBER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve")
_NUMBER_WORD = re.compile(rf"(?<!the )\b(?:{'|'.join(_NUMBER_WORDS)})\b")
# Two capitals, or a capital and a digit: "GPT-4o", "ImageNet", "RL". "Attention" may be no name.
_NAME = re.compile(
    r"(?<![\w-])(?=[\w.+-]*[A-Z])(?=[\w.+-]*(?:\d|[A-Z][\w.+-]*[A-Z]))[A-Za-z][\w.+-]*\w"
)
_CHANGES = re.compile(
    r"\b(?:improv|reduc|lower|rais|increas|decreas|drop|fall|cut|lift|grow|ris|declin|shrink|boost)",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:[\s,()+/&-]|\b(?:and|or|as|well|to|vs|versus|between)\b)*")
_AUXILIARY = re.compile(
    r"(?<!To )(?<!to )\b(is|are|was|were|can|could|will|should|has been|have been|does|do|must)\b"
    r"(?! (?:not|so)\b)"
)
# Verbs; "use", "need" and "help" are nouns too, mostly after these.
_NOT_AFTER = "".join(
    f"(?<!{before} )"
    for before in ("the", "a", "to", "of", "any", "no", "its", "their", "for", "'s", "by", "less")
)
_VERB = re.compile(
    rf"(?<![\w-]){_NOT_AFTER}(achieve|outperform|improve|reduce|use|provide|show|require|support"
    r"|contain|include|enable|increase|reach|cover|introduce|propose|surpass|need|allow|beat|handle"
    r"|learn|generate|preserve|keep|exceed|combine|rely|yield|offer|maintain|demonstrate)(s?)"
    r"(?![\w-])"
)
_NOT = re.compile(r"\b(?:does not|do not|did not) (\w+)|\b(is|are|was|were|can|could) ?not\b")
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely)\b|\bwhether\b|\bno matter\b", re.IGNORECASE)
_DIRECTIONS = (
    ("increases", "decreases"), ("increase", "decrease"), ("increasing", "decreasing"),
    ("improves", "worsens"), ("improve", "worsen"), ("improving", "worsening"),
    ("higher", "lower"), ("larger", "smaller"), ("faster", "slower"), ("better", "worse"),
    ("more", "less"), ("reduces", "increases"), ("reduce", "increase"), ("reducing", "increasing"),
    ("outperforms", "underperforms"), ("outperform", "underperform"), ("best", "worst"),
    ("outperforming", "underperforming"), ("before", "after"),
    ("highest", "lowest"), ("above", "below"), ("strong", "weak"),
    ("superior", "inferior"), ("surpasses", "trails"), ("exceeds", "trails"), ("beats", "trails"),
    ("raises", "lowers"), ("gain", "loss"), ("gains", "losses"), ("stronger", "weaker"),
)  # fmt: skip
_OPPOSITE = {a: b for a, b in _DIRECTIONS} | {b: a for a, b in reversed(_DIRECTIONS)}
_DIRECTION = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(_OPPOSITE, key=len, reverse=True))})(?![\w-])"
)
# "more" as "and more": nothing is fewer there.
_NO_DIRECTION = re.compile(
    r"(?:more|better|best|before|after) (?:of|than|the|all|and|time)\b|more[,.]"
)

_OPENING = re.compile(
    r"^(?:(?:moreover|furthermore|specifically|additionally|notably|finally|however|in addition"
    r"|in this (?:paper|work|study)|to this end|to address (?:this|these)[^,]{0,40}|as a result"
    r"|in particular|concretely|therefore|thus|further|here|overall|importantly), ?)+",
    re.IGNORECASE,
)
_ASIDE = re.compile(r" ?\((?!\d+\))[^()]{1,60}\)")
_TRAILING = re.compile(
    r", (?:thereby|thus|demonstrating|highlighting|suggesting|showing|making) [^,]*\.$"
)
_AUTHORS = (
    (r"\bWe\b", "The authors"), (r"\bwe\b", "the authors"), (r"\b[Oo]ur\b", "their"),
    (r"\bus\b", "the authors"), (r"\bThis paper\b", "The paper"), (r"\b[Ii]n order to\b", "to"),
)  # fmt: skip


def plant(
    sentence: str,
    *,
    kind: PlantKind,
    rng: random.Random,
    others: Sequence[str] = (),
    context: str = "",
) -> str | None:
    """The sentence with one planted error, None where this kind does not apply.

    Args:
        sentence: a true sentence.
        kind: what is made false: a number changed, two numbers or names exchanged, a name taken
            from another paper ("entity") or from the same abstract ("entity_near"), a denial
            put in or taken out, a direction turned, or the whole sentence another paper's.
        rng: draws which number, name or word it is.
        others: sentences of other papers ("entity" and "other" draw on them).
        context: the abstract the sentence is about ("entity_near" draws on it).
    """
    planter = _PLANTERS[kind]
    planted = planter(sentence, rng, others, context)
    return planted if planted and planted != sentence else None


def retell(sentence: str, *, rng: random.Random) -> str:
    """The sentence as a small model copies it: an opening, an aside or a tail less, "we" named."""
    told = _OPENING.sub("", sentence)
    if rng.random() < 0.5:
        told = _ASIDE.sub("", told)
    if rng.random() < 0.5:
        told = _TRAILING.sub(".", told)
    for pattern, replacement in _AUTHORS:
        told = re.sub(pattern, replacement, told)
    return told[:1].upper() + told[1:]


def _number(sentence: str, rng: random.Random, others: Sequence[str], context: str) -> str | None:
    found = [*_NUMBER.finditer(sentence), *_NUMBER_WORD.finditer(sentence)]
    if not found:
        return None
    match = rng.choice(found)
    present = {other.group() for other in found}
    for _ in range(20):
        changed = _another_number(match.group(), rng)
        if changed not in present:
            return sentence[: match.start()] + changed + sentence[match.end() :]
    return None


def _another_number(written: str, rng: random.Random) -> str:
    if written in _NUMBER_WORDS:
        return rng.choice([word for word in _NUMBER_WORDS if word != written])
    decimals = len(written.partition(".")[2])
    value = float(written.replace(",", ""))
    factor = rng.choice((0.4, 0.5, 0.7, 0.8, 0.9, 1.1, 1.2, 1.5, 1.8, 2.0))
    changed = max(value * factor, 10.0**-decimals)
    if round(changed, decimals) == value:
        changed = value + 1
    return f"{changed:,.{decimals}f}" if "," in written else f"{changed:.{decimals}f}"


def _number_swap(
    sentence: str, rng: random.Random, others: Sequence[str], context: str
) -> str | None:
    return _swap(sentence, list(_NUMBER.finditer(sentence)), rng)


def _entity_swap(
    sentence: str, rng: random.Random, others: Sequence[str], context: str
) -> str | None:
    return _swap(sentence, list(_NAME.finditer(sentence)), rng)


def _swap(sentence: str, found: list[re.Match[str]], rng: random.Random) -> str | None:
    """Exchanges two different matches, unless they only stand in one list ("A, B and C")."""
    pairs = [
        (one, other)
        for at, one in enumerate(found)
        for other in found[at + 1 :]
        if one.group() != other.group() and not _one_list(sentence, one, other, found)
    ]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    return (
        sentence[: one.start()]
        + other.group()
        + sentence[one.end() : other.start()]
        + one.group()
        + sentence[other.end() :]
    )


def _one_list(
    sentence: str, one: re.Match[str], other: re.Match[str], found: list[re.Match[str]]
) -> bool:
    """Whether only a list, or other items of it, stand between the two."""
    between = sentence[one.end() : other.start()]
    if sentence[: one.start()].endswith("from ") and _CHANGES.search(sentence):
        return False
    for match in found:
        if one.end() <= match.start() and match.end() <= other.start():
            between = between.replace(match.group(), "")
    return _LIST.fullmatch(between) is not None


def _entity(sentence: str, rng: random.Random, others: Sequence[str], context: str) -> str | None:
    return _rename(sentence, " ".join(rng.sample(list(others), min(20, len(others)))), rng)


def _entity_near(
    sentence: str, rng: random.Random, others: Sequence[str], context: str
) -> str | None:
    return _rename(sentence, context, rng)


def _rename(sentence: str, source: str, rng: random.Random) -> str | None:
    """A name of the sentence replaced by one of `source` that is not a form of any it has."""
    here = list(_NAME.finditer(sentence))
    known = {_letters(name.group()) for name in here}
    there = [
        name
        for name in sorted({match.group() for match in _NAME.finditer(source)})
        if not any(_letters(name) in mine or mine in _letters(name) for mine in known)
        and _letters(name) not in _letters(sentence)
    ]
    if not here or not there:
        return None
    match = rng.choice(here)
    return sentence[: match.start()] + rng.choice(there) + sentence[match.end() :]


def _letters(name: str) -> str:
    return re.sub(r"\W", "", name).lower().removesuffix("s")


def _negation(sentence: str, rng: random.Random, others: Sequence[str], context: str) -> str | None:
    if _NOT_ONLY.search(sentence):
        return None
    if denied := _NOT.search(sentence):
        kept = denied.group(2) or denied.group(1)
        return sentence[: denied.start()] + kept + sentence[denied.end() :]
    if "without " in sentence:
        return sentence.replace("without ", "with ", 1)
    if match := _AUXILIARY.search(sentence):
        return sentence[: match.end()] + " not" + sentence[match.end() :]
    if match := _VERB.search(sentence):
        does = "does not" if match.group(2) else "do not"
        return f"{sentence[: match.start()]}{does} {match.group(1)}{sentence[match.end() :]}"
    return None


def _direction(
    sentence: str, rng: random.Random, others: Sequence[str], context: str
) -> str | None:
    found = [
        match
        for match in _DIRECTION.finditer(sentence)
        if not _NO_DIRECTION.match(sentence, match.start())
    ]
    if not found or _NOT_ONLY.search(sentence):
        return None
    match = rng.choice(found)
    return sentence[: match.start()] + _OPPOSITE[match.group()] + sentence[match.end() :]


def _other(sentence: str, rng: random.Random, others: Sequence[str], context: str) -> str | None:
    return rng.choice(list(others)) if others else None


_Planter = Callable[[str, random.Random, Sequence[str], str], str | None]
_PLANTERS: dict[PlantKind, _Planter] = {
    "number": _number,
    "number_swap": _number_swap,
    "entity": _entity,
    "entity_near": _entity_near,
    "entity_swap": _entity_swap,
    "negation": _negation,
    "direction": _direction,
    "other": _other,
}
