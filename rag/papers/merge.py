"""When two records are of one paper, and what that paper then is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from rag.papers.rejected import excerpt
from rag.papers.text.plain import paper_key
from rag.papers.values.identifiers import (
    arxiv_id_of,
    arxiv_number,
    arxiv_version,
    doi_of,
    is_identifier,
    is_preprint_doi,
    unversioned,
)
from rag.types import Paper

Relation = Literal["one", "shared identifier", "shared title", "contradiction", "strangers"]
"""Of two records: "one" paper, or two that share something and yet are two, or nothing."""

Identifiers = Mapping[str, frozenset[str]]

NEARLY = 0.7
"""Share of the shorter abstract's words that are in the longer one, from which on two abstracts
are one text. Of 30,000 random pairs of different papers from arXiv and PubMed the nearest had
0.54; a digest or an older version of an abstract has more."""
RETOLD = 0.42
"""The same share among words of five letters or more, from which on two abstracts under one title
are one paper's. 267 abstracts and digests of them by another writer had 0.46 or more; of 280 pairs
of different papers with one title ("Note on creep buckling") two had more, both in one file that
numbers them apart."""
LONGER = 1.1
"""How much longer an abstract must be to replace the stored one. What differs by less is a typo
or a space, and is not worth embedding a paper anew."""

_MADE = re.compile(r"^t[0-9a-f]{12}(?=$|@)|@[0-9a-f]{8}$")
"""An id made from a title, and what is put behind an id that is another paper's."""
_OPTIONAL = ("doi", "arxiv_id", "venue", "type", "keywords", "code_url", "retracted")
_PREPRINTS = ("arxiv", "preprint")
_WORDS = re.compile(r"\w+")
_FEWEST = 6
"""Words. What fewer words have in common ("In press.") says nothing."""
_NO_ABSTRACT = re.compile(
    r"(?=.*\babstracts?\b).*\b(?:no|not|none|without|missing|unavailable|lacks?)\b", re.S | re.I
)
"""What stands where there is no abstract, in words: "An abstract is not available here"."""
_LONGEST_EXCUSE = 120
"""Characters."""


def identifiers(paper: Paper) -> Identifiers:
    """What names a paper, by type: "arxiv", "preprint", "doi", or the file whose own id it is.

    The first three mean the same everywhere, "17" in its file only: a paper's id is from the
    first of its sources. An id made by us is none.
    """
    found: dict[str, frozenset[str]] = {}
    given = _MADE.sub("", paper.paper_id)
    for text in (given, paper.url or "", paper.doi or "", paper.arxiv_id or ""):
        if name := arxiv_number(text):
            type = "arxiv"
        elif name := doi_of(text):
            type, name = "preprint" if is_preprint_doi(name) else "doi", unversioned(name)
        elif text == given and paper.source and is_identifier(text):
            type, name = paper.source[0], text
        else:
            continue
        found[type] = found.get(type, frozenset()) | {name}
    return found


def same_paper(first: Paper, second: Paper) -> bool:
    """Whether two records are of one paper.

    They are (a) if they share an identifier and their titles or abstracts agree, or (b) if titles
    and abstracts agree and no two identifiers of one type contradict. So a mistyped DOI does not
    make one paper of two, nor do two files that both count from 1; a preprint and its article do.
    """
    return related(first, second, (identifiers(first), identifiers(second))) == "one"


def related(first: Paper, second: Paper, names: tuple[Identifiers, Identifiers]) -> Relation:
    """How two records with these identifiers stand to each other; see `same_paper`."""
    titles = [paper_key(first.title), paper_key(second.title)]
    named = titles[0] == titles[1] != ""
    if shared(names):
        one = named or (_telling(first) and _telling(second) and _one_text(first, second))
        return "one" if one else "shared identifier"
    if not named:
        one = not all(titles) and first.paper_id == second.paper_id and _one_text(first, second)
        return "one" if one else "strangers"
    if not _one_text(first, second) and _retold(first, second) < RETOLD:
        return "shared title"
    return "contradiction" if names[0].keys() & names[1].keys() else "one"


def shared(names: tuple[Identifiers, Identifiers]) -> set[str]:
    """The identifiers that two records have in common."""
    first, second = names
    return {name for type in first.keys() & second.keys() for name in first[type] & second[type]}


def alike(first: Paper, second: Paper) -> bool:
    """Whether both titles and abstracts say the same: of several papers it could be, this is it."""
    return paper_key(first.title) == paper_key(second.title) and _one_text(first, second)


