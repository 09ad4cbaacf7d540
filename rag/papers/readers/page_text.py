"""The lines of a daily-papers page as paragraphs and the small lines under a paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rag.papers.streams import MAX_LINE, Line
from rag.papers.values.dates import Day, month_number

_DOTS = frozenset("·∙•")
_AUTHORS = re.compile(r"(?:[•*·-] ?)?(\d{1,5}) authors?")
_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:, ?(\d{4}))?(?: (\d[\d,]*))?")
_ONE_LINE = re.compile(
    r"(?:[•*-] ?)?(?P<who>\S.{0,98}?)? ?[·∙] ?(?P<day>[A-Za-z]{3,9}\.? \d.{0,24})"
)
TITLE_LENGTH = 200
"""Characters. Of 36,000 arXiv and PubMed papers 0.03 % have a longer title, and 0.06 % a shorter
abstract: the two curves cross here."""
UNWRAPPED = 200
"""Characters. A longer line means that a paragraph is one line: nobody wraps text that wide."""
_LONGEST = 2000  # lines of one paragraph; what is not a page at all must not fill the memory
_ORGANIZATION = 100  # characters; a longer line before the dot is the end of an abstract


class Paragraph(NamedTuple):
    """Text between blank lines, in one line. `problem` says what was wrong with its bytes."""

    line: int
    text: str
    problem: str = ""


@dataclass(slots=True)
class Meta:
    """The lines under an abstract: who, a dot, when, and how many comments."""

    line: int
    author_count: int | None = None
    organization: str | None = None
    day: Day | None = None
    comments: int | None = None
    held: list[Line] = field(default_factory=list)
    after_blank: bool = False

    @property
    def valid(self) -> bool:
        """Whether it says anything; a lone dot does not."""
        return self.day is not None or self.author_count is not None

    def takes(self, line: Line) -> bool:
        """Whether the line belongs to this block; if so it is taken in."""
        taken = line.text in _DOTS or self._takes_day(line.text) or self._takes_count(line.text)
        if not taken and self.author_count is None and self.day is None:
            taken = self._takes_authors(line.text)
        if taken:
            self.held.append(line)
        return taken

    def _takes_authors(self, text: str) -> bool:
        found = _AUTHORS.fullmatch(text)
        self.author_count = int(found[1]) if found else self.author_count
        return found is not None

    def _takes_day(self, text: str) -> bool:
        if self.day is not None or (found := day_with_comments(text)) is None:
            return False
        self.day, self.comments = found
        return True

    def _takes_count(self, text: str) -> bool:
        if (
            self.day is None
            or self.comments is not None
            or self.after_blank
            or not text.isdecimal()
        ):
            return False
        self.comments = int(text)
        return True


Block = Paragraph | Meta


def blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """Paragraphs and `Meta` blocks of a page, in order. Only one paragraph is held at a time."""
    text: list[Line] = []
    size = 0
    meta: Meta | None = None
    for line in _tidy(lines):
        if meta is not None:
            if not line.text and not line.problem:
                meta.after_blank = True
                continue
            if meta.takes(line):
                continue
            if meta.valid:
                yield meta
            else:
                text = meta.held
            meta = None
        blank = not line.text and not line.problem
        full = len(text) == _LONGEST or size > MAX_LINE
        if blank or (meta := _opened(line, text)) is not None or full:
            yield from _paragraphs(text)
            text, size = [], 0
        if not blank and meta is None:
            text.append(line)
            size += len(line.text)
    if meta is not None and meta.valid:
        yield meta
    yield from _paragraphs(text)


def day_with_comments(text: str) -> tuple[Day, int | None] | None:
    """Read "May 26", "May 26 2" (two comments), "May 26, 2024", "May 26, 2024 2"; else None.

    A lone number from 1900 to 2100 is a year with its comma lost: no paper has as many comments.
    """
    found = _DAY.fullmatch(text)
    month = month_number(found[1]) if found else None
    if found is None or month is None or not 1 <= int(found[2]) <= 31:
        return None
    year = int(found[3]) if found[3] else None
    count = int(found[4].replace(",", "")) if found[4] else None
    if year is None and count is not None and 1900 <= count <= 2100:
        year, count = count, None
    return Day(month, int(found[2]), year), count


def could_be_title(text: str) -> bool:
    """Whether a paragraph on its own looks like a title: short, and no full stop at its end."""
    return len(text) <= TITLE_LENGTH and not text.endswith(".")


def organization_name(line: str) -> str:
    """The name in a line "handle Name", as the listing writes it: "naver-ai NAVER AI Lab".

    The first word goes when it is a handle: repeated by what follows, or spelled as no name is.
    """
    handle, _, name = line.partition(" ")
    if not name:
        return line
    squash = [re.sub(r"[\W_]", "", part).casefold() for part in (handle, name)]
    repeated = squash[0][:4] == squash[1][:4]
    is_handle = re.search(r"[-_\d]|[a-z][A-Z]", handle) is not None or handle[0].islower()
    return name if repeated or is_handle else line


def _tidy(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines with single spaces; a bare carriage return ends a line too."""
    for line in lines:
        for part in line.text.split("\n"):
            yield Line(line.number, " ".join(part.split()), line.problem)


def _opened(line: Line, text: list[Line]) -> Meta | None:
    """The block that a line opens, if any; an organisation is taken off the text before it."""
    meta = Meta(line.number)
    if (found := _ONE_LINE.fullmatch(line.text)) and meta._takes_day(found["day"].strip()):
        who = found["who"] or ""
        if who and not meta._takes_authors(who):
            meta.organization = organization_name(who)
        return meta
    if meta._takes_authors(line.text):
        return meta
    if line.text not in _DOTS:
        return None
    if text and len(text[-1].text) <= _ORGANIZATION and not text[-1].problem:
        meta.held.append(text[-1])
        meta.organization = organization_name(text.pop().text)
    meta.held.append(line)
    return meta


def _paragraphs(text: list[Line]) -> Iterator[Paragraph]:
    """One paragraph, unless its lines are long: then each line is a paragraph of its own."""
    if not text:
        return
    if any(len(line.text) > UNWRAPPED for line in text):
        for line in text:
            yield Paragraph(line.number, line.text, line.problem)
        return
    problem = next((line.problem for line in text if line.problem), "")
    yield Paragraph(text[0].number, " ".join(line.text for line in text), problem)
