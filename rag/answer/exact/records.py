"""Facts of the record: who wrote a paper, when, where it appeared, its numbers and addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rag.answer.citations import Draft
from rag.answer.exact.sight import Sight
from rag.answer.exact.told import Told, hit_of, said
from rag.contract import title_line, unmarked
from rag.evidence.task import Task
from rag.language.wording import words
from rag.library.corpus import Corpus
from rag.question.record_fields import USUAL
from rag.types import Paper, recorded

MOST_PAPERS = 10
"""Papers whose records are told at once."""
MOST_NAMES = 12
"""Authors that are all named; of more, those asked for or the first few."""
FIRST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Field:
    """How a field of a record is told.

    `says`: after the name of the paper, "{}" is its value; `absent`: what a record without it does
    not hold; `instead`: the fields that serve where it is empty.
    """

    says: str
    absent: str
    instead: tuple[str, ...] = ()


FIELDS: Final[Mapping[str, Field]] = {
    "authors": Field("was written by {}", "names of authors", ("author_count",)),
    "author_count": Field("has {} authors", "number of authors", ("authors",)),
    "date": Field("is dated {}", "date"),
    "title": Field('has the title "{}"', "title"),
    "venue": Field("appeared in {}", "venue"),
    "organization": Field("names the organisation {}", "organisation"),
    "doi": Field("has the DOI {}", "DOI"),
    "arxiv_id": Field("has the arXiv number {}", "arXiv number"),
    "url": Field("is at {}", "link", ("doi", "arxiv_id")),
    "code_url": Field("has its code at {}", "link to code"),
    "upvotes": Field("has {} upvotes", "number of upvotes"),
    "comments": Field("has {} comments", "number of comments"),
    "keywords": Field("has the keywords {}", "keywords"),
    "retracted": Field("is marked as retracted: {}", "word of a retraction"),
    "type": Field("is of the type {}", "type of publication"),
}
_ONE: Final = {"has 1 authors": "has 1 author", "has 1 upvotes": "has 1 upvote"}
_BIBTEX: Final = re.compile(
    r"\bbib ?tex\b|\bbibliograph\w+|\breference entry\b|^\W*cite\b|\bcitation for\b",
    re.IGNORECASE,
)
_LAST: Final = re.compile(r"\b(?:last|senior|final)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is told of a paper: `words` follow its name; `value` is of the text of its `field`."""

    field: str
    value: str
    words: str


def metadata(task: Task, corpus: Corpus, sight: Sight) -> Told:
    """What the records of the papers meant hold of the fields asked for, a claim each."""
    papers = _meant(task, corpus, sight)
    if not papers:
        words = "It could not be told which paper is meant."
        return said(f"{words} Name it by its title.", outcome="abstained", reason=words)
    if _BIBTEX.search(task.question):
        return Told(_entries(papers))
    draft, missing = Draft(), []
    fields = task.fields or tuple(name for name in USUAL if _holds_any(papers, name))
    for number, paper in enumerate(papers):
        draft.say("\n" if number else "")
        missing += _tell_of(draft, paper, fields, task.question)
    if "date" in fields and len(papers) > 1:
        _order(draft, papers)
    lacking = " ".join(missing)
    if not draft.claims:
        return said(lacking, outcome="abstained", reason=lacking)
    return Told(draft, "partial" if missing else "answered", lacking)


def _meant(task: Task, corpus: Corpus, sight: Sight) -> list[Paper]:
    """The papers that are named or pointed at; else the one that the question describes."""
    known = [corpus.snapshot.index_of(paper_id) for paper_id in task.focus]
    papers = [corpus.paper_at(place) for place in known if place is not None]
    if papers:
        return papers[:MOST_PAPERS]
    described = sight.described()
    return [described] if described is not None else []


def _holds_any(papers: Sequence[Paper], name: str) -> bool:
    return any(recorded(paper, name) for paper in papers)


