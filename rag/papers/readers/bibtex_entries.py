"""The entries of a BibTeX file and the fields of an entry, each character looked at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rag.papers.rejected import UnusableRecordError, excerpt
from rag.papers.streams import MAX_LINE, Line

Fields = dict[str, str]

UNCLOSED = "a brace is left open"
"""What is wrong with an entry that does not end; its fields may be whole nonetheless."""
NO_COMMA = ","
"""In the fields of an entry whose key ends without a comma; no field has this name."""

_BEGINS = re.compile(r"\s*@\s*([A-Za-z]+)\s*([{(])")
_BEGINS_BEHIND = re.compile(r"(?<![\w.])@\s*([A-Za-z]+)\s*([{(])")  # an entry on the same line
_KEY = re.compile(r"[^,={}\"]*,")
_BARE_KEY = re.compile(r"\s*[^\s,={}\"#()]+[ \t]*\n\s*(?=[A-Za-z][\w-]*\s*=)")
_NAME = re.compile(r"[\s,]*([^\s=,{}\"#()]+)\s*=\s*")
_END = re.compile(r"[\s,]*(?:[})]\s*)?\Z")
_JOINT = re.compile(r"\s*#\s*")
_WORD = re.compile(r"[^\s,#{}\"()=]+")
_BRACES, _QUOTED, _ROUND = re.compile(r"[{}]"), re.compile(r"[{}\"]"), re.compile(r"[{}\")]")
_TEXTS = ("title", "abstract", "author")


@dataclass(slots=True)
class Entry:
    """A block that begins with "@": the line it begins on, its kind, and what is wrong with it."""

    line: int
    kind: str
    opener: str
    problem: str = ""
    parts: list[str] = field(default_factory=list)
    size: int = 0
    depth: int = 0
    quoted: bool = False
    loose: int = 0  # braces that close nothing, behind the end of the entry

    @property
    def text(self) -> str:
        """The block as it stands in the file."""
        return "".join(self.parts)

    def take(self, text: str, start: int, place: int) -> int | None:
        """Take a line in, from `start`; the place behind the entry's end, None if it goes on."""
        end = self._end(text, place)
        self.size += (len(text) if end is None else end) - start
        if self.size > MAX_LINE:
            self.problem = self.problem or f"an entry of more than {MAX_LINE:,} characters"
        else:
            self.parts.append(text[start:end])
        return end

    def _end(self, text: str, place: int) -> int | None:
        round = self.opener == "("
        for found in (_ROUND if round else _BRACES).finditer(text, place):
            if found[0] == "{":
                self.depth += 1
            elif found[0] == "}":
                self.depth -= 1
                if self.depth < 0 and not round:
                    return found.end()
            elif found[0] == '"':
                self.quoted ^= self.depth == 0
            elif self.depth <= 0 and not self.quoted:
                return found.end()
        return None


def entries(lines: Iterable[Line]) -> Iterator[Entry]:
    """All blocks of a file, in order. Braces that balance end one; text between them is skipped."""
    splitter = _Splitter()
    for line in lines:
        yield from splitter.take(line)
    yield from splitter.rest()


class _Splitter:
    """Takes lines in and gives entries out, each when the next one begins.

    A brace too many ends an entry early, and what follows it would be lost in silence: it shows
    as a brace that closes nothing, before the next entry.
    """

    def __init__(self) -> None:
        self._open: Entry | None = None
        self._ended: Entry | None = None

    def take(self, line: Line) -> Iterator[Entry]:
        """The entries that a line brings to light."""
        text, place = line.text + "\n", 0
        if self._open and text.startswith("@") and _BEGINS.match(text):
            yield from self.rest()
        while place < len(text):
            start = inside = place
            if self._open is None:
                found = (_BEGINS_BEHIND.search if place else _BEGINS.match)(text, place)
                if self._ended:
                    between = text[place : found.start() if found else None]
                    self._ended.loose += between.count("}") - between.count("{")
                if found is None:
                    return
                yield from self.rest()
                self._open = Entry(line.number, found[1].casefold(), found[2])
                start, inside = found.start(), found.end()
            self._open.problem = self._open.problem or line.problem
            end = self._open.take(text, start, inside)
            if end is None:
                return
            self._open, self._ended, place = None, self._open, end

    def rest(self) -> Iterator[Entry]:
        """The entry that is held."""
        if self._ended is not None:
            if self._ended.loose > 0:
                self._ended.problem = self._ended.problem or "a brace closes it too early"
            yield self._ended
        if self._open is not None:
            self._open.problem = self._open.problem or UNCLOSED
            yield self._open
        self._open = self._ended = None


def fields_of(text: str, strings: Mapping[str, str]) -> Fields:
    """The fields of an entry by their names in small letters, values without their braces.

    Args:
        text: the entry.
        strings: what @string definitions stand for, by name in small letters.

    Raises:
        UnusableRecordError: it is not BibTeX, or a text of the paper would be lost.
    """
    found = _BEGINS.match(text)
    assert found is not None
    fields: Fields = {}
    place = found.end()
    if key := _KEY.match(text, place):
        place = key.end()
    elif key := _BARE_KEY.match(text, place):
        place, fields[NO_COMMA] = key.end(), ""
    while name := _NAME.match(text, place):
        known = name[1].casefold()
        value, place = _value(text, name.end(), known, strings)
        if known in _TEXTS and value.split() != fields.get(known, value).split():
            raise UnusableRecordError(f"the field {known} stands in it twice")
        if not fields.get(known):
            fields[known] = value
    if not _END.match(text, place):
        raise UnusableRecordError(f"not BibTeX at {excerpt(text[place : place + 80])!r}")
    return fields


def _value(text: str, place: int, name: str, strings: Mapping[str, str]) -> tuple[str, int]:
    """The value that begins at a place, its pieces joined, and where it ends."""
    pieces: list[str] = []
    size = 0
    while True:
        opener = text[place : place + 1]
        if opener in ("{", '"') and opener:
            end = _closing(text, place)
            pieces.append(text[place + 1 : end])
            place = end + 1
        elif word := _WORD.match(text, place):
            pieces.append(_meant(word[0], name, strings))
            place = word.end()
        else:
            raise UnusableRecordError(f"not BibTeX: the field {excerpt(name)} has no value")
        size += len(pieces[-1])
        if size > MAX_LINE:
            raise UnusableRecordError(f"a field of more than {MAX_LINE:,} characters")
        joint = _JOINT.match(text, place)
        if joint is None:
            return "".join(pieces), place
        place = joint.end()


def _meant(word: str, name: str, strings: Mapping[str, str]) -> str:
    """What a bare word stands for: a number for itself, another for its @string or a month."""
    meant = strings.get(word.casefold())
    if meant is None and name in _TEXTS and not word.isdecimal():
        raise UnusableRecordError(f"{name} is the @string {excerpt(word)!r}, which is not defined")
    return word if meant is None else meant


def _closing(text: str, place: int) -> int:
    """Where the brace or the quote at a place is closed."""
    quoted = text[place] == '"'
    depth = 0
    for found in (_QUOTED if quoted else _BRACES).finditer(text, place + 1):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}" and (quoted or depth > 0):
            depth -= 1
        elif depth <= 0:
            return found.start()
    raise UnusableRecordError("not BibTeX: a brace or a quote is left open")
