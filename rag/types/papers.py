"""Papers, their sentences, and what is found of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def require(condition: bool, message: str) -> None:
    """Refuse a noun that cannot be: ValueError with the message."""
    if not condition:
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: what a user's files say of it.

    `date` is ISO 8601, as exact as the source is: "2024", "2024-05" or "2024-05-22".
    `source` holds every file or name that the paper came from, in order of first sight. `doi` is
    in small letters and without an address; `arxiv_id` is the number, with the version that the
    words are of where the source says so. `venue`, `type` and `keywords` are as the source has
    them; `retracted` is what it says of a retraction, and anything there means that there is one.
    """

    paper_id: str
    title: str
    abstract: str
    date: str | None = None
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    organization: str | None = None
    comments: int | None = None
    upvotes: int | None = None
    url: str | None = None
    source: tuple[str, ...] = ()
    doi: str | None = None
    arxiv_id: str | None = None
    venue: str | None = None
    type: str | None = None
    keywords: tuple[str, ...] = ()
    code_url: str | None = None
    retracted: str | None = None

    def __post_init__(self) -> None:
        require(bool(self.paper_id.strip()), "a paper needs a paper_id")
        require(bool(self.abstract.strip()), f"paper {self.paper_id!r} has no abstract")
        require(
            self.date is None or _ISO_DATE.fullmatch(self.date) is not None,
            f"paper {self.paper_id!r}: date {self.date!r} is not ISO (YYYY, YYYY-MM, YYYY-MM-DD)",
        )
        for name in ("author_count", "comments", "upvotes"):
            value = getattr(self, name)
            require(value is None or value >= 0, f"paper {self.paper_id!r}: {name} is {value}")

    @property
    def year(self) -> int | None:
        """The year of publication, None when the paper has no date."""
        return int(self.date[:4]) if self.date else None


def recorded(paper: Paper, name: str) -> str:
    """The text of a field of a paper's record; "" where the record does not hold it.

    Several values are joined by ", ".

    Raises:
        ValueError: a paper has no field of that name.
    """
    require(name in Paper.__dataclass_fields__, f"a paper has no field {name!r}")
    value = getattr(paper, name)
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an abstract: `abstract[start:end]` is its text, always."""

    paper_id: str
    ordinal: int
    start: int
    end: int

    def __post_init__(self) -> None:
        require(
            self.ordinal >= 0 and 0 <= self.start < self.end,
            f"passage {self.ordinal} of {self.paper_id!r} spans [{self.start}, {self.end})",
        )

    def text(self, abstract: str) -> str:
        """The words of this passage, cut from the abstract it was made from."""
        return abstract[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved paper with its best sentences, best first.

    `score` is the fused score in [0, 1]; `parts` holds what it was made of: "whole" and
    "sentence" (cosine in [-1, 1]), "lexical" (BM25, >= 0), "reranker" where one ran.
    `passage_scores` runs parallel to `passages`.
    """

    paper: Paper
    passages: tuple[Passage, ...]
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)
    passage_scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences of one paper that an answer may cite. Labels count from 1 in order of use."""

    label: int
    paper: Paper
    sentences: tuple[Passage, ...]

    def __post_init__(self) -> None:
        require(self.label >= 1, f"label {self.label} is below 1")
        require(bool(self.sentences), f"evidence {self.label} has no sentences")
        for sentence in self.sentences:
            require(
                sentence.paper_id == self.paper.paper_id
                and sentence.end <= len(self.paper.abstract),
                f"evidence {self.label}: a sentence does not belong to {self.paper.paper_id!r}",
            )
