"""Records in JSON, one a line: plain ones, arXiv's and BEIR's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rag.papers.readers.arxiv_snapshot import is_arxiv, paper_from_arxiv
from rag.papers.readers.beir import is_beir, paper_from_beir
from rag.papers.fields import paper_from, remarks_on
from rag.papers.rejected import Rejected, UnusableRecordError, excerpt
from rag.papers.remarks import Remarks
from rag.papers.streams import Line
from rag.types import Paper

_MADE_BY: Mapping[str, Callable[..., Paper]] = {
    "jsonl": paper_from,
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
    for line in lines:
        if line.problem:
            yield Rejected(name, line.number, line.problem, excerpt(line.text))
            continue
        if not line.text.strip():
            continue
        try:
            record = _json_object(line.text)
            paper = _MADE_BY[kind or json_kind(record)](record, source=source)
            for what in remarks_on(record):
                remarks.add(what, where=f"line {line.number}")
            yield paper
        except UnusableRecordError as error:
            yield Rejected(name, line.number, str(error), excerpt(line.text))


def _json_object(text: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnusableRecordError(f"not JSON ({error.msg} at character {error.pos + 1})") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits; 100,000 brackets
        raise UnusableRecordError(f"JSON that cannot be read ({error})") from error
    if not isinstance(record, dict):
        raise UnusableRecordError("not a JSON object")
    return record
