"""The values of a paper as text that is read back as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rag.language.sane import one_line
from rag.papers.fields import keywords, text_value
from rag.papers.values.names import author_names
from rag.types import Paper

COLUMNS = (
    "paper_id", "title", "abstract", "date", "authors", "author_count", "organization", "comments",
    "upvotes", "url", "doi", "arxiv_id", "venue", "type", "keywords", "code_url", "retracted",
)  # fmt: skip
"""All of a paper but where it came from: that is then the file that is read."""
_TEXTS = frozenset({"title", "abstract", "venue", "organization", "type"})
_MARKUP = re.compile(r"&(?=#?\w+;)|<(?=[/A-Za-z!?])")
_TEX = {"\\": "\\textbackslash{}", "$": "\\$"}


def flat(paper: Paper) -> Mapping[str, str]:
    """The values of `COLUMNS` as one text each, "" where the paper has none."""
    said = {name: getattr(paper, name) for name in COLUMNS}
    made = {name: "" if value is None else str(value) for name, value in said.items()}
    texts = {name: as_text(made[name]) for name in _TEXTS}
    lists = {"authors": joined_names(paper.authors), "keywords": joined_keywords(paper.keywords)}
    return {name: one_line(value) for name, value in {**made, **texts, **lists}.items()}


def as_text(words: str, read: Callable[[str], str] = text_value) -> str:
    """Words on one line that `read` takes for what they are.

    What reads as TeX and is none is written as the text that it is. Words that read well stay as
    they are, since other programs show them as they stand. Tags and entities are no words: only
    a page as it was copied can have some, and they are written so that nothing is marked up.
    """
    plain = one_line(words)
    ways = [plain]
    for _ in range(2):  # the second for who reads TeX twice
        ways.append(re.sub(r"[\\$]", lambda sign: _TEX[sign[0]], ways[-1]))
    marked = _MARKUP.sub(lambda sign: "&amp;" if sign[0] == "&" else "&lt;", plain)
    return next((way for way in ways if read(way) == plain), marked)


def joined_names(names: Sequence[str]) -> str:
    """Names as one text between semicolons; where that would read as others, a list written out."""
    text = "; ".join(map(one_line, names))
    kept = tuple(map(one_line, names))
    return text if author_names(text) == kept else str(list(kept))


def joined_keywords(words: Sequence[str]) -> str:
    """Keywords as one text; one with a comma in it is ended by a semicolon to stay one."""
    text = "; ".join(map(one_line, words))
    return text if keywords(text) == tuple(words) else f"{text};"
