"""Numbers as people write them: "twenty twenty-three", "a dozen", "half a dozen", "five-ish"."""

from __future__ import annotations

import re
from typing import Final

from rag.language.wording import folded

_UNITS: Final = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen""".split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL: Final = {word: number for number, word in enumerate(_UNITS)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_TWO: Final = "|".join(_TENS)
_ONE: Final = "|".join(_UNITS[1:10])
_BELOW_HUNDRED: Final = rf"(?:(?:{_TWO})[- ](?:{_ONE})|{'|'.join(_SMALL)})"
_LARGE: Final = re.compile(
    rf"\b(?:(?P<thousands>{_BELOW_HUNDRED}) thousand(?: and)?(?: (?P<rest>{_BELOW_HUNDRED}))?|"
    rf"(?P<century>nineteen|twenty)[- ](?P<year>(?:{_TWO})[- ](?:{_ONE})|ten|eleven|twelve|"
    rf"\w+teen|{_TWO})(?!s)|(?P<small>{_BELOW_HUNDRED}))\b",
    re.IGNORECASE,
)
_AMOUNTS: Final = (
    (re.compile(r"\bhalf a dozen\b", re.I), "6"),
    (re.compile(r"\b(?:a |one )?dozen\b", re.I), "12"),
    (re.compile(r"\b(?:a )?handful\b", re.I), "5"),
    (re.compile(r"\b(?:a )?couple(?: of)?\b", re.I), "2"),
    (re.compile(r"\b(?:a )?hundred\b", re.I), "100"),
    (re.compile(r"\b(?:a )?thousand\b", re.I), "1000"),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
)


def in_digits(text: str) -> str:
    """`text` in lower case with the numbers in it written as digits."""
    text = folded(text)
    for pattern, number in _AMOUNTS[:4]:
        text = pattern.sub(number, text)
    text = _LARGE.sub(lambda match: str(_value(match)), text)
    for pattern, number in _AMOUNTS[4:]:
        text = pattern.sub(number, text)
    return text


def numbers_in(text: str) -> list[int]:
    """The whole numbers of a text, in order, written out or not."""
    return [int(number) for number in re.findall(r"\d{1,9}", in_digits(text))]


def _value(match: re.Match[str]) -> int:
    if match["thousands"]:
        return 1000 * _small(match["thousands"]) + _small(match["rest"] or "zero")
    if match["century"]:
        return 100 * _small(match["century"]) + _small(match["year"])
    return _small(match["small"])


def _small(words: str) -> int:
    return sum(_SMALL.get(word, 0) for word in re.split(r"[- ]", words))
