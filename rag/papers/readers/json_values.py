"""The records of JSON that is not one object a line: a list, an envelope, pretty-printed objects.

A record is held, never the file. Damage costs its own record: no string of JSON goes on over the
end of its line, so there a string left open is taken for closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from rag.papers.streams import MAX_LINE

Mode = Literal["objects", "elements"]
"""What counts as a record: objects that stand by themselves, or the objects in lists."""

_OUTSIDE = re.compile(r'["{}\[\]\n]')
_INSIDE = re.compile(r'["\\\n]')
DEEPEST = 500
"""Brackets in brackets. What is deeper is no record, and Python could not read it."""


class Value(NamedTuple):
    """An object as it is written, and the line it begins on; `problem` where it is not whole."""

    line: int
    text: str
    problem: str = ""


def values(texts: Iterable[str], *, mode: Mode) -> Iterator[Value]:
    """The objects of a text, in order.

    With "elements", the objects that stand in a list, whatever that list stands in; with
    "objects", those that stand in nothing, and in a list at the top.
    """
    scanner = _Scanner(mode)
    for text in texts:
        yield from scanner.take(text)
    if scanner.parts or scanner.depth:
        problem = scanner.problem or "JSON that ends too early"
        yield Value(scanner.line if scanner.parts else scanner.number, scanner.held(), problem)


class _Scanner:
    """Goes through a text once, knowing what is open."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._open: list[str] = []  # brackets around the record
        self._in_string = False
        self._escaped = False
        self.depth = 0  # brackets in the record
        self.parts: list[str] = []
        self._size = 0
        self.line = 1
        self.number = 1
        self.problem = ""

    def held(self) -> str:
        """The record as far as it goes."""
        return "".join(self.parts)

    def take(self, text: str) -> Iterator[Value]:
        """The records that end in a piece of text."""
        place = begins = 0
        if self._escaped and text:
            place, self._escaped = 1, False
        while found := (_INSIDE if self._in_string else _OUTSIDE).search(text, place):
            sign, place = found[0], found.end()
            if sign == "\n":
                self.number += 1
                self._in_string = False
            elif sign == '"':
                self._in_string = not self._in_string
            elif sign == "\\":
                self._escaped = place == len(text)
                place += 1
            elif self.depth:
                self.depth += 1 if sign in "{[" else -1
                self._bound()
                if not self.depth:
                    self._keep(text[begins:place])
                    yield self._ended()
            elif sign == "{" and self._is_record():
                self.depth, self.line, begins = 1, self.number, found.start()
            else:
                self._around(sign)
        if self.depth:
            self._keep(text[begins:])

    def _is_record(self) -> bool:
        if self._mode == "elements":
            return bool(self._open) and self._open[-1] == "["
        return not self._open or self._open == ["["]

    def _around(self, sign: str) -> None:
        if sign in "{[":
            if len(self._open) < DEEPEST:
                self._open.append(sign)
        elif self._open:
            self._open.pop()

    def _bound(self) -> None:
        if self.depth > DEEPEST:
            self.problem = self.problem or f"JSON that cannot be read (more than {DEEPEST} deep)"

    def _keep(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_LINE:
            self.problem = self.problem or f"a record of more than {MAX_LINE:,} characters"
            del self.parts[8:]
        else:
            self.parts.append(text)

    def _ended(self) -> Value:
        value = Value(self.line, self.held(), self.problem)
        self.parts, self._size, self.problem = [], 0, ""
        return value
