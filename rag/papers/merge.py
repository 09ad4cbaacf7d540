"""When two records are of one paper, and what that paper then is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.papers.text import paper_key, title_id
from rag.types import Paper

NEARLY = 0.7
"""Share of the shorter abstract's words that are in the longer one, from which on two abstracts
are one text. Of 30,000 random pairs of different papers from arXiv and PubMed the nearest had
0.54; a digest or an older version of an abstract has more."""
LONGER = 1.1
"""How much longer an abstract must be to replace the stored one. What differs by less is a typo
or a space, and is not worth embedding a paper anew."""

_VERSION = re.compile(r"(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:\s*)?(\d{4}\.\d{4,5})(?:v\d+)?")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)")
_WORDS = re.compile(r"\w+")


def id_key(paper_id: str) -> str:
    """An id without what does not tell papers apart: "arXiv:2412.18608v2" is "2412.18608"."""
    text = paper_id.strip()
    found = _VERSION.fullmatch(text.casefold()) or _DOI.fullmatch(text.casefold())
    return found[1] if found else text


def means_one_paper(paper_id: str) -> bool:
    """Whether an id is the same in every file: arXiv's and DOIs are, "17" is not."""
    text = paper_id.strip().casefold()
    return (_VERSION.fullmatch(text) or _DOI.fullmatch(text)) is not None


def is_title_id(paper: Paper) -> bool:
    """Whether a paper's id was made from its title because its source gave none."""
    return bool(paper.title) and paper.paper_id == title_id(paper.title)


def same_paper(first: Paper, second: Paper) -> bool:
    """Whether two records are of one paper.

    With one id they are, if the id means the same everywhere (arXiv, DOI, our own) or both come
    from one file; ids like "17" recur in other files, so there titles or abstracts must agree.
    With two ids they are if the titles are the same and one id only stands for that title, or
    the abstracts are nearly the same; unless one file gives both ids: it says that they differ.
    A paper's id is from the first of its sources, so that one is asked.
    """
    titles = [paper_key(first.title), paper_key(second.title)]
    same_title = bool(titles[0]) and titles[0] == titles[1]
    one_file = first.source[:1] == second.source[:1]
    if id_key(first.paper_id) == id_key(second.paper_id):
        if one_file or same_title or means_one_paper(first.paper_id) or is_title_id(first):
            return True
        return similarity(first.abstract, second.abstract) >= NEARLY
    if not same_title:
        return False
    if is_title_id(first) or is_title_id(second):
        return True
    return not one_file and similarity(first.abstract, second.abstract) >= NEARLY


def similarity(first: str, second: str) -> float:
    """The overlap of the words of two texts: those in both over those in the shorter, in [0, 1].

    An abstract is so compared with a longer version of itself, which Jaccard's index would
    count as another text.
    """
    if first == second:
        return 1.0
    words = [set(_WORDS.findall(text.casefold())) for text in (first, second)]
    fewer = min(len(words[0]), len(words[1]))
    return len(words[0] & words[1]) / fewer if fewer else 0.0


def merge(stored: Paper, record: Paper) -> Paper:
    """One paper out of two records of it; `stored` goes first and keeps its id.

    What is stored stays and gaps are filled. Exceptions: an abstract longer by a tenth replaces
    the stored one; of two dates the more exact, else the earlier counts (a year that was guessed
    from a file's date is too late, never too early); of counts the larger. Merging the same
    record again changes nothing.
    """
    longer = len(record.abstract) > LONGER * len(stored.abstract)
    authors = stored.authors or record.authors
    return replace(
        stored,
        title=stored.title or record.title,
        abstract=record.abstract if longer else stored.abstract,
        date=_better_date(stored.date, record.date),
        authors=authors,
        author_count=_first_given(stored.author_count, record.author_count, len(authors) or None),
        organization=stored.organization or record.organization,
        comments=_larger(stored.comments, record.comments),
        upvotes=_larger(stored.upvotes, record.upvotes),
        url=stored.url or record.url,
        source=_union(stored.source, record.source),
    )


def corrected(stored: Paper, record: Paper) -> Paper:
    """The stored paper after its only file was edited: what the record says now goes first."""
    both = merge(stored, record)
    return replace(
        both,
        title=record.title or stored.title,
        abstract=record.abstract,
        date=record.date or stored.date,
        authors=record.authors or stored.authors,
        author_count=_first_given(record.author_count, stored.author_count),
        organization=record.organization or stored.organization,
        url=record.url or stored.url,
    )


def _better_date(stored: str | None, record: str | None) -> str | None:
    if stored is None or record is None:
        return stored or record
    if stored.startswith(record) or record.startswith(stored):
        return max(stored, record, key=len)
    return min(stored, record)


def _larger(stored: int | None, record: int | None) -> int | None:
    given = [count for count in (stored, record) if count is not None]
    return max(given, default=None)


def _first_given(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)


def _union(stored: Sequence[str], record: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*stored, *record)))
