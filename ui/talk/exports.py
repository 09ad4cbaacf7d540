"""Answers and conversations as files: BibTeX, RIS, CSL-JSON, CSV, Markdown, JSON. Pure functions.

Papers are written by `rag.exports`; each kind of file has one function there that its texts go
through. So what is saved of an answer is read back by `quoth ingest`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rag.contract import answer_to_json, authors_line, plain_text, title_line
from rag.contract.wire import json_text
from rag.exports import EXPORTS
from rag.exports.markdown import escaped, linked, part
from rag.exports.table import row
from rag.exports.values import COLUMNS, flat
from rag.types import Answer, Source
from ui.talk.tables import RULE, cells

FORMATS: Mapping[str, str] = {
    "bib": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "ris": "application/x-research-info-systems",
}


def exported(answer: Answer, *, format: str) -> str:
    """An answer with its sources in one of `FORMATS`.

    Raises:
        KeyError: another format.
    """
    if format in _WRITERS:
        return _WRITERS[format](answer)
    return "".join(EXPORTS[format](source.paper for source in answer.sources))


def to_json(answer: Answer) -> str:
    """The contract `quoth.answer/1`, to be read by people too."""
    return json_text(answer_to_json(answer), indent=1) + "\n"


def to_csv(answer: Answer) -> str:
    """A line a source: its number, the paper, how near it is, and what of it is cited."""
    lines = [row(("label", *COLUMNS, "score", "quotes"))]
    for source in answer.sources:
        quotes = " | ".join(quotes_of(answer, source))
        score = round(source.score, 4)
        lines.append(row((source.label, *flat(source.paper).values(), score, quotes)))
    return "".join(lines)


def to_markdown(answer: Answer) -> str:
    """Question, answer and sources, at last their abstracts, so that it can be looked up.

    Words of papers and people cannot become markup.
    """
    parts = [f"## {escaped(answer.question)}", ""]
    if answer.outcome == "abstained":
        parts += [f"_No answer: {escaped(answer.reason)}_", ""]
        parts += [
            f"- {escaped(title_line(near.paper))} (near, not confirmed)" for near in answer.nearest
        ]
    else:
        parts += [_body(answer), ""]
    if answer.outcome == "partial":
        parts += [f"_Partial: {escaped(answer.reason)}_", ""]
    parts += [source_line(source) for source in answer.sources]
    parts += [
        f"- {escaped(title_line(one.paper))} (perhaps)" for one in (*answer.perhaps, *answer.also)
    ]
    parts += ["\n" + part(source.paper, label=source.label).rstrip() for source in answer.sources]
    return "\n".join(parts).rstrip() + "\n"


def source_line(source: Source) -> str:
    """A source as a line of Markdown: "[1] Title. Who, date. Address"."""
    paper = source.paper
    facts = ", ".join(escaped(fact) for fact in (authors_line(paper), paper.date) if fact)
    title = escaped(title_line(paper))
    ends = f"{'.' if facts else ''} {linked(paper.url)}".rstrip()
    return f"- \\[{source.label}\\] {title}. {facts}{ends}"


def conversation_to_markdown(title: str, answers: Sequence[Answer]) -> str:
    """A conversation as one Markdown file."""
    return "\n".join([f"# {escaped(title)}", "", *(to_markdown(answer) for answer in answers)])


def conversation_to_json(title: str, answers: Sequence[Answer]) -> str:
    """A conversation as a list of answers of the contract."""
    tree = {"title": title, "answers": [answer_to_json(answer) for answer in answers]}
    return json_text(tree, indent=1) + "\n"


def quotes_of(answer: Answer, source: Source) -> list[str]:
    """What of one source the answer cites, each once, in order of use: words, "date: 2024-05"."""
    cited: dict[str, None] = {}
    for claim in answer.claims:
        cited |= {one.quote: None for one in claim.quotes if one.label == source.label}
        told = (one for one in claim.fields if one.label == source.label)
        cited |= {f"{one.field}: {one.value}": None for one in told}
    return list(cited)


def _body(answer: Answer) -> str:
    """The text with all but its list bullets and the bars of its table escaped."""
    pieces: list[str] = []
    position = 0
    for line in plain_text(answer).split("\n"):
        end = position + len(line)
        if answer.kind == "compare" and line.startswith("|"):
            words = [answer.text[cell.start : cell.end] for cell in cells(answer, position, end)]
            shown = words if RULE.fullmatch(line) else map(escaped, words)
            pieces.append("| " + " | ".join(shown) + " |")
        elif line.startswith("- "):
            pieces.append("- " + escaped(line[2:]))
        else:
            pieces.append(escaped(line))
        position = end + 1
    return "\n".join(pieces)


_WRITERS: Mapping[str, Callable[[Answer], str]] = {
    "csv": to_csv,
    "json": to_json,
    "md": to_markdown,
}
