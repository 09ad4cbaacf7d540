"""Small pieces of safe HTML: everything that is not `Markup` is escaped when it is put in.

Every `render_*` module builds pages with `Markup("<b>{}</b>").format(value)`, never with
f-strings, so text from papers, users and models cannot become markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import markupsafe

from rag.contract import authors_line
from rag.language.sane import visible
from rag.types import Paper


class Markup(markupsafe.Markup):
    """HTML that is safe: text put into it is escaped, and nothing in it is unseen.

    The one way of text to the page. Marks of direction, letters without a place and half
    characters go; right-to-left words keep their own direction by `isolated`.
    """

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> Markup:
        """Text as HTML."""
        text = s if hasattr(s, "__html__") else visible(str(s))
        return cls(markupsafe.escape(text))


EMPTY = Markup("")


def join(parts: Iterable[object], separator: str = "") -> Markup:
    """The parts one after another; those that are not `Markup` are escaped."""
    return Markup(separator).join(Markup("{}").format(part) for part in parts)


def isolated(value: object) -> Markup:
    """Text in its own direction: right-to-left words or override marks cannot reorder the rest."""
    return Markup('<bdi dir="auto">{}</bdi>').format(value)


def paper_link(paper: Paper) -> Markup:
    """Where the paper can be read, when its address is one a browser may follow.

    Only http and https become links: an address is text from a file, and "javascript:" would run.
    """
    if not paper.url:
        return EMPTY
    try:
        parts = urlsplit(paper.url)
    except ValueError:
        return isolated(paper.url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return isolated(paper.url)
    return Markup(
        '<a class="outside" href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
    ).format(paper.url, parts.netloc)


def paper_facts(paper: Paper) -> Markup:
    """One line about a paper: date, who, comments, upvotes, link; only what is known."""
    facts: list[object] = []
    if paper.date:
        facts.append(Markup('<time datetime="{0}">{0}</time>').format(paper.date))
    who = authors_line(paper)
    if who:
        facts.append(isolated(who))
    if paper.organization and paper.organization != who:
        facts.append(isolated(paper.organization))
    if paper.comments is not None:
        facts.append(counted(paper.comments, "comment"))
    if paper.upvotes is not None:
        facts.append(counted(paper.upvotes, "upvote"))
    link = paper_link(paper)
    if link:
        facts.append(link)
    return join(facts, " · ")


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 paper", "1,204 papers"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def scores_line(score: float, parts: dict[str, float]) -> str:
    """Why a paper was chosen: the fused score and what it was made of, in words."""
    names = {
        "whole": "abstract",
        "sentence": "best sentence",
        "lexical": "words in common",
        "reranker": "reranker",
    }
    made_of = ", ".join(f"{names.get(name, name)} {value:.2f}" for name, value in parts.items())
    return f"score {score:.2f}" + (f" ({made_of})" if made_of else "")
