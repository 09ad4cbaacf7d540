"""Bytes to numbered lines: compressed or not, damaged or not, never more than a line in memory."""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, cast

from rag.errors import InputError
from rag.language.sane import repairs, sane
from rag.papers import workbooks
from rag.papers.remarks import Remarks
from rag.papers.text.encodings import WINDOWS, Census, Recoded, told, wide_encoding

MAX_LINE = 8 * 2**20
"""Bytes. The longest line that is read; a record of a paper is a few thousand."""
HEAD = 64 * 2**10
"""Bytes looked at to recognise a format."""

UNPACKED = 100
"""How many times its size packed text may have. Records of papers pack to a tenth at the least."""
_SMALL = 16 * 2**20
"""Bytes that any packed file may have, however well it packs."""

_BOM = b"\xef\xbb\xbf"
_DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError)
WAY = (
    "Zotero: File > Export Library > CSL JSON or BibTeX; PubMed: Save > PubMed; Scopus and Web of "
    "Science: Export > RIS or CSV with abstracts"
)
_SIGNATURES = {
    b"%PDF-": f"a PDF: give the records of the papers instead ({WAY})",
    b"7z\xbc\xaf": "a 7z archive: unpack it first",
    b"BZh": "packed with bzip2: unpack it, or pack it with gzip or xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd: unpack it, or pack it with gzip or xz",
    b"\xd0\xcf\x11\xe0": "an old office document: save a table as CSV (UTF-8), and give that",
}
_ZIP = b"PK\x03\x04"
_SHEETS = b"xl/"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"


class Line(NamedTuple):
    """A line without its end. `problem` says why `text` is only an excerpt; "" when it is whole."""

    number: int
    text: str
    problem: str = ""


