r"""Numbers of a sentence: what they are worth, what they count, and whether two are the same.

"93%", "93 percent", "93\%"; "1,317"; "1.5B", "1.5 billion"; "thirty-two"; "half", "50%"; "3x",
"three times", "3-fold". Rules, no model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rag.language.numerals import bounded, real
from rag.language.wording import folded

Unit = Literal["plain", "percent", "times"]
Bound = Literal["", "above", "below", "most", "about"]

_ONE_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS: dict[str, float] = {word: float(value) for value, word in enumerate(_ONE_WORDS.split())}
_WORDS |= {word: 10.0 * value for value, word in enumerate(_TEN_WORDS.split(), start=2)}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12, "mn": 1e6, "bn": 1e9, "dozen": 12.0,
}  # fmt: skip
# Words that are a number and its unit at once. "double" is also an adjective ("double integral"),
# "single" and "one" are nearly always grammar: they carry no claim that could be compared.
_WHOLE: dict[str, tuple[float, Unit]] = {
    "half": (50.0, "percent"), "halves": (50.0, "percent"), "halved": (50.0, "percent"),
    "halving": (50.0, "percent"), "twice": (2.0, "times"), "thrice": (3.0, "times"),
    "doubles": (2.0, "times"), "doubled": (2.0, "times"), "doubling": (2.0, "times"),
    "triples": (3.0, "times"), "tripled": (3.0, "times"), "tripling": (3.0, "times"),
    "threefold": (3.0, "times"), "twofold": (2.0, "times"), "tenfold": (10.0, "times"),
    "fourfold": (4.0, "times"), "fivefold": (5.0, "times"),
    "dozen": (12.0, "plain"), "order of magnitude": (10.0, "times"),
    "dual": (2.0, "plain"), "twin": (2.0, "plain"),
}  # fmt: skip

_SPELLED = "|".join(sorted((*_WORDS, "hundred", "thousand"), key=len, reverse=True))
_SCALE = "(?i:hundred|thousand|million|billion|trillion|dozen|mn|bn)|[kKMBTmb]"
_UNIT = r"\\?%|percent(?:age)?|per cent|\\?times|[x\u00d7]|-?fold"
# A digit run glued to letters before it belongs to a name (GPT-4, T42, VQ2); "1.34-1.08" does not.
_NUMBER = re.compile(
    rf"""(?<![A-Za-z0-9_.])(?<![A-Za-z0-9_][-\u2013])
         (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d])\.\d+)
         (?:[\s-]?(?P<scale>{_SCALE})(?![A-Za-z0-9]))?
         (?:[\s~-]?[$]?(?P<unit>{_UNIT})(?![A-Za-z0-9]))?
         (?![A-Za-oq-z0-9]*[A-Za-z]+\d|D\b)""",
    re.VERBOSE,
)
# What joins a range or a size, and LaTeX run into a number: "1.34-1.08", "512x512", "approx1.9M".
_GLUED = re.compile(
    r"(?<=[\d%xKMB])\s?[-\u2013]{1,2}\s?(?=\d)"
    r"|(?<=\d)\s?(?:[x\u00d7]|\\?times|by)\s?(?=\d)"
    r"|(?<![A-Za-z])(?:approx|sim|geq?|leq?)(?=\d)"
)
_RANGE = re.compile(r"\s?(?:[-\u2013]{1,2}|to)\s?")
_WORD_NUMBER = re.compile(
    rf"""(?<![\w-])(?P<whole>{"|".join(key.replace(" ", "[ ]") for key in _WHOLE)})(?!\w)
       | (?<![\w])(?P<spelled>(?:{_SPELLED})(?:[\s-](?:and[\s-])?(?:{_SPELLED}))*)
         (?:[\s-](?P<scale>million|billion|trillion|thousand|hundred|dozen)s?)?
         (?:[\s-](?P<unit>percent|per\ cent|times|fold))?(?![\w]|-dimensional)""",
    re.VERBOSE | re.IGNORECASE,
)
_BOUND_WORDS: tuple[tuple[Bound, str], ...] = (
    ("most", r"up\s?to|as (?:much|many|high|large|long|little|few) as|at most|maximum of"),
    (
        "below",
        r"(?:less|fewer|lower|smaller|shorter) than|under|below|nearly|almost|within"
        r"|short of|not (?:even|more than)|no (?:more|higher) than|[<\u2264]",
    ),
    (
        "above",
        r"(?:more|greater|higher|larger|better|longer) than|over|above|exceed(?:s|ing|ed)?"
        r"|at least|beyond|past|upwards of|no (?:less|fewer) than|[>\u2265]",
    ),
    ("about", r"about|around|roughly|approximately|approx\.?|some|circa|[~\u2248\u223c]|close to"),
)
_BOUNDS = tuple(
    (bound, re.compile(rf"(?<![a-z])(?:{words})(?:\s+(?:an?|the|about|around))?\s*[$~]?$", re.I))
    for bound, words in _BOUND_WORDS
)
_PLUS = re.compile(r"\s?\+")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written at `text[start:end]`: 1.5B is worth 1.5e9, half is worth 50 percent.

    `decimals` counts the written digits after the point, less the scale's (1.5B has -8);
    `spelled` says that no digit was written; `bound` is what stands before it: "over 30" is above,
    "up to 30" is most.
    """

    value: float
    unit: Unit
    start: int
    end: int
    decimals: int = 0
    spelled: bool = False
    bound: Bound = ""


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """All numbers of `text` in reading order; "one" and "single" are left out, they are grammar.

    So are numbers beyond all bounds (rag/language/numerals.py): they stay words.
    """
    spaced = _GLUED.sub(lambda glue: " " * len(glue.group()), text)
    read = (_from_digits(spaced, match) for match in _NUMBER.finditer(spaced))
    found = [quantity for quantity in read if quantity is not None]
    found = _with_shared_units(text, found)
    taken = [(quantity.start, quantity.end) for quantity in found]
    for match in _WORD_NUMBER.finditer(spaced):
        inside = any(start < match.end() and match.start() < end for start, end in taken)
        spelled = None if inside else _from_words(spaced, match)
        if spelled is not None:
            found.append(spelled)
    return tuple(sorted(found, key=lambda quantity: quantity.start))


