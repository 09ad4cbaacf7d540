"""Markdown: a heading, facts and an abstract a paper, for people to read and to read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.exports.values import flat
from rag.language.sane import one_line, visible
from rag.papers.readers import FACTS, UNTITLED
from rag.types import Paper

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#|!~&$@]|:(?=//))")
# What makes a line a list, a rule or the line under a heading.
_LINE_MARKUP = re.compile(r"^(\d{0,9})([-+=.):])")
_BREAKS = re.compile(r"\s+")
_LINKS = frozenset({"url", "code_url"})
_ADDRESS = re.compile(r"https?://[^\s<>]+")


def to_markdown(papers: Iterable[Paper]) -> Iterator[str]:
    """A part a paper."""
    return (f"{part(paper)}\n" for paper in papers)


def part(paper: Paper, *, label: int | None = None) -> str:
    """A paper as a part of a text, under a heading; `label`: the number it has there."""
    values = flat(paper)
    facts = [
        f"- {name}: {_fact(field, values[field])}" for name, field in FACTS.items() if values[field]
    ]
    numbered = [] if label is None else [f"- Source: {label}"]
    title = escaped(values["title"]) or UNTITLED
    lines = [f"### {title}", "", *numbered, *facts, "", f"> {escaped(values['abstract'])}"]
    return "\n".join(lines) + "\n"


def escaped(words: str) -> str:
    """Text whose signs Markdown leaves alone, on one line, with nothing unseen in it."""
    plain = _MARKDOWN.sub(r"\\\1", _BREAKS.sub(" ", visible(words)).strip())
    return _LINE_MARKUP.sub(r"\1\\\2", plain)


def linked(url: str | None) -> str:
    """An address as a link, "" where it is none."""
    address = one_line(url or "")
    return f"<{address}>" if _ADDRESS.fullmatch(address) else ""


def _fact(field: str, value: str) -> str:
    return (linked(value) if field in _LINKS else "") or escaped(value)
