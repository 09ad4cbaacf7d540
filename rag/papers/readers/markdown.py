"""Markdown as Quoth writes it (`rag/exports/markdown.py`): a heading, facts and a quoted abstract.

Other lists in Markdown tell nobody which words are the abstract, and are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rag.papers.readers.made import made
from rag.papers.rejected import Rejected, excerpt
from rag.papers.remarks import Remarks
from rag.papers.streams import MAX_LINE, Line
from rag.types import Paper

FACTS: Mapping[str, str] = {
    "Id": "paper_id", "Authors": "authors", "Author count": "author_count", "Date": "date",
    "Venue": "venue", "Type": "type", "Organization": "organization", "DOI": "doi",
    "arXiv": "arxiv_id", "Link": "url", "Code": "code_url", "Keywords": "keywords",
    "Comments": "comments", "Upvotes": "upvotes", "Retracted": "retracted",
}  # fmt: skip
"""How the facts of a paper are called, and the fields that they are."""
UNTITLED = "(no title)"
"""The heading of a paper without a title: brackets of a title have a backslash."""
BEGINS = re.compile(r"^#{1,6} .*\n\n(?:- Source: \d+\n)?- Id: \S", re.MULTILINE)
"""How a paper begins."""

_HEADING = re.compile(r"#{1,6} (.*)")
_FACT = re.compile(r"- ([A-Za-z ]{2,20}): (.*)")
_QUOTED = re.compile(r"> ?(.*)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINK = re.compile(r"<(https?://[^\s<>]+)>")


def read_markdown(
    lines: Iterable[Line], *, name: str, source: str, remarks: Remarks
) -> Iterator[Paper | Rejected]:
    """One paper a heading that has an id below it; other text is skipped."""
    for begins, record, problem in _records(lines):
        if problem:
            yield Rejected(name, begins, problem, excerpt(record["title"]))
        else:
            yield made(record, name=name, source=source, line=begins, remarks=remarks)


def _records(lines: Iterable[Line]) -> Iterator[tuple[int, dict[str, str], str]]:
    """Where each paper begins, its values, and what is wrong with its lines."""
    begins, record, problem, quoted = 0, {"title": ""}, "", list[str]()
    size = 0
    for line in lines:
        if heading := _HEADING.fullmatch(line.text):
            if "paper_id" in record:
                yield begins, {**record, "abstract": " ".join(quoted)}, problem
            title = "" if heading[1] == UNTITLED else _plain(heading[1])
            begins, record, problem, quoted, size = line.number, {"title": title}, "", [], 0
            continue
        size += len(line.text)
        problem = problem or line.problem
        if size > MAX_LINE:
            problem = problem or f"a record of more than {MAX_LINE:,} characters"
        elif (fact := _FACT.fullmatch(line.text)) and fact[1] in FACTS and not quoted:
            record[FACTS[fact[1]]] = _plain(fact[2])
        elif words := _QUOTED.fullmatch(line.text):
            quoted.append(_plain(words[1]))
    if "paper_id" in record:
        yield begins, {**record, "abstract": " ".join(quoted)}, problem


def _plain(words: str) -> str:
    """Words without what makes Markdown leave them alone."""
    link = _LINK.fullmatch(words.strip())
    return link[1] if link else _ESCAPED.sub(r"\1", words).strip()
