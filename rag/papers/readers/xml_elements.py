"""XML, an element at a time: entities that a file defines are refused, and bombs of nesting.

What expands ("billion laughs") has to be declared first, so no declaration is taken; external
files are never looked at. Source: https://docs.python.org/3/library/xml.html#xml-vulnerabilities
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from rag.errors import InputError
from rag.papers.streams import MAX_LINE

DEEPEST = 100
"""Elements in elements. Exports of papers nest ten deep, MathML twenty."""


@dataclass(slots=True)
class Element:
    """An element without its namespace: a name, attributes, text and what stands in it."""

    name: str
    line: int
    attributes: dict[str, str]
    parts: list[str | Element] = field(default_factory=list)

    @property
    def children(self) -> Iterator[Element]:
        """The elements in it, in order."""
        return (part for part in self.parts if isinstance(part, Element))

    @property
    def text(self) -> str:
        """All text in it, however deep, as it stands."""
        ahead: list[str | Element] = [self]
        found: list[str] = []
        while ahead:
            part = ahead.pop()
            if isinstance(part, str):
                found.append(part)
            else:
                ahead.extend(reversed(part.parts))
        return "".join(found)

    def all(self, *path: str) -> list[Element]:
        """The elements at the end of a path of names below this one."""
        found = [self]
        for name in path:
            found = [child for one in found for child in one.children if child.name == name]
        return found

    def first(self, *path: str) -> str:
        """The text of the first element at a path that has any, else ""."""
        return next((text for one in self.all(*path) if (text := one.text.strip())), "")


def elements(texts: Iterable[str], names: frozenset[str], *, name: str) -> Iterator[Element]:
    """The elements of these names, each when it ends; others are not held.

    Raises:
        InputError: it is not XML, or not to its end (after the elements before), it declares
            entities, or it nests deeper than any export.
    """
    reader = _Reader(names, name)
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator="\x1f")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = reader.refuse
    # Names of HTML ("&nbsp;") that a file uses and does not declare are no end of it.
    parser.UseForeignDTD(True)
    parser.SkippedEntityHandler = reader.named
    reader.parser = parser
    for text in filter(None, texts):  # an empty piece would be the end
        yield from _fed(parser, reader, text, name=name)
    yield from _fed(parser, reader, "", name=name)


def _fed(
    parser: expat.XMLParserType, reader: _Reader, text: str, *, name: str
) -> Iterator[Element]:
    error: expat.ExpatError | None = None
    try:
        parser.Parse(text.encode("utf-8", "replace"), not text)
    except expat.ExpatError as found:
        error = found
    yield from reader.taken()
    if error is not None:
        raise InputError(
            f"{name}, line {error.lineno}: not XML from here on "
            f"({expat.ErrorString(error.code)}); what stands before it was read. "
            "Export the file again"
        )


class _Reader:
    """Builds the wanted elements while the parser goes through the file."""

    parser: expat.XMLParserType

    def __init__(self, names: frozenset[str], file: str) -> None:
        self._names = names
        self._file = file
        self._open: list[Element] = []
        self._done: list[Element] = []
        self._depth = 0
        self._size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise InputError(
                f"{self._file}, line {self.parser.CurrentLineNumber}: elements in elements, more "
                f"than {DEEPEST} deep: this is no export of papers"
            )
        local = name.rpartition("\x1f")[2]
        if not self._open and local not in self._names:
            return
        plain = {key.rpartition("\x1f")[2]: value for key, value in attributes.items()}
        element = Element(local, self.parser.CurrentLineNumber, plain)
        if self._open:
            self._open[-1].parts.append(element)
        self._open.append(element)

    def end(self, name: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._done.append(element)
                self._size = 0

    def data(self, text: str) -> None:
        if not self._open:
            return
        self._size += len(text)
        if self._size <= MAX_LINE:
            self._open[-1].parts.append(text)

    def named(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self.data(html.unescape(f"&{name};"))

    def refuse(self, *declared: object) -> None:
        raise InputError(
            f"{self._file}, line {self.parser.CurrentLineNumber}: it declares entities of its own "
            f"({declared[0]}), which are not expanded: export it without a DOCTYPE"
        )

    def taken(self) -> list[Element]:
        """The elements that have ended since this was last asked."""
        done, self._done = self._done, []
        return done