def _tell_of(draft: Draft, paper: Paper, fields: Sequence[str], question: str) -> list[str]:
    """Say what is held of one paper, then what is not; returns the sentence of the latter."""
    named = f'"{title_line(paper)}"'
    facts = {name: fact_of(paper, name, question) for name in fields}
    told: set[str] = set()
    for fact in facts.values():
        if fact is not None and fact.field not in told:
            subject = "It" if told else named
            draft.say(" " if told else "")
            draft.record(f"{subject} {fact.words}.", [(hit_of(paper), fact.field, fact.value)])
            told.add(fact.field)
    lacking = [FIELDS[name].absent for name, fact in facts.items() if fact is None]
    missing = [f"The record of {named} holds no {' and no '.join(lacking)}."] if lacking else []
    draft.say((" " if told else "") + missing[0] if missing else "")
    return missing


_ENTRY: Final = {"title": "title", "doi": "doi", "url": "url", "howpublished": "venue"}
"""Fields of BibTeX, and ours."""


def _entries(papers: Sequence[Paper]) -> Draft:
    """What the records hold, as entries of BibTeX, one a paper."""
    draft = Draft()
    for number, paper in enumerate(papers, start=1):
        held = {name: recorded(paper, field) for name, field in _ENTRY.items()}
        held = {name: value for name, value in held.items() if value}
        lines = [f"  {name} = {{{unmarked(value)}}}" for name, value in held.items()]
        if paper.authors:
            lines.append(f"  author = {{{' and '.join(map(unmarked, paper.authors))}}}")
        if paper.year:
            lines.append(f"  year = {{{paper.year}}}")
        cited = [(hit_of(paper), _ENTRY[name], value) for name, value in held.items()]
        cited += [(hit_of(paper), "date", str(paper.date))] if paper.date else []
        cited += [(hit_of(paper), "authors", recorded(paper, "authors"))] if paper.authors else []
        body = ",\n".join(lines)
        draft.say("\n" if number > 1 else "")
        draft.record(f"@misc{{{paper.paper_id},\n{body}\n}}", cited)
    return draft


def fact_of(paper: Paper, name: str, question: str) -> Fact | None:
    """What the record of a paper holds of a field, or of one that serves instead; None: nothing.

    Args:
        paper: any paper.
        name: a key of `FIELDS`.
        question: which of many authors are named depends on it.
    """
    for one in (name, *FIELDS[name].instead):
        value = recorded(paper, one)
        if not value:
            continue
        if one == "authors":
            return _authors(paper, question, counted=name == "author_count")
        if one == "author_count" and name == "authors":
            plural = "" if value == "1" else "s"
            return Fact(one, value, f"has {value} author{plural} in its record but no names")
        words = FIELDS[one].says.format(unmarked(value))
        return Fact(one, value, _ONE.get(words, words))
    return None


def _authors(paper: Paper, question: str, *, counted: bool) -> Fact:
    """The names as the record has them; of very many those asked for, or the first few."""
    names = paper.authors
    number = max(paper.author_count or 0, len(names))
    shown = ", ".join(names)
    if len(names) > MOST_NAMES:
        asked = set(words(question))
        own = [name for name in names if set(words(name)[-1:]) & asked]
        shown = ", ".join(
            own[:1] or names[-1:] if own or _LAST.search(question) else names[:FIRST_NAMES]
        )
        rest = f"{unmarked(shown)}, among {number:,} authors"
        return Fact("authors", shown, f"was written by {rest}")
    if counted:
        head = f"has {number:,} author{'' if number == 1 else 's'}"
        return Fact("authors", shown, f"{head}: {unmarked(shown)}")
    return Fact("authors", shown, f"was written by {unmarked(shown)}")


def _order(draft: Draft, papers: Sequence[Paper]) -> None:
    """Which of several dated papers is the oldest, where their dates tell."""
    dated = sorted((paper for paper in papers if paper.date), key=lambda paper: str(paper.date))
    if len(dated) < 2 or len(dated) < len(papers):
        return
    first, second = str(dated[0].date), str(dated[1].date)
    if first == second[: len(first)]:  # "2024" may be before or after "2024-05"
        return
    oldest = "older" if len(dated) == 2 else "oldest"
    cited = [(hit_of(paper), "date", str(paper.date)) for paper in dated]
    draft.say("\n")
    draft.record(f'"{title_line(dated[0])}" is the {oldest} of them.', cited)