def explain(
    relation: Relation, stored: Paper, record: Paper, names: tuple[Identifiers, Identifiers]
) -> str:
    """Why a record is kept as a paper of its own, beside one it shares something with; "" if not.

    Args:
        relation: what `related` says of the two.
        stored: the paper that is there.
        record: the one that is new.
        names: the identifiers of each.
    """
    if relation in ("one", "strangers"):
        return ""
    titles = [repr(excerpt(paper.title) or paper.paper_id) for paper in (stored, record)]
    if relation == "shared identifier":
        name = min(shared(names))
        what = f"{' and '.join(titles)} give one identifier, {excerpt(name)}, for two texts"
    elif relation == "shared title":
        what = f"{titles[1]} stands over two abstracts"
    else:
        type = min(names[0].keys() & names[1].keys())
        both = " and ".join(excerpt(min(of[type])) for of in names)
        what = f"{titles[1]} has two identifiers, {both}"
    return f"{what}: kept as two papers"


def similarity(first: str, second: str, *, letters: int = 1) -> float:
    """The overlap of the words of two texts: those in both over those in the shorter, in [0, 1].

    An abstract is so compared with a longer version of itself, which Jaccard's index would
    count as another text. Only words of at least `letters` letters count; a handful of them
    must be the same altogether.
    """
    if first == second:
        return 1.0
    words = [
        {word for word in _WORDS.findall(text.casefold()) if len(word) >= letters}
        for text in (first, second)
    ]
    fewer = min(len(words[0]), len(words[1]))
    if fewer < _FEWEST:
        return float(_WORDS.findall(first.casefold()) == _WORDS.findall(second.casefold()))
    return len(words[0] & words[1]) / fewer


def _telling(paper: Paper) -> bool:
    """Whether an abstract says of which paper it is: "No abstract available." is many papers'."""
    text = paper.abstract
    if len(text) <= _LONGEST_EXCUSE and _NO_ABSTRACT.match(text):
        return False
    return len({*_WORDS.findall(text.casefold())}) >= _FEWEST


def _one_text(first: Paper, second: Paper) -> bool:
    """Whether two abstracts are one text, or one of them an older or shorter form of the other."""
    return similarity(first.abstract, second.abstract) >= NEARLY


def _retold(first: Paper, second: Paper) -> float:
    return similarity(first.abstract, second.abstract, letters=5)


def merge(stored: Paper, record: Paper) -> Paper:
    """One paper out of two records of it; `stored` goes first and keeps its id.

    Of two versions (arXiv's numbers, or a preprint and its article) the later one's words, authors
    and date are the paper's, and both links stay. Else what is stored stays and gaps are filled.
    Exceptions: an abstract longer by a tenth replaces the stored one; of two dates the more exact,
    else the earlier counts (a year that was guessed from a file's date is too late, never too
    early); of counts the larger. Merging the same record again changes nothing.
    """
    if _is_later(record, stored):
        return _of_versions(stored, later=record, record=record)
    if _is_later(stored, record):
        return _of_versions(stored, later=stored, record=record)
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
        **_filled(stored, record),
    )


def _filled(first: Paper, second: Paper) -> dict[str, Any]:
    """The optional fields of which the first one given counts."""
    return {name: getattr(first, name) or getattr(second, name) for name in _OPTIONAL}


def _of_versions(stored: Paper, *, later: Paper, record: Paper) -> Paper:
    """One paper out of two versions of it: in the words of the later, under the stored id."""
    earlier = record if later is stored else stored
    authors = later.authors or earlier.authors
    numbers = [number for paper in (later, earlier) if (number := _arxiv_id(paper))]
    return replace(
        stored,
        title=later.title or earlier.title,
        abstract=later.abstract,
        date=later.date or earlier.date,
        authors=authors,
        author_count=later.author_count
        if later.authors
        else _first_given(later.author_count, earlier.author_count),
        organization=later.organization or earlier.organization,
        comments=_larger(stored.comments, record.comments),
        upvotes=_larger(stored.upvotes, record.upvotes),
        url=later.url or earlier.url,
        source=_union(stored.source, record.source),
        **{
            **_filled(later, earlier),
            "arxiv_id": max(numbers, key=arxiv_version, default=None),
            "doi": _doi(later) or _doi(earlier),
        },
    )


def _is_later(paper: Paper, other: Paper) -> bool:
    """Whether a paper is a later version of another: by arXiv's number, or as its article."""
    versions = [arxiv_version(_arxiv_id(one) or "") for one in (paper, other)]
    if all(versions) and versions[0] != versions[1]:
        return versions[0] > versions[1]
    names, others = identifiers(paper), identifiers(other)
    return "doi" in names and "doi" not in others and not others.keys().isdisjoint(_PREPRINTS)


def _arxiv_id(paper: Paper) -> str | None:
    """The arXiv number of a paper with the version that its words are of."""
    said = (paper.arxiv_id, paper.url, paper.paper_id)
    found = [number for text in said if text and (number := arxiv_id_of(text))]
    return next((number for number in found if arxiv_version(number)), None) or next(
        iter(found), None
    )


def _doi(paper: Paper) -> str | None:
    said = (paper.doi, paper.url, paper.paper_id)
    found = (doi_of(text) for text in said if text and not arxiv_number(text))
    return next((doi for doi in found if doi), None)


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
        **_filled(record, stored),
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
