"""The nouns: frozen, slotted, validated when made, never mutated.

    Paper -> Passage -> Hit -> Evidence -> Answer(Claim(Citation))

Standard library only: every other module of the project may import this one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["list", "fact", "compare", "paper"]
Outcome = Literal["answered", "partial", "abstained"]
Verdict = Literal["supported", "quoted"]
Order = Literal[
    "relevance", "newest", "oldest", "comments", "upvotes", "most_authors", "fewest_authors"
]

KINDS: tuple[Kind, ...] = ("list", "fact", "compare", "paper")
OUTCOMES: tuple[Outcome, ...] = ("answered", "partial", "abstained")
VERDICTS: tuple[Verdict, ...] = ("supported", "quoted")

_ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _require(condition: bool, message: str) -> None:
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
        _require(bool(self.paper_id.strip()), "a paper needs a paper_id")
        _require(bool(self.abstract.strip()), f"paper {self.paper_id!r} has no abstract")
        _require(
            self.date is None or _ISO_DATE.fullmatch(self.date) is not None,
            f"paper {self.paper_id!r}: date {self.date!r} is not ISO (YYYY, YYYY-MM, YYYY-MM-DD)",
        )
        for name in ("author_count", "comments", "upvotes"):
            value = getattr(self, name)
            _require(value is None or value >= 0, f"paper {self.paper_id!r}: {name} is {value}")

    @property
    def year(self) -> int | None:
        """The year of publication, None when the paper has no date."""
        return int(self.date[:4]) if self.date else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an abstract: `abstract[start:end]` is its text, always."""

    paper_id: str
    ordinal: int
    start: int
    end: int

    def __post_init__(self) -> None:
        _require(
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
        _require(self.label >= 1, f"label {self.label} is below 1")
        _require(bool(self.sentences), f"evidence {self.label} has no sentences")
        for sentence in self.sentences:
            _require(
                sentence.paper_id == self.paper.paper_id
                and sentence.end <= len(self.paper.abstract),
                f"evidence {self.label}: a sentence does not belong to {self.paper.paper_id!r}",
            )


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a paper that carry a claim: `quote == abstract[start:end]`, to the character."""

    label: int
    paper_id: str
    quote: str
    start: int
    end: int

    def __post_init__(self) -> None:
        _require(self.label >= 1, f"label {self.label} is below 1")
        _require(
            self.end - self.start == len(self.quote) > 0,
            f"citation [{self.label}]: [{self.start}, {self.end}) is not the length of its quote",
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the answer: `answer.text[start:end] == text`; it always has a citation."""

    text: str
    start: int
    end: int
    citations: tuple[Citation, ...]
    verdict: Verdict

    def __post_init__(self) -> None:
        _require(self.verdict in VERDICTS, f"verdict {self.verdict!r} is not one of {VERDICTS}")
        _require(bool(self.citations), f"claim {self.text!r} has no citation")
        _require(self.end - self.start == len(self.text), "a claim's span is not its text's length")


@dataclass(frozen=True, slots=True)
class Source:
    """A cited paper, as listed under an answer."""

    label: int
    paper: Paper
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nearest:
    """A paper that came closest to a question that was not answered: shown, not confirmed."""

    paper: Paper
    score: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A paper beside the answer, with its best sentence: shown apart, in no claim and no source.

    `score`: the probability, in [0, 1], that it belongs there.
    """

    paper: Paper
    score: float
    passage: Passage


@dataclass(frozen=True, slots=True)
class Screened:
    """How many papers there are, how many could have answered, how many did."""

    corpus: int = 0
    candidates: int = 0
    matched: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question says of the papers themselves. None or (): not asked for.

    `date_min` and `date_max` are ISO days, both included; `year_min` and `year_max` stand where
    years are what was said. `authors`: all of them. `organization`: one, or several joined by
    " or ". `exclude`: what papers must not be about. `types`: kinds of papers ("surveys"), which
    are looked for in words. `limit`: how many papers at the most.
    """

    year_min: int | None = None
    year_max: int | None = None
    date_min: str | None = None
    date_max: str | None = None
    author_count_min: int | None = None
    author_count_max: int | None = None
    authors: tuple[str, ...] = ()
    organization: str | None = None
    with_code: bool | None = None
    exclude: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    upvotes_min: int | None = None
    comments_min: int | None = None
    limit: int | None = None
    order: Order = "relevance"
    undated_left_out: int = 0

    @property
    def asked(self) -> bool:
        """Whether anything is asked for: also an order, or how many."""
        return self.active or self.order != "relevance" or self.limit is not None

    @property
    def active(self) -> bool:
        """Whether any paper could be left out by these filters."""
        return any(
            value is not None
            for value in (
                self.year_min,
                self.year_max,
                self.date_min,
                self.date_max,
                self.author_count_min,
                self.author_count_max,
                self.authors or None,
                self.organization,
                self.with_code,
                self.exclude or None,
                self.upvotes_min,
                self.comments_min,
            )
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """What made an answer: models, prompts (name -> sha256), index fingerprint, time, tokens."""

    llm: str = ""
    embedder: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)
    index: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far. `paper_ids`: the sources of an assistant's turn."""

    role: Literal["user", "assistant"]
    content: str
    paper_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in which every sentence is carried by words of a stored abstract.

    `text` is what is shown: claims, each followed by its markers ("... [1]"), and the few words
    around them (headings, "Screened 40 of 253"). `confidence` in [0, 1] is what the abstaining
    decision was made of; `reason` says in one sentence why an answer is partial or abstained;
    `notes` say what of the question had to be changed before it could be read. `perhaps` are
    papers of a list under its cut; `also`, where it is unsure whether a point or a list is wanted,
    the best of the other.
    """

    question: str
    standalone_question: str
    kind: Kind
    outcome: Outcome
    text: str
    claims: tuple[Claim, ...] = ()
    sources: tuple[Source, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    screened: Screened = Screened()
    filters: Filters = Filters()
    trace: Trace = Trace()
    confidence: float = 0.0
    reason: str = ""
    notes: tuple[str, ...] = ()
    perhaps: tuple[Suggestion, ...] = ()
    also: tuple[Suggestion, ...] = ()

    def __post_init__(self) -> None:
        _require(self.kind in KINDS, f"kind {self.kind!r} is not one of {KINDS}")
        _require(self.outcome in OUTCOMES, f"outcome {self.outcome!r} is not one of {OUTCOMES}")
        abstracts = {source.label: source.paper for source in self.sources}
        used: set[int] = set()
        for claim in self.claims:
            _require(
                self.text[claim.start : claim.end] == claim.text,
                f"claim {claim.text!r} is not at [{claim.start}, {claim.end}) of the answer",
            )
            for citation in claim.citations:
                paper = abstracts.get(citation.label)
                _require(
                    paper is not None
                    and paper.paper_id == citation.paper_id
                    and paper.abstract[citation.start : citation.end] == citation.quote,
                    f"citation [{citation.label}] of {claim.text!r} is not words of a source",
                )
                used.add(citation.label)
        _require(used == set(abstracts), f"sources {sorted(abstracts)} are not the cited {used}")


# What `Assistant.stream` yields, in this order. `Written` carries the answer as it stands.


@dataclass(frozen=True, slots=True)
class Understood:
    """How the question was read, before anything is looked up."""

    question: str
    standalone_question: str
    kind: Kind
    filters: Filters


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence, before a word is written."""

    evidence: tuple[Evidence, ...]
    screened: Screened


@dataclass(frozen=True, slots=True)
class Written:
    """One more claim has been written and checked; `answer` is all of it so far, valid as it is."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; always the last event."""

    answer: Answer


Event = Understood | Found | Written | Done
