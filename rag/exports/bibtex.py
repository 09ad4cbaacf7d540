"""BibTeX: an entry a paper, in UTF-8, with all that TeX would take for its own written out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rag.exports.values import as_text, joined_keywords
from rag.language.sane import one_line
from rag.papers.fields import text_value
from rag.papers.text.tex import plain
from rag.types import Paper

_SIGNS: Mapping[str, str] = {
    **{sign: f"\\{sign}" for sign in "%&#_$"},
    "\\": "\\textbackslash{}",
    "{": "\\textbraceleft{}",  # "\{" would count among the braces that end the value
    "}": "\\textbraceright{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}
_SIGN = re.compile("[%&#_$\\\\{}~^]|--+|``+|''+")
_NOT_KEY = re.compile(r"[^A-Za-z0-9.:_-]")
_BRACES = str.maketrans({"{": "%7B", "}": "%7D"})


def to_bibtex(papers: Iterable[Paper]) -> Iterator[str]:
    """Entries with keys that are unique in this file.

    There is no place for organisation, counts of people, comments and retractions that is read.
    """
    keys: set[str] = set()
    for paper in papers:
        fields = {name: value for name, value in _fields(paper).items() if value}
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        yield f"@misc{{{_key(paper, keys)},\n{lines}}}\n\n"


def in_tex(words: str) -> str:
    """Words as TeX has them: read as TeX, they are what they were."""
    return _escaped(as_text(words, _read))


def _escaped(words: str) -> str:
    return _SIGN.sub(_written, words)


def _read(words: str) -> str:
    """What is read of words that are written here: their TeX, then what looks like TeX in that."""
    return text_value(plain(_escaped(words)))


def _written(sign: re.Match[str]) -> str:
    alone = _SIGNS.get(sign[0])
    return "{}".join(sign[0]) if alone is None else alone  # "-{}-" is no dash


def _fields(paper: Paper) -> Mapping[str, str]:
    return {
        "title": in_tex(paper.title),
        "author": " and ".join(map(_author, paper.authors)),
        "year": str(paper.year or ""),
        "date": paper.date if paper.date and len(paper.date) > 4 else "",
        "type": in_tex(paper.type or ""),
        "institution": in_tex(paper.organization or ""),
        "journal": in_tex(paper.venue or ""),
        "keywords": in_tex(joined_keywords(paper.keywords)),
        "doi": (paper.doi or "").translate(_BRACES),
        "eprint": paper.arxiv_id or "",
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
        "url": one_line(paper.url or "").translate(_BRACES),
        "code": one_line(paper.code_url or "").translate(_BRACES),
        "abstract": in_tex(paper.abstract),
    }


def _author(name: str) -> str:
    """A name; one that would be taken apart, as that of a group may be, is held by braces."""
    words, said = in_tex(name), name.casefold()
    parts = "," in name or " and " in f" {said} " or said == "others"
    return f"{{{words}}}" if parts else words


def _key(paper: Paper, keys: set[str]) -> str:
    base = _NOT_KEY.sub("", paper.paper_id) or "paper"
    key, number = base, 1
    while key in keys:
        number += 1
        key = f"{base}-{number}"
    keys.add(key)
    return key
