r"""ArXiv's daily mail: fields, an abstract and an address between lines that begin with "\\"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.papers.readers.made import made, with_universal_id
from rag.papers.rejected import Rejected, excerpt
from rag.papers.remarks import Remarks
from rag.papers.streams import MAX_LINE, Line
from rag.types import Paper

BEGINS = re.compile(r"^\\\\\s*\n(?:arXiv|Paper): ?\S", re.MULTILINE)
"""How an entry begins."""
_FIELD = re.compile(r"(arXiv|Paper|Date|Title|Authors?|Categories|Comments|Journal-ref|DOI): ?(.*)")
_NUMBER = re.compile(r"\S+")
_RULE = re.compile(r"[-%=]{10,}\s*")


class _Entry:
    """An entry being read; `part` counts the lines of backslashes it has had."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.part = 1
        self.fields: dict[str, str] = {}
        self.abstract: list[str] = []
        self.problem = ""
        self._last = ""
        self._size = 0

    def take(self, line: Line) -> None:
        """A line between two lines of backslashes."""
        self.problem = self.problem or line.problem
        self._size += len(line.text)
        if self._size > MAX_LINE:
            self.problem = self.problem or f"an entry of more than {MAX_LINE:,} characters"
        elif self.part == 2:
            self.abstract.append(line.text)
        elif found := _FIELD.match(line.text):
            self._last = found[1]
            self.fields[self._last] = found[2]
        elif self._last and line.text.startswith(" "):
            self.fields[self._last] += " " + line.text.strip()

    @property
    def record(self) -> dict[str, object]:
        """Its values under names of `rag.papers.aliases`."""
        said = self.fields.get
        number = _NUMBER.match(said("arXiv") or said("Paper") or "")
        return with_universal_id(
            {
                "arxiv_id": number[0] if number else "",
                "title": said("Title", ""),
                "abstract": " ".join(self.abstract),
                "authors": said("Authors") or said("Author") or "",
                "date": said("Date", ""),
                "keywords": said("Categories", ""),
                "venue": said("Journal-ref", ""),
                "doi": said("DOI", ""),
            }
        )


def read_listing(
    lines: Iterable[Line], *, name: str, source: str, remarks: Remarks
) -> Iterator[Paper | Rejected]:
    """One paper an entry; an entry of a new version has no abstract and is rejected."""
    for entry in _entries(lines):
        if entry.problem:
            yield Rejected(name, entry.line, entry.problem, excerpt(entry.fields.get("Title", "")))
        else:
            yield made(entry.record, name=name, source=source, line=entry.line, remarks=remarks)


def _entries(lines: Iterable[Line]) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for line in lines:
        if line.text.startswith("\\\\"):
            if entry is None:
                entry = _Entry(line.number)
                continue
            entry.part += 1
            if entry.part == 3 or line.text.startswith("\\\\ ("):
                yield entry
                entry = None
        elif _RULE.fullmatch(line.text):
            if entry is not None and entry.fields:
                yield entry
            entry = None
        elif entry is not None:
            entry.take(line)
    if entry is not None and entry.fields:
        yield entry
