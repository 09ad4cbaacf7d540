"""Answers, what they are made of, and the turns before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from rag.types.filters import Filters
from rag.types.papers import Paper, Passage, recorded, require

Kind = Literal["list", "fact", "compare", "paper", "count", "metadata", "collection", "other"]
Outcome = Literal["answered", "partial", "abstained"]
Verdict = Literal["supported", "quoted", "record"]

KINDS: tuple[Kind, ...] = get_args(Kind)
RECORD_KINDS: tuple[Kind, ...] = ("count", "metadata", "collection", "other")
"""Kinds that are answered from the records of papers, not from a reading of their abstracts."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

_UNFILTERED = Filters()


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a paper that carry a claim: `quote == abstract[start:end]`, to the character."""

    label: int
    paper_id: str
    quote: str
    start: int
    end: int

    def __post_init__(self) -> None:
        require(self.label >= 1, f"label {self.label} is below 1")
        require(
            self.end - self.start == len(self.quote) > 0,
            f"citation [{self.label}]: [{self.start}, {self.end}) is not the length of its quote",
        )

    def holds(self, paper: Paper) -> bool:
        """Whether the paper says so."""
        return paper.abstract[self.start : self.end] == self.quote


@dataclass(frozen=True, slots=True)
class RecordCitation:
    """A field of a paper's record that carries a claim: `value` is in its text (`recorded`)."""

    label: int
    paper_id: str
    field: str
    value: str

    def __post_init__(self) -> None:
        require(self.label >= 1, f"label {self.label} is below 1")
        require(bool(self.value), f"citation [{self.label}]: nothing of {self.field!r} is cited")

    def holds(self, paper: Paper) -> bool:
        """Whether the record says so."""
        return self.value in recorded(paper, self.field)


AnyCitation = Citation | RecordCitation


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the answer: `answer.text[start:end] == text`; it always has a citation.

    A claim of verdict "record" cites fields of records, the others words of abstracts.
    """

    text: str
    start: int
    end: int
    citations: tuple[AnyCitation, ...]
    verdict: Verdict

    def __post_init__(self) -> None:
        require(self.verdict in VERDICTS, f"verdict {self.verdict!r} is not one of {VERDICTS}")
        require(bool(self.citations), f"claim {self.text!r} has no citation")
        wanted = RecordCitation if self.verdict == "record" else Citation
        require(
            all(isinstance(one, wanted) for one in self.citations),
            f"claim {self.text!r}: a claim of verdict {self.verdict!r} cites a {wanted.__name__}",
        )
        require(self.end - self.start == len(self.text), "a claim's span is not its text's length")

    @property
    def quotes(self) -> tuple[Citation, ...]:
        """What it cites of abstracts."""
        return tuple(one for one in self.citations if isinstance(one, Citation))

    @property
    def fields(self) -> tuple[RecordCitation, ...]:
        """What it cites of records."""
        return tuple(one for one in self.citations if isinstance(one, RecordCitation))


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
    """An answer in which every sentence is carried by words of a stored abstract or record.

    What is counted (`RECORD_KINDS`) is Quoth's own word, and may stand without a claim.

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
    filters: Filters = _UNFILTERED
    trace: Trace = Trace()
    confidence: float = 0.0
    reason: str = ""
    notes: tuple[str, ...] = ()
    perhaps: tuple[Suggestion, ...] = ()
    also: tuple[Suggestion, ...] = ()

    def __post_init__(self) -> None:
        require(self.kind in KINDS, f"kind {self.kind!r} is not one of {KINDS}")
        require(self.outcome in OUTCOMES, f"outcome {self.outcome!r} is not one of {OUTCOMES}")
        abstracts = {source.label: source.paper for source in self.sources}
        used: set[int] = set()
        for claim in self.claims:
            require(
                self.text[claim.start : claim.end] == claim.text,
                f"claim {claim.text!r} is not at [{claim.start}, {claim.end}) of the answer",
            )
            for citation in claim.citations:
                paper = abstracts.get(citation.label)
                require(
                    paper is not None
                    and paper.paper_id == citation.paper_id
                    and citation.holds(paper),
                    f"citation [{citation.label}] of {claim.text!r} is not words of a source",
                )
                used.add(citation.label)
        require(used == set(abstracts), f"sources {sorted(abstracts)} are not the cited {used}")