def same_quantity(stated: Quantity, known: Quantity) -> bool:
    """Whether `stated` may be said where `known` is written: equal, or `known` rounded.

    Rounding drops written digits ("36.0" -> "36", "41.37" -> "41.4") but keeps two of them, so
    that 4.9 does not become 5. A percentage is a share (36% = 0.36) and "half" is 50 %.
    """
    if {stated.unit, known.unit} == {"percent", "times"}:
        return False
    values = [known.value]
    if stated.unit != known.unit and "percent" in (stated.unit, known.unit):
        values.append(known.value * (100.0 if stated.unit == "percent" else 0.01))
    return any(_rounds_to(value, stated, known) for value in values)


def opposite_bounds(stated: Quantity, known: Quantity) -> bool:
    """Whether one is a floor and the other a ceiling: "over 30%" against "under 30%"."""
    poles = {"above": 1, "below": -1, "most": -1}
    return poles.get(stated.bound, 0) * poles.get(known.bound, 0) < 0


_JOINT = re.compile(r",\s*(?:and\s|or\s)?|\s(?:and|or)\s")


def listed_counts(text: str) -> frozenset[int]:
    """How many items its enumerations have: "planning, memory, and action" gives 3."""
    counts: set[int] = set()
    for run in re.split(r"[.;:()]|\s--\s", text):
        items = 1
        for joint in _JOINT.findall(run):
            items += 1
            if joint.strip(" ,"):  # "and" or "or" comes before the last
                counts.add(items)
                items = 0
    counts.add(len(re.findall(r"\((?:\d|[ivx]+|[a-f])\)", text)))
    return frozenset(counts)


def _with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """In "5-40%" and "2 to 4 times" the unit is said once and holds for both ends."""
    shared = list(found)
    for at in range(len(found) - 2, -1, -1):
        one, other = shared[at], shared[at + 1]
        joined = _RANGE.fullmatch(text[one.end : other.start])
        if joined and one.unit == "plain" and other.unit != "plain":
            shared[at] = replace(one, unit=other.unit)
    return shared


def _rounds_to(value: float, stated: Quantity, known: Quantity) -> bool:
    if abs(value - stated.value) <= 1e-9 * max(abs(value), 1.0):
        return True
    digits = len(str(round(abs(stated.value) * 10.0**stated.decimals)))
    if stated.spelled or digits < 2 or stated.decimals >= known.decimals:
        return False
    return abs(value - stated.value) <= 0.5 * 10.0**-stated.decimals + 1e-9


def _from_digits(text: str, match: re.Match[str]) -> Quantity | None:
    digits = match["digits"].replace(",", "")
    scale = _SCALES[folded(match["scale"])] if match["scale"] else 1.0
    written = real(digits)
    if written is None:
        return None
    decimals = len(digits.partition(".")[2])
    power = len(f"{scale:.0f}") - 1 if scale != 12.0 else 0
    bound = _bound_before(text, match.start())
    if not bound and _PLUS.match(text, match.end()):
        bound = "above"
    return Quantity(
        value=written * scale,
        unit=_unit(match["unit"]),
        start=match.start(),
        end=match.end(),
        decimals=decimals - power,
        bound=bound,
    )


def _from_words(text: str, match: re.Match[str]) -> Quantity | None:
    unit: Unit
    if match["whole"]:
        value, unit = _WHOLE[folded(match["whole"])]
    else:
        value, unit = _spelled_value(folded(match["spelled"])), _unit(match["unit"])
        value *= _SCALES[folded(match["scale"])] if match["scale"] else 1.0
        if value <= 1.0 or bounded(value) is None:
            return None
    bound = _bound_before(text, match.start())
    return Quantity(value, unit, match.start(), match.end(), spelled=True, bound=bound)


def _spelled_value(words: str) -> float:
    total = group = 0.0
    for word in re.split(r"[\s-]+", words):
        if word in _WORDS:
            group += _WORDS[word]
        elif word in _SCALES:
            group = max(group, 1.0) * _SCALES[word]
            if word == "thousand":
                total, group = total + group, 0.0
    return total + group


def _unit(written: str | None) -> Unit:
    if not written:
        return "plain"
    return "percent" if folded(written).startswith(("%", "\\%", "per")) else "times"


def _bound_before(text: str, start: int) -> Bound:
    before = text[max(0, start - 28) : start]
    return next((bound for bound, pattern in _BOUNDS if pattern.search(before)), "")
