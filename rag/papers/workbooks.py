"""Spreadsheets (.xlsx) as the tables that they hold, where openpyxl is installed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from rag.errors import InputError

WAY = "save the table as CSV (UTF-8), and give that"
_AHEAD = 20
"""Rows looked at to see whether a sheet holds a table."""
# What openpyxl raises for a workbook that is none; its own errors are of these, too.
_BROKEN = (
    zipfile.BadZipFile, ParseError, OSError, EOFError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, NotImplementedError,
)  # fmt: skip


class Sheet:
    """The first sheet of a workbook that is a table, as bytes of CSV, a row a time."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._held = b""

    def read(self, size: int, /) -> bytes:
        """So many bytes more at the most; none at the end.

        Raises:
            OSError: the workbook is damaged.
        """
        if not self._held:
            self._held = self._more(size)
        data, self._held = self._held[:size], self._held[size:]
        return data

    def _more(self, size: int) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text)
        try:
            while text.tell() < size and (row := next(self._rows, None)) is not None:
                writer.writerow([_cell(value) for value in row])
        except _BROKEN as error:
            raise OSError(f"{type(error).__name__}: {error}") from error
        return text.getvalue().encode("utf-8", "replace")


def sheet_of(stream: BinaryIO, *, name: str, most: int) -> Sheet:
    """The table in a workbook.

    Args:
        stream: the workbook, at its beginning; it can be read twice.
        name: what to call it.
        most: bytes that it may unpack to.

    Raises:
        InputError: openpyxl is not installed, or it cannot read the workbook; no sheet is a table.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise InputError(
            f"{name} is a spreadsheet: {WAY}; or install openpyxl, with which it can be read "
            "(pip install openpyxl)"
        ) from None
    try:
        with zipfile.ZipFile(stream) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > most:
            raise InputError(f"{name} unpacks to {size:,} bytes, which no table needs: {WAY}")
        stream.seek(0)
        book = load_workbook(stream, read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True)
            ahead = list(islice(rows, _AHEAD))
            if sum(_width(row) > 1 for row in ahead) > 1:
                return Sheet(chain(ahead, rows))
    except _BROKEN as error:
        raise InputError(
            f"{name} is a spreadsheet: {WAY}; as it is it cannot be read "
            f"({type(error).__name__}: {error})"
        ) from error
    raise InputError(f"{name} is a spreadsheet without a table of papers in it: {WAY}")


def _width(row: tuple[Any, ...]) -> int:
    return sum(value is not None for value in row)


def _cell(value: Any) -> str:
    """A cell as it would stand in a table of text; a day without its midnight."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)
