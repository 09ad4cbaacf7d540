"""Answers and conversations as files: BibTeX, RIS, CSL-JSON, CSV, Markdown, JSON. Pure functions.

Each kind of file has one function that its texts go through: `_braced`, `_cell`, `escaped`, and
`json_text`.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from rag.contract import answer_to_json, authors_line, plain_text, title_line
from rag.contract.wire import json_text
from rag.language.sane import one_line, visible
from rag.papers.writers import to_csl, to_ris
from rag.types import Answer, Paper, Source
from ui.talk.tables import RULE, cells

FORMATS: Mapping[str, str] = {
    "bib": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "ris": "application/x-research-info-systems",
}
_COLUMNS = "label,paper_id,title,date,authors,organization,comments,upvotes,url,score,quotes".split(
    ","
)
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_FORMULA = frozenset("=+-@\u2212")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#|!~&$@]|:(?=//))")
# What makes a line a list, a rule or the line under a heading.
_LINE_MARKUP = re.compile(r"^(\d{0,9})([-+=.):])")
_BREAKS = re.compile(r"\s+")


def exported(answer: Answer, *, format: str) -> str:
    """An answer with its sources in one of `FORMATS`.

    Raises:
        KeyError: another format.
    """
    return _WRITERS[format](answer)


def to_json(answer: Answer) -> str:
    """The contract `quoth.answer/1`, to be read by people too."""
    return json_text(answer_to_json(answer), indent=1) + "\n"


def to_csv(answer: Answer) -> str:
    """A line a source."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(_COLUMNS)
    for source in answer.sources:
        paper = source.paper
        row = (
            source.label,
            paper.paper_id,
            paper.title,
            paper.date,
            ", ".join(paper.authors) or authors_line(paper),
            paper.organization,
            paper.comments,
            paper.upvotes,
            paper.url,
            round(source.score, 4),
            " | ".join(quotes_of(answer, source)),
        )
        writer.writerow(_cell(value) for value in row)
    return lines.getvalue()


def to_markdown(answer: Answer) -> str:
    """Question, answer and sources; words of papers and people cannot become markup."""
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
    return "\n".join(parts).rstrip() + "\n"


def source_line(source: Source) -> str:
    """A source as a line of Markdown: "[1] Title. Who, date. Address"."""
    paper = source.paper
    facts = ", ".join(escaped(fact) for fact in (authors_line(paper), paper.date) if fact)
    url = one_line(paper.url or "")
    address = f" <{url}>" if re.fullmatch(r"https?://[^\s<>]+", url) else ""
    title = escaped(title_line(paper))
    return f"- \\[{source.label}\\] {title}. {facts}{'.' if facts else ''}{address}"


def to_bibtex(answer: Answer) -> str:
    """An entry a source."""
    return papers_to_bibtex([source.paper for source in answer.sources])


def papers_to_bibtex(papers: Sequence[Paper]) -> str:
    """Papers as BibTeX, with keys that are unique in this file."""
    import bibtexparser
    from bibtexparser.middlewares import LatexEncodingMiddleware
    from bibtexparser.model import Entry, Field

    library = bibtexparser.Library()
    keys: set[str] = set()
    for paper in papers:
        values = {
            "title": paper.title,
            "author": " and ".join(paper.authors),
            "year": str(paper.year or ""),
            "date": paper.date if paper.date and len(paper.date) > 4 else "",
            "institution": paper.organization or "",
            "journal": paper.venue or "",
            "keywords": "; ".join(paper.keywords),
            "doi": paper.doi or "",
            "eprint": paper.arxiv_id or "",
            "archiveprefix": "arXiv" if paper.arxiv_id else "",
            "url": paper.url or "",
            "abstract": paper.abstract,
        }
        fields = [Field(name, _braced(value)) for name, value in values.items() if value]
        library.add(Entry("misc", _key(paper, keys), fields))
    return str(bibtexparser.write_string(library, prepend_middleware=[LatexEncodingMiddleware()]))


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


def escaped(words: str) -> str:
    """Text whose signs Markdown leaves alone, on one line, with nothing unseen in it."""
    plain = _MARKDOWN.sub(r"\\\1", _BREAKS.sub(" ", visible(words)).strip())
    return _LINE_MARKUP.sub(r"\1\\\2", plain)


def _body(answer: Answer) -> str:
    """The text with all but its list bullets and the bars of its table escaped."""
    pieces: list[str] = []
    position = 0
    for line in plain_text(answer).split("\n"):
        end = position + len(line)
        if answer.kind == "compare" and line.startswith("|"):
            words = [answer.text[cell.start : cell.end] for cell in cells(answer, position, end)]
            row = words if RULE.fullmatch(line) else map(escaped, words)
            pieces.append("| " + " | ".join(row) + " |")
        elif line.startswith("- "):
            pieces.append("- " + escaped(line[2:]))
        else:
            pieces.append(escaped(line))
        position = end + 1
    return "\n".join(pieces)


def _braced(value: str) -> str:
    """A value that cannot end its own braces early: none of its braces are kept."""
    return _BREAKS.sub(" ", visible(value).replace("{", "(").replace("}", ")")).strip()


def _key(paper: Paper, keys: set[str]) -> str:
    base = re.sub(r"[^A-Za-z0-9.:_-]", "", paper.paper_id) or "paper"
    key, number = base, 1
    while key in keys:
        number += 1
        key = f"{base}-{number}"
    keys.add(key)
    return key


def _cell(value: object) -> str:
    """A cell as text that no spreadsheet computes: full-width signs count as their plain ones."""
    words = "" if value is None else visible(str(value))
    first = unicodedata.normalize("NFKC", words.lstrip()[:1])
    return "'" + words if isinstance(value, str) and first in _FORMULA else words


_WRITERS: Mapping[str, Callable[[Answer], str]] = {
    "bib": to_bibtex,
    "csl": lambda answer: to_csl(source.paper for source in answer.sources),
    "csv": to_csv,
    "json": to_json,
    "md": to_markdown,
    "ris": lambda answer: to_ris(source.paper for source in answer.sources),
}