class _Reads(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Feed(io.RawIOBase):
    """Bytes of a source whose damage shows as an early end, with `error` saying what it was.

    So what lies before the damage is read like any other input.
    """

    def __init__(self, inner: _Reads, *, label: str) -> None:
        super().__init__()
        self._read_some = getattr(inner, "read1", inner.read)
        self._ahead = b""
        self.label = label
        self.error: Exception | None = None
        self.remarks = Remarks()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill `buffer` from what was looked at, then from the source."""
        view = memoryview(buffer).cast("B")
        data = self._ahead[: len(view)] or self._more(len(view))
        self._ahead = self._ahead[len(data) :]
        view[: len(data)] = data
        return len(data)

    def head(self, size: int) -> bytes:
        """The first bytes, fewer only at the end of the source; they stay to be read."""
        while len(self._ahead) < size and (data := self._more(size - len(self._ahead))):
            self._ahead += data
        return self._ahead[:size]

    def _more(self, size: int) -> bytes:
        if self.error is not None:
            return b""
        try:
            return cast(bytes, self._read_some(size)) or b""
        except _DAMAGE as error:
            self.error = error
            return b""


def open_path(path: Path) -> BinaryIO:
    """Open a file for reading bytes.

    Raises:
        InputError: it is missing, a folder, or may not be read.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder: name the files in it, as {path}/*.txt")
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"{path} does not exist: check the name") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): check its rights") from error


def feed_of(stream: BinaryIO, *, name: str, open_things: ExitStack) -> Feed:
    """The bytes of a stream, unpacked where it begins like gzip or xz; a workbook as its table.

    Raises:
        InputError: it is empty, or neither text nor a workbook that can be read.
    """
    start = stream.tell() if stream.seekable() else None
    feed = Feed(stream, label="the file")
    magic = feed.head(6)
    opener: Callable[[BinaryIO], Any] | None = None
    if magic.startswith(b"\x1f\x8b"):
        opener, label = _open_gzip, "the gzip data"
    elif magic == b"\xfd7zXZ\x00":
        opener, label = lzma.LZMAFile, "the xz data"
    elif magic.startswith(_ZIP) and _SHEETS in feed.head(HEAD):
        return _workbook(stream if start is not None else _spooled(feed, open_things), name)
    census: Census | None = None
    if opener is not None:
        packed, start = (stream, start) if start is not None else (_spooled(feed, open_things), 0)
        census = _verify(packed, start, opener, name=f"{name}: {label}")
        feed = Feed(opener(packed), label=label)
    elif start is not None:
        census = _counted(stream, start)
    feed = _in_utf8(feed, census)
    _require_text(feed.head(HEAD), feed, name)
    return feed


def _workbook(stream: BinaryIO, name: str) -> Feed:
    """The table in a spreadsheet, as bytes of CSV."""
    most = max(_SMALL, UNPACKED * stream.seek(0, os.SEEK_END))
    stream.seek(0)
    sheet = workbooks.sheet_of(stream, name=name, most=most)
    return Feed(sheet, label="the spreadsheet")


def _in_utf8(feed: Feed, census: Census | None) -> Feed:
    """The feed in UTF-8 with lines that end as lines do; what it was is noted."""
    head = feed.head(HEAD)
    encoding = wide_encoding(head)
    if encoding is None:
        if census is None:  # a pipe: its beginning has to do
            census = Census()
            census.take(head)
        encoding = WINDOWS if census.is_windows else None
    shown = head.decode(encoding or "latin-1", "replace")
    returns = "\r" in shown and "\n" not in shown
    if encoding is None and not returns:
        return feed
    recoded = Feed(Recoded(_Raising(feed), encoding=encoding, returns=returns), label=feed.label)
    told([encoding] if encoding else [], recoded.remarks)
    return recoded


class _Raising:
    """A feed whose damage is raised again, so that it shows in the feed made of it."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def read(self, size: int, /) -> bytes:
        data = self._feed.read(size) or b""
        if not data and self._feed.error is not None:
            raise self._feed.error
        return data


def _open_gzip(packed: BinaryIO) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=packed, mode="rb")


def _spooled(feed: Feed, open_things: ExitStack) -> BinaryIO:
    """What a pipe gives, where it can be read twice: in a file that goes when it is closed."""
    spool = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the other open things)
    open_things.callback(spool.close)
    shutil.copyfileobj(feed, spool)
    return cast(BinaryIO, spool)


def _counted(stream: BinaryIO, start: int) -> Census:
    """What the bytes of a file are, to its end or its damage; it stays to be read."""
    census = Census()
    here = stream.tell()
    stream.seek(start)
    try:
        while data := stream.read(HEAD):
            census.take(data)
    except OSError:  # told when it is read
        pass
    stream.seek(here)
    return census


def _verify(
    packed: BinaryIO, start: int, opener: Callable[[BinaryIO], Any], *, name: str
) -> Census:
    """Unpack all of it once, keeping nothing: its checksum comes last, garbled papers before it.

    Raises:
        InputError: it is damaged, or unpacks to more than any text does.
    """
    limit = max(_SMALL, UNPACKED * (packed.seek(0, os.SEEK_END) - start))
    packed.seek(start)
    unpacked = opener(packed)
    census = Census()
    size = 0
    try:
        while data := unpacked.read(HEAD):
            size += len(data)
            census.take(data)
            if size > limit:
                raise InputError(
                    f"{name} unpack to more than {limit:,} bytes, {UNPACKED} times their size: "
                    "nothing of it was kept. If it is what you want, unpack it first"
                )
    except _DAMAGE as error:
        raise InputError(
            f"{name} cannot be read ({error}): nothing of it was kept. Get the file again"
        ) from error
    packed.seek(start)
    return census


def texts(feed: Feed) -> Iterator[str]:
    """The text of a feed in pieces of any size, for formats that know no lines.

    A byte that is not UTF-8 is U+FFFD. Damage shows as an early end.
    """
    reader = io.BufferedReader(feed, HEAD)
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    while data := reader.read(HEAD):
        yield decoder.decode(data)
    yield decoder.decode(b"", True)


def lines(feed: Feed) -> Iterator[Line]:
    """The lines of a feed, sane and numbered from 1; damaged ones carry their `problem`."""
    reader = io.BufferedReader(feed, HEAD)
    number = 0
    whole = True
    while raw := reader.readline(MAX_LINE):
        number += 1
        whole = raw.endswith(b"\n")
        if not whole and len(raw) == MAX_LINE:
            skipped = _skip_line(cast(BinaryIO, reader))
            yield Line(number, _shown(raw), f"a line of {len(raw) + skipped:,} bytes is too long")
        elif not whole and feed.error is not None:
            yield Line(number, _shown(raw), _cut_short(feed))
        else:
            yield _decoded(raw.removeprefix(_BOM) if number == 1 else raw, number, feed.remarks)
    if feed.error is not None and whole:
        yield Line(number + 1, "", _cut_short(feed))


def check_whole(feed: Feed, *, name: str) -> None:
    """Say so if a feed ended early.

    Raises:
        InputError: the data were damaged; what lay before the damage has been read.
    """
    if feed.error is not None:
        raise InputError(
            f"{name}: {_cut_short(feed)}; the records before it were kept. Get the file again"
        )


def _decoded(raw: bytes, number: int, remarks: Remarks) -> Line:
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        return Line(number, _shown(raw), f"not UTF-8 (byte 0x{byte:02x} at {error.start + 1})")
    for what in repairs(text):
        remarks.add(f"{what} were left out", where=f"line {number}")
    return Line(number, sane(text))


def _skip_line(reader: BinaryIO) -> int:
    skipped = 0
    while raw := reader.readline(HEAD):
        skipped += len(raw)
        if raw.endswith(b"\n"):
            break
    return skipped


def _shown(raw: bytes) -> str:
    return raw[:400].decode("utf-8", "replace")


def _cut_short(feed: Feed) -> str:
    return f"{feed.label} cannot be read further ({feed.error})"


def _require_text(head: bytes, feed: Feed, name: str) -> None:
    if feed.error is not None and not head:
        raise InputError(f"{name}: {_cut_short(feed)}. Get the file again")
    if not head.removeprefix(_BOM).strip():
        raise InputError(f"{name} is empty: there is nothing to read in it")
    for signature, what in _SIGNATURES.items():
        if head.startswith(signature):
            raise InputError(f"{name} is {what}")
    if head.startswith(_ZIP):
        is_table = _OPEN_DOCUMENT in head
        what = f"a spreadsheet: {workbooks.WAY}"
        other = "a ZIP archive (or an office document): unpack it, and give the files in it"
        raise InputError(f"{name} is {what if is_table else other}")
    if b"\0" in head:
        raise InputError(
            f"{name}, line {head[: head.index(0)].count(10) + 1}: a binary file, not text in UTF-8"
        )
