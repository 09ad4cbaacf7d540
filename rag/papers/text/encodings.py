"""Which encoding a text has, and its bytes in UTF-8: what is read here is read everywhere after.

Told by what the bytes are, not by a guess at languages: UTF-16 and UTF-32 by their marks or their
zeros; Windows-1252 (Latin-1 is a part of it) where nearly all that is not UTF-8 is a letter or a
sign that Western texts have, where they have it. Anything else stays as it is, and the lines that
it damages are rejected: a wrong guess would be quoted.
"""

# ruff: noqa: RUF001 (the signs are the point)

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import Protocol

from rag.papers.remarks import Remarks

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ESCAPED = re.compile("[\udc80-\udcff]")
_WIDE = re.compile("[^\x00-\x7f\udc80-\udcff]")
_LETTERS = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýßœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒŠŽðþ")
_SIGNS = frozenset("€‚„…‘’“”•–—™\xa0¡£¥§©ª«\xad®°±²³´µ·¹º»¼½¾¿×÷†‡‰‹›")
_ENOUGH = 0.9
"""Share of the bytes that are not UTF-8 that must look right as Windows-1252."""
_SAMPLE = 200_000
"""Bytes in doubt that are looked at; more tell no more."""
_ZEROS = 0.4
"""Share of zeros at every second byte from which on a text is UTF-16: ASCII has them all there."""
_LONGEST = 8 * 2**20

WINDOWS = "windows-1252"


class Reads(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes: ...  # noqa: D102 (as files have it)


class Census:
    """What the bytes of a text are; take them all in, or as many as can be had."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._pending = False
        self._wide = 0
        self._doubted = 0
        self._right = 0
        self._before = " "

    def take(self, data: bytes) -> None:
        """The next bytes."""
        if data.isascii() and not self._pending:
            self._before = chr(data[-1]) if data else self._before
            return
        text = self._before + self._decoder.decode(data)
        self._pending = bool(self._decoder.getstate()[0])
        self._wide += len(_WIDE.findall(text))
        for found in _ESCAPED.finditer(text, 1) if self._doubted < _SAMPLE else ():
            self._doubted += 1
            self._right += _is_western(text, found.start())
        self._before = text[-1:]

    @property
    def is_windows(self) -> bool:
        """Whether what is not UTF-8 is Windows-1252, and more than a slip in a text of UTF-8."""
        return self._doubted > self._wide / 2 and self._right >= _ENOUGH * max(1, self._doubted)


def _is_western(text: str, place: int) -> bool:
    """Whether a byte is a letter beside letters or a sign, read as Windows-1252."""
    sign = _meant(text[place])
    if sign in _SIGNS:
        return True
    near = (text[place - 1 : place], text[place + 1 : place + 2])
    before, after = (_meant(one) if _ESCAPED.match(one) else one for one in near)
    if sign not in _LETTERS or (sign.isupper() and before.islower()):
        return False
    return (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())


def _meant(byte: str) -> str:
    return bytes([ord(byte) - 0xDC00]).decode(WINDOWS, "replace")


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 where a text begins like it, else None."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    pairs = len(head) // 2
    if pairs < 8:
        return None
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = (head[at::2].count(0) for at in (start, 1 - start))
        if zeros > _ZEROS * pairs and not others:
            return name
    return None


class Recoded:
    """The bytes of a source in another encoding, or with other line ends, in UTF-8."""

    def __init__(self, inner: Reads, *, encoding: str | None, returns: bool = False) -> None:
        """Nothing is read yet.

        Args:
            inner: the bytes.
            encoding: a wide encoding, or `WINDOWS` for lines that are not UTF-8; None for none.
            returns: whether lines end in a carriage return alone, as on old Macs.
        """
        self._inner = inner
        self._returns = returns
        self._windows = encoding == WINDOWS
        self._rest = b""
        wide = encoding if encoding and not self._windows else None
        self._decoder = codecs.getincrementaldecoder(wide)("replace") if wide else None

    def read(self, size: int, /) -> bytes:
        """Some bytes; b"" at the end."""
        while data := self._inner.read(size):
            if made := self._made(data, last=False):
                return made
        return self._made(b"", last=True)

    def _made(self, data: bytes, *, last: bool) -> bytes:
        if self._decoder is not None:
            text = self._decoder.decode(data, last)
            data = text.encode("utf-8", "replace")
        if self._returns:
            data = data.replace(b"\r", b"\n")
        return self._lines(data, last=last) if self._windows else data

    def _lines(self, data: bytes, *, last: bool) -> bytes:
        """All whole lines so far, each in UTF-8 already or else in Windows-1252."""
        whole, end, rest = (self._rest + data).rpartition(b"\n")
        if last or len(rest) > _LONGEST:
            whole, end, rest = whole + end + rest, b"", b""
        self._rest = rest
        if whole.isascii():
            return whole + end
        return b"\n".join(map(_in_utf8, whole.split(b"\n"))) + end


def _in_utf8(line: bytes) -> bytes:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return line.decode(WINDOWS).encode("utf-8")
        except UnicodeDecodeError:  # a byte that Windows-1252 has no sign for
            return line
    return line


def told(encodings: Iterable[str], remarks: Remarks) -> None:
    """Say in the report which encoding was read."""
    for encoding in encodings:
        name = encoding.removesuffix("-le").removesuffix("-be")
        remarks.add(f"the text is {name}, which was read as such", where="line 1")
