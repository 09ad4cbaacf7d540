"""Daily-papers pages: text copied from the listing, a record being title, abstract, small lines.

Nothing marks where a record begins, and the lines that end one may be missing. So a paragraph
is told by its looks and by what follows it, at most two paragraphs ahead.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from rag.papers.readers.page_text import (
    TITLE_LENGTH,
    Block,
    Meta,
    Paragraph,
    blocks,
    could_be_title,
    day_with_comments,
    organization_name,
)
from rag.papers.rejected import Rejected, excerpt
from rag.papers.streams import Line
from rag.papers.text.plain import clean, paper_key, title_id
from rag.papers.values.dates import Day, PageYear, day_of, page_year_of
from rag.types import Paper

_NEVER_A_TITLE = 400
_HEADER = 60  # blocks; a header longer than this is not one
_MOST_PARTS = 20  # paragraphs; more than this is a text of another kind, not an abstract
# What the listing writes around its records, in small letters.
_FURNITURE = frozenset(
    {
        "new", "get trending papers in your email inbox!", "subscribe", "daily papers", "upvote",
        "byak and the research community", "by ak and the research community", "trending papers",
        "previous", "next", "load more", "company", "tos", "privacy", "about", "careers",
        "website", "models", "datasets", "spaces", "pricing", "docs", "© hugging face",
        "system theme", "papers", "search",
    }
)  # fmt: skip


def read_page(
    lines: Iterable[Line],
    *,
    name: str,
    source: str,
    page_year: int | None = None,
    modified: date | None = None,
    on_year: Callable[[PageYear], None] | None = None,
) -> Iterator[Paper | Rejected]:
    """Papers of a page, and the records that lack an abstract or a title.

    Args:
        lines: the page.
        name: what to call it in messages.
        source: what `Paper.source` remembers.
        page_year: the year of dates without one, where the user says so.
        modified: the file's date, for the year where nobody says so.
        on_year: told once which year dates without one were given, when the first is met.
    """
    page = _Page(blocks(lines), name=name, source=source)
    page.year_of = lambda day: page_year_of(page_year, modified=modified, page_day=day)
    page.on_year = on_year
    yield from page.records()


class _Page:
    """A page being read: the blocks ahead, its own date, and the year that follows from it."""

    year_of: Callable[[Day | None], PageYear]
    on_year: Callable[[PageYear], None] | None = None

    def __init__(self, ahead: Iterator[Block], *, name: str, source: str) -> None:
        self._blocks = ahead
        self._queue: deque[Block] = deque()
        self._name = name
        self._source = source
        self._day: Day | None = None
        self._year: PageYear | None = None

    def records(self) -> Iterator[Paper | Rejected]:
        self._skip_header()
        while (block := self._peek()) is not None:
            if isinstance(block, Meta):
                self._queue.popleft()  # belongs to a record that was rejected
            elif self._is_furniture():
                self._skip_seam()
            else:
                yield self._record()

    def _peek(self, place: int = 0) -> Block | None:
        while len(self._queue) <= place:
            if (block := next(self._blocks, None)) is None:
                return None
            self._queue.append(block)
        return self._queue[place]

    def _skip_header(self) -> None:
        """Drop what stands before the first record: up to the page's date, else to its title."""
        place = begins = 0
        while place < _HEADER and isinstance(block := self._peek(place), Paragraph):
            if (found := day_with_comments(block.text)) and found[1] is None:
                self._day, begins = found[0], place + 1
            elif not _could_be_title(block):
                break
            place += 1
        if self._day is None:
            # The title stands before its abstract. Where that is so short that only the small
            # lines were met, title and abstract are the two paragraphs before them.
            short = isinstance(self._peek(place), Meta)
            begins = max(0, place - (2 if short else 1))
        for _ in range(begins):
            self._queue.popleft()

    def _is_furniture(self) -> bool:
        """Whether the next block is the listing's own; a paper may be called "Search", too."""
        block = self._peek()
        return (
            isinstance(block, Paragraph)
            and block.text.casefold() in _FURNITURE
            and not _is_abstract(self._peek(1))
        )

    def _skip_seam(self) -> None:
        """Drop page furniture between records, and the date line of a page pasted after another."""
        self._queue.popleft()
        block = self._peek()
        if isinstance(block, Paragraph) and (found := day_with_comments(block.text)):
            self._queue.popleft()
            self._day = found[0]

    def _record(self) -> Paper | Rejected:
        title = self._take_paragraph()
        after = self._peek()
        if _never_title(title):
            return self._reject(title, "an abstract without a title")
        if not isinstance(after, Paragraph) or self._is_furniture():
            return self._reject(title, _missing(title))
        if _could_be_title(after) and _is_abstract(self._peek(1)):
            return self._reject(title, "a title without an abstract")
        if len(title.text) > TITLE_LENGTH and _could_be_title(after):
            return self._reject(title, "an abstract without a title")
        parts = [self._take_paragraph()]
        while self._goes_on():
            parts = [*parts[:_MOST_PARTS], self._take_paragraph()]
        meta = self._take_meta()
        if len(parts) > _MOST_PARTS:
            return self._reject(title, f"an abstract of more than {_MOST_PARTS} paragraphs")
        return self._paper(title, parts, meta)

    def _goes_on(self) -> bool:
        """Whether the next paragraph is one more of the same abstract."""
        block = self._peek()
        if not isinstance(block, Paragraph) or self._is_furniture():
            return False
        if "://" in block.text:  # as the last lines of abstracts have, and no title
            return True
        return not _could_be_title(block) and not self._is_shouted(block)

    def _is_shouted(self, block: Paragraph) -> bool:
        """A title that ends in a full stop, told by its capitals and the abstract after it."""
        return _has_title_case(block.text) and _is_abstract(self._peek(1))

    def _take_meta(self) -> Meta | None:
        block, after = self._peek(), self._peek(1)
        if (
            isinstance(block, Paragraph)
            and isinstance(after, Meta)
            and after.author_count is None
            and after.organization is None
            and len(block.text) <= 100
        ):  # an organisation set off by a blank line
            self._queue.popleft()
            after.organization = organization_name(block.text)
        if isinstance(self._peek(), Meta):
            meta = self._queue.popleft()
            assert isinstance(meta, Meta)
            return meta
        return None

    def _take_paragraph(self) -> Paragraph:
        block = self._queue.popleft() if self._queue else next(self._blocks)
        assert isinstance(block, Paragraph)
        return block

    def _reject(self, block: Paragraph, reason: str) -> Rejected:
        return Rejected(self._name, block.line, block.problem or reason, excerpt(block.text))

    def _paper(
        self, title: Paragraph, parts: list[Paragraph], meta: Meta | None
    ) -> Paper | Rejected:
        for part in (title, *parts):
            if part.problem:
                return self._reject(part, part.problem)
        abstract = clean(" ".join(part.text for part in parts))
        if not paper_key(title.text):
            return self._reject(title, "a title without a letter or digit")
        return Paper(
            paper_id=title_id(title.text),
            title=clean(title.text),
            abstract=abstract,
            date=self._date(meta.day) if meta and meta.day else None,
            author_count=meta.author_count if meta else None,
            organization=clean(meta.organization) or None if meta and meta.organization else None,
            comments=meta.comments if meta else None,
            source=(self._source,),
        )

    def _date(self, day: Day) -> str | None:
        if day.year is not None:
            return day_of(day, year=day.year)
        year = self.year_of(self._day)
        if year != self._year:
            self._year = year
            if self.on_year is not None:
                self.on_year(year)
        return day_of(day, year=year.year)


def _could_be_title(block: Block | None) -> bool:
    return isinstance(block, Paragraph) and could_be_title(block.text)


def _is_abstract(block: Block | None) -> bool:
    return isinstance(block, Paragraph) and not _could_be_title(block)


def _missing(block: Paragraph) -> str:
    """What a paragraph on its own lacks."""
    return (
        "a title without an abstract" if _could_be_title(block) else "an abstract without a title"
    )


def _never_title(block: Paragraph) -> bool:
    return len(block.text) > _NEVER_A_TITLE


def _has_title_case(text: str) -> bool:
    """Whether a short text is one sentence in which most longer words have a capital."""
    words = re.findall(r"[^\W\d_]{4,}", text)
    capitals = sum(word[0].isupper() for word in words)
    return len(text) <= TITLE_LENGTH and ". " not in text and capitals * 5 >= len(words) * 3
