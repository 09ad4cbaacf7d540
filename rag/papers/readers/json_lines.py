"""Records in JSON: one a line, in a list, in an envelope; plain ones and those of services."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rag.papers.fields import paper_from, remarks_on
from rag.papers.readers.arxiv_snapshot import is_arxiv, paper_from_arxiv
from rag.papers.readers.beir import is_beir, paper_from_beir
from rag.papers.readers.json_shapes import plain_record
from rag.papers.readers.json_tables import rows
from rag.papers.readers.json_values import Mode, Value, values
from rag.papers.rejected import Rejected, UnusableRecordError, excerpt
from rag.papers.remarks import Remarks
from rag.papers.streams import Line
from rag.types import Paper


def _paper_from_service(
    record: Mapping[str, Any], *, source: str, told: list[str] | None = None
) -> Paper:
    return paper_from(plain_record(record), source=source, told=told)


_MADE_BY: Mapping[str, Callable[..., Paper]] = {
    "jsonl": _paper_from_service,
    "arxiv": paper_from_arxiv,
    "beir": paper_from_beir,
}


def json_kind(record: Mapping[str, Any]) -> str:
    """Which of our JSON line formats a record has: "arxiv", "beir" or, plain, "jsonl"."""
    if is_arxiv(record):
        return "arxiv"
    return "beir" if is_beir(record) else "jsonl"


def read_json_lines(
    lines: Iterable[Line], *, name: str, source: str, remarks: Remarks, kind: str | None = None
) -> Iterator[Paper | Rejected]:
    """One paper a line. `kind`: "jsonl", "arxiv" or "beir"; None decides for each record."""
    found = (Value(*line) for line in lines if line.problem or line.text.strip())
    return _papers(found, name=name, source=source, remarks=remarks, kind=kind)


def read_json_values(
    texts: Iterable[str], *, mode: Mode, name: str, source: str, remarks: Remarks
) -> Iterator[Paper | Rejected]:
    """One paper an object, wherever the lines end; see `values` for what counts as one."""
    found = values(texts, mode=mode)
    return _papers(found, name=name, source=source, remarks=remarks, kind=None)


def read_json_table(
    texts: Iterable[str], *, name: str, source: str, remarks: Remarks
) -> Iterator[Paper | Rejected]:
    """One paper a row of a table of pandas; the rows are numbered where others number lines.

    Raises:
        InputError: it is too long, or no such table to its end.
    """
    found = (Value(n, json.dumps(row)) for n, row in enumerate(rows(texts, name=name), 1))
    return _papers(found, name=name, source=source, remarks=remarks, kind=None)


def _papers(
    found: Iterable[Value], *, name: str, source: str, remarks: Remarks, kind: str | None
) -> Iterator[Paper | Rejected]:
    for value in found:
        if value.problem:
            yield Rejected(name, value.line, value.problem, excerpt(value.text))
            continue
        told: list[str] = []
        try:
            record = _json_object(value.text)
            made = _MADE_BY[kind or json_kind(record)]
            paper = made(record, source=source, told=told)
        except UnusableRecordError as error:
            yield Rejected(name, value.line, str(error), excerpt(value.text))
            continue
        for what in dict.fromkeys((*told, *remarks_on(record))):
            remarks.add(what, where=f"line {value.line}")
        yield paper


def _json_object(text: str) -> dict[str, Any]:
    try:
        record = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise UnusableRecordError(f"not JSON ({error.msg} at character {error.pos + 1})") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits; 100,000 brackets
        raise UnusableRecordError(f"JSON that cannot be read ({error})") from error
    if not isinstance(record, dict):
        raise UnusableRecordError("not a JSON object")
    return record
