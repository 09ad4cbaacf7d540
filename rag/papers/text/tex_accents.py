r"""Accents of TeX as the letters that they make: `\~\^e`, `\'{\u a}` and `\"{\i}` too."""

from __future__ import annotations

import re
import unicodedata

_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_LETTER = r"[^\W\d_][\u0300-\u036f]*|\\[ij](?![A-Za-z])"
# A mark that is a letter ends where its name does: "\u a" and "\u{a}", but not "\under".
_ACCENTED = re.compile(
    rf"\\(?P<mark>[`'^~=.\"]|[uHrvdckb](?=[\s{{\\]))\s*"
    rf"(?:\{{\s*(?P<braced>{_LETTER})\s*\}}|(?P<bare>{_LETTER}))"
)
_CODED = re.compile(r"\\unicode\{(?:x([0-9A-Fa-f]{2,5})|(\d{2,6}))\}")
_DOTLESS = {r"\i": "i", r"\j": "j"}
_MOST = 6
"""Accents on accents. Vietnamese has two."""


def accented(text: str) -> str:
    """The text with its accents set, the innermost first."""
    for _ in range(_MOST):
        made = _ACCENTED.sub(_letter, text)
        if made == text:
            break
        text = made
    return text


def coded(text: str) -> str:
    r"""The text with its characters in the place of their codes, `\unicode{x2013}`."""
    return _CODED.sub(_character, text) if "\\unicode" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    return chr(code) if code < 0xD800 or 0xE000 <= code < 0x110000 else ""


def _letter(found: re.Match[str]) -> str:
    letter = found["braced"] or found["bare"]
    base = _DOTLESS.get(letter, letter)
    return unicodedata.normalize("NFC", base + _MARKS[found["mark"]])
