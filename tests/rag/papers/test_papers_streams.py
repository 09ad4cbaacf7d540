# ruff: noqa: RUF001 (signs of texts)
import gzip
import json
import lzma
import tracemalloc
from io import BytesIO, RawIOBase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import InputError, UsageError
from rag.papers import FORMATS, Rejected, read
from rag.papers.streams import MAX_LINE
from rag.types import Paper


def record(number: int) -> bytes:
    text = f"Ship {number} has {number * 7919} nails, and {number**3 % 1009} of them are rusty."
    return json.dumps({"id": f"s{number}", "title": f"Ship {number}", "abstract": text}).encode()


RECORDS = b"\n".join(record(number) for number in range(5000)) + b"\n"


def gather(iterator) -> tuple[list[Paper | Rejected], InputError | None]:
    """All that is yielded, and the error that ended it."""
    found = []
    try:
        for item in iterator:
            found.append(item)
    except InputError as error:
        return found, error
    return found, None


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_packed_files_are_known_by_content(tmp_path, pack):
    path = tmp_path / "records.txt"
    path.write_bytes(pack(RECORDS))
    found = list(read(path))
    assert [paper.paper_id for paper in found] == [f"s{number}" for number in range(5000)]
    assert found[0].source == (str(path),)


class Broken(RawIOBase):
    """Bytes that end in an error of the disk."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self.data:
            raise OSError("Input/output error")
        part, self.data = self.data[: len(buffer)], self.data[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


@pytest.mark.parametrize("share", [0.3, 0.8, 0.99])
def test_what_lies_before_an_error_of_the_disk_is_kept(share):
    found, error = gather(read(None, stream=Broken(RECORDS[: int(len(RECORDS) * share)])))
    papers = [item for item in found if isinstance(item, Paper)]
    assert [paper.paper_id for paper in papers] == [f"s{n}" for n in range(len(papers))]
    assert len(papers) > 5000 * share * 0.9
    assert found[len(papers) :] and all(isinstance(item, Rejected) for item in found[len(papers) :])
    assert "cannot be read further (Input/output error)" in str(error)


@pytest.mark.parametrize("format", ["csv", "page"])
def test_a_record_that_the_damage_cuts_is_not_kept(format):
    text = "Ships rust. " * 3000
    data = {
        "csv": f"title,abstract\nFirst,Some text.\nSecond,{text}\n",
        "page": f"Mar 1\n\nFirst\n\nSome text.\n\n  • 1 authors\n·\nMay 4\n\nSecond\n\n{text}\n",
    }[format]
    found, error = gather(read(None, stream=Broken(data.encode()[:20_000]), format=format))
    assert [item.title for item in found if isinstance(item, Paper)] == ["First"]
    assert any(isinstance(item, Rejected) for item in found)
    assert error is not None


def flipped(data: bytes, share: float) -> bytes:
    place = int(len(data) * share)
    return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]


class Pipe(RawIOBase):
    """Bytes that can be read once and in order only."""

    def __init__(self, data: bytes) -> None:
        self.inner = BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        return self.inner.readinto(buffer)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
@pytest.mark.parametrize("share", [0.3, 0.8, 0.99])
@pytest.mark.parametrize("stream", [BytesIO, Pipe])
def test_of_packed_data_that_are_damaged_nothing_is_kept(pack, share, stream):
    packed = pack(RECORDS)
    for damaged in (packed[: int(len(packed) * share)], flipped(packed, share), packed[:-3]):
        found, error = gather(read(None, stream=stream(damaged), name="records.gz"))
        assert found == []
        assert "records.gz" in str(error) and "nothing of it was kept" in str(error)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_flipped_bit_in_stored_text_keeps_no_garbled_paper(pack):
    text = b"".join(record(number) + b"\n" for number in range(40))
    packed = gzip.compress(text, compresslevel=0) if pack is gzip.compress else pack(text)
    for place in range(30, len(packed), 97):
        damaged = packed[:place] + bytes([packed[place] ^ 1]) + packed[place + 1 :]
        assert gather(read(None, stream=BytesIO(damaged)))[0] == [], place


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_packed_data_are_read_from_a_pipe_and_from_the_middle_of_a_file(pack):
    packed = pack(RECORDS)
    for stream in (Pipe(packed), BytesIO(packed), BytesIO(b"x" * 9 + packed)):
        if stream.seekable() and stream.getvalue()[:1] == b"x":
            stream.seek(9)
        assert len(list(read(None, stream=stream))) == 5000


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_what_unpacks_to_more_than_any_text_does_is_not_read(pack, monkeypatch):
    monkeypatch.setattr("rag.papers.streams._SMALL", 2**20)
    packed = pack(b"x\n" * 2**20)
    assert len(packed) * 100 < 2**21
    found, error = gather(read(None, stream=BytesIO(packed), format="jsonl"))
    assert found == [] and "unpack to more than 1,048,576 bytes" in str(error)
    honest = pack(RECORDS * 2)
    assert len(list(read(None, stream=BytesIO(honest)))) == 10_000


@pytest.mark.parametrize("good", [0, 3])
def test_a_file_of_nothing_but_rejections_is_given_up(good, monkeypatch):
    monkeypatch.setattr("rag.papers.MOST_REJECTED", 1000)
    data = b"".join(record(number) + b"\n" for number in range(good)) + b"{}\n" * 5000
    found, error = gather(read(None, stream=BytesIO(data), format="jsonl"))
    assert len(found) == good + 1000 + 100 * good
    assert f"{good} can be used" in str(error) and "given up at line" in str(error)


def test_the_last_line_cut_short():
    found = list(read(None, stream=BytesIO(record(1) + b"\n" + record(2)[:40])))
    assert isinstance(found[0], Paper)
    assert isinstance(found[1], Rejected) and found[1].line == 2


class Endless(RawIOBase):
    """A line of `size` bytes between two good ones, never in memory as a whole."""

    def __init__(self, size: int) -> None:
        self.parts = iter(
            [record(1) + b"\n{", *([b"x" * 2**20] * (size // 2**20)), b"\n" + record(2)]
        )
        self.rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.rest = self.rest or next(self.parts, b"")
        data, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def test_a_line_of_a_hundred_megabytes():
    tracemalloc.start()
    first, long, last = read(None, stream=Endless(100 * 2**20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (first.paper_id, last.paper_id) == ("s1", "s2")
    assert long.line == 2 and "104,857,602 bytes" in long.reason
    assert peak < 5 * MAX_LINE


def test_a_long_file_is_not_held_in_memory(tmp_path):
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        for _ in range(2):
            file.write(RECORDS)
    tracemalloc.start()
    count = sum(isinstance(item, Paper) for item in read(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_000
    assert peak < 2**20  # the papers together take some 6 MiB


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" \n\r\n\t", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"{}\n\0\x01\x02", "line 2: a binary file"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"PK\x03\x04....", "ZIP archive"),
        (b"PK\x03\x04....xl/workbook.xml", "a spreadsheet: save the table as CSV"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"title,authors,year,journal\nA,B,2020,C", "no column for the abstract"),
        (b"% nothing\n@comment{x}\n", "no record of a paper"),
        (b"Nothing that anyone would know.", "no known format: where it is one, say --format"),
        (gzip.compress(RECORDS, mtime=0)[:12], "cannot be read"),
        (b"\x1f\x8b\x08 this is not gzip", "cannot be read"),
    ],
)
def test_files_that_cannot_be_read_say_why(data, message):
    found, error = gather(read(None, stream=BytesIO(data), name="in.dat"))
    assert not found
    assert message in str(error) and str(error).startswith("in.dat")


def test_places_that_are_no_files(tmp_path):
    with pytest.raises(InputError, match="is a folder: name the files in it"):
        list(read(tmp_path))
    with pytest.raises(InputError, match="does not exist"):
        list(read(tmp_path / "none.txt"))


def test_wrong_calls_are_told_at_once():
    with pytest.raises(UsageError, match=r"'bibtx' is unknown: did you mean 'bibtex'\?"):
        read(None, stream=BytesIO(), format="bibtx")
    with pytest.raises(UsageError, match="20025 is not a year"):
        read(None, stream=BytesIO(), page_year=20025)
    with pytest.raises(UsageError, match="nothing to read"):
        read(None)


def test_lines_in_another_encoding_cost_themselves_only():
    odd = b'{"title": "Caf\xff\xfe", "abstract": "It is."}'
    first, bad, last = read(None, stream=BytesIO(record(1) + b"\n" + odd + b"\n" + record(2)))
    assert (first.paper_id, last.paper_id) == ("s1", "s2")
    assert bad.line == 2 and bad.reason == "not UTF-8 (byte 0xff at 15)"


WORDS = "Käse reift – sagt „Café“ – im Wald."


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("cp1252", "windows-1252"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-32", "utf-32"),
        ("utf-8-sig", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_is_read_and_named(encoding, told, end):
    lines = ["title;abstract;year", f"Käse;{WORDS};2019", f"Wein;{WORDS};2020", ""]
    notes: list[str] = []
    data = end.join(lines).encode(encoding)
    first, last = read(None, stream=BytesIO(data), on_note=notes.append)
    assert (first.title, first.abstract, last.date) == ("Käse", WORDS, "2020")
    assert [told in note for note in notes] == ([True] if told else [])


@pytest.mark.parametrize(
    "text",
    ["Ёжик в тумане и шум дороги".encode("cp1251"), "café au lait".encode("mac-roman")],
)
def test_what_is_no_western_text_is_not_guessed_at(text):
    good = record(1) + b"\n" + record(2) + b"\n"
    line = b'{"title": "' + text + b'", "abstract": "It is."}\n'
    *_, bad = read(None, stream=BytesIO(good + line))
    assert "not UTF-8" in bad.reason and isinstance(bad, Rejected)


def test_lines_of_two_encodings_are_each_read_in_their_own():
    data = f"title,abstract\nKäse,{WORDS}\n".encode() + f"Brie,{WORDS}\n".encode("cp1252") * 3
    assert {item.abstract for item in read(None, stream=BytesIO(data))} == {WORDS}


PIECES = [
    b"\n",
    b"\n\n",
    b"{",
    b"}",
    b'"',
    b",",
    b"@article{a,",
    b"title",
    b"abstract",
    b" = {",
    b"x" * 300,
]
PIECES += [
    b"\xc2\xb7",
    b"\xe2\x80\xa2 3 authors",
    b"May 4 2",
    b"\r",
    b"\x00",
    b"\xff",
    b"Some words.",
]
PIECES += [
    b"\x1f\x8b",
    b'{"title": "A", "abstract": "B."}',
    b"title,abstract\n",
    b"1",
    b":",
    b"[",
    b"\\",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["auto", *FORMATS]))
def test_nothing_but_our_errors_comes_of_any_bytes(pieces, format):
    found, error = gather(read(None, stream=BytesIO(b"".join(pieces)), format=format))
    assert all(isinstance(item, Paper | Rejected) for item in found)
    assert error is None or str(error)
