"""Lines that begin with a tag: RIS, MEDLINE (nbib), Web of Science and EndNote's .enw.

One reader; what differs is in a `Dialect`. A record is held, never the file.
Source: https://en.wikipedia.org/wiki/RIS_(file_format), https://www.nlm.nih.gov/bsd/mms/medlineelements.html,
https://images.webofknowledge.com/images/help/WOS/hs_wos_fieldtags.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rag.papers.readers.dialects import Dialect
from rag.papers.readers.made import made, with_universal_id
from rag.papers.rejected import Rejected, excerpt
from rag.papers.remarks import Remarks
from rag.papers.streams import MAX_LINE, Line
from rag.types import Paper


@dataclass(slots=True)
class _Entry:
    """A record being read: its tags in order, each with its value's lines."""

    line: int
    values: list[tuple[str, list[str]]] = field(default_factory=list)
    size: int = 0
    problem: str = ""

    def take(self, tag: str, text: str) -> None:
        """A new value, or with no tag one more line of the last."""
        self.size += len(text)
        if self.size > MAX_LINE:
            self.problem = self.problem or f"a record of more than {MAX_LINE:,} characters"
        elif tag:
            self.values.append((tag, [text]))
        elif self.values:
            self.values[-1][1].append(text)


def read_tagged(
    lines: Iterable[Line], dialect: Dialect, *, name: str, source: str, remarks: Remarks
) -> Iterator[Paper | Rejected]:
    """One paper a record. Lines before the first are skipped."""
    for entry in _entries(lines, dialect):
        if entry.problem:
            yield Rejected(name, entry.line, entry.problem, excerpt(_shown(entry)))
            continue
        record = with_universal_id(dialect.record(entry.values))
        yield made(record, name=name, source=source, line=entry.line, remarks=remarks)


def _entries(lines: Iterable[Line], dialect: Dialect) -> Iterator[_Entry]:
    """The records: each from a tag that begins one to the tag that ends it, or to the next one."""
    entry: _Entry | None = None
    for line in lines:
        found = dialect.line.match(line.text)
        tag = found["tag"] if found else ""
        if tag in dialect.begins and not line.problem:
            if entry is not None:
                yield entry
            entry = _Entry(line.number)
        if entry is None:
            continue
        entry.problem = entry.problem or line.problem
        if tag and tag == dialect.ends:
            yield entry
            entry = None
        elif found:
            entry.take(tag, found["text"] or "")
        elif text := line.text.strip():
            entry.take("", text)
    if entry is not None:
        yield entry


def _shown(entry: _Entry) -> str:
    return " ".join(text for _, texts in entry.values[:4] for text in texts[:1])
