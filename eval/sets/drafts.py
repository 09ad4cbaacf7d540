"""Drafts of questions from the user's own papers, gold filled in, for a person to accept.

    paper         what a paper that names its work proposes; gold: the name's parts
    fact          a sentence with a number, the number left out; gold: the number
    list          a term that a handful of papers share; gold: these papers
    filter        the same within a year
    unanswerable  a fact asked of a paper that does not say it; gold: silence

Rules write plainly and a little stiffly: they save looking for gold, not thinking. Each draft has
`"status": "draft"` and a note with the sentence that it was made from; `quoth eval run` leaves
drafts out until a person has reworded the question and set the status to "accepted".
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from eval.sets.terms import shared_terms
from rag.language.sentences import split
from rag.types import Paper

_NAMED = re.compile(r"^([A-Z][\w+.-]*(?: [\w+.-]+){0,2}):\s")
_COUNTED = tuple("languages examples papers models tasks datasets questions participants".split())
_QUANTITY = re.compile(
    r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?"
    rf" ?(?:%|percent|x|times|hours|points|{'|'.join(_COUNTED)})(?![\w-])"
)
_LONG_FORM = re.compile(r"((?:[A-Z][\w-]* ){1,5}[A-Z][\w-]*) \(([A-Z][\w-]*[A-Z][\w-]*)\)")
LEAST_SHARED, MOST_SHARED = 3, 8
"""Papers that share a term: fewer is a fact of one, more is what the whole index is about."""

Draft = dict[str, Any]


def drafts(papers: Sequence[Paper], *, count: int, seed: int = 0) -> list[Draft]:
    """Draft questions, the kinds in turn, no paper twice within a kind.

    Args:
        papers: of the index.
        count: how many at most; an index of few or odd papers gives fewer.
        seed: other papers and terms with another seed.
    """
    ordered = sorted(papers, key=lambda paper: paper.paper_id)
    sources = [maker(ordered, random.Random(f"{seed}:{name}")) for name, maker in _MAKERS.items()]
    found: list[Draft] = []
    while sources and len(found) < count:
        for source in list(sources):
            draft = next(source, None)
            if draft is None:
                sources.remove(source)
            elif len(found) < count:
                found.append({"id": f"draft-{len(found) + 1:03d}", **draft, "status": "draft"})
    return found


def write_drafts(found: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write drafts to a new file.

    Raises:
        FileExistsError: the file is there already; a person's work is in it.
    """
    with path.open("x", encoding="utf-8") as file:
        file.writelines(json.dumps(draft, ensure_ascii=False) + "\n" for draft in found)


def _papers(papers: Sequence[Paper], draw: random.Random) -> Iterator[Draft]:
    for paper in _shuffled(papers, draw):
        named = _NAMED.match(paper.title)
        if named is None or named[1].casefold() not in paper.abstract.casefold():
            continue
        answers = [[named[1]]]
        for long, short in _LONG_FORM.findall(paper.abstract):
            # An acronym that many papers spell out ("LLM") tells nothing of this one.
            if short != named[1] and sum(short in other.abstract for other in papers) == 1:
                answers.append([short, long])
        yield _draft(
            "paper",
            f"What does the {named[1]} paper propose?",
            papers=[paper.title],
            answers=answers,
            note=_first_sentence(paper),
        )


def _facts(papers: Sequence[Paper], draw: random.Random) -> Iterator[Draft]:
    for paper in _shuffled(papers, draw):
        found = _quantity(paper, draw)
        if found is not None:
            sentence, blanked, answer = found
            yield _draft(
                "fact",
                f'Which figure belongs in the gap: "{blanked}"?',
                papers=[paper.title],
                answers=[[answer]],
                note=f"reword it as you would ask it; it is from: {sentence}",
            )


def _unanswerable(papers: Sequence[Paper], draw: random.Random) -> Iterator[Draft]:
    """A figure of one paper, asked of another that has no such figure."""
    shuffled = _shuffled(papers, draw)
    for paper, other in pairwise(shuffled):
        found = _quantity(paper, draw)
        if found is None or found[2] in other.abstract:
            continue
        unit = re.sub(r"^[\d.,\s]+", "", found[2])
        if unit not in _COUNTED or unit in other.abstract.casefold():
            continue
        yield _draft(
            "unanswerable",
            f'How many {unit} does the paper "{other.title}" report?',
            papers=[],
            answers=[],
            note="make sure that the paper says nothing of the kind",
        )


def _lists(papers: Sequence[Paper], draw: random.Random) -> Iterator[Draft]:
    yield from _sharing(papers, draw, "list", "Which papers deal with {}?", {})


def _filters(papers: Sequence[Paper], draw: random.Random) -> Iterator[Draft]:
    years = sorted({paper.year for paper in papers if paper.year})
    for year in _shuffled(years, draw):
        dated = [paper for paper in papers if paper.year == year]
        asked = f"Which papers from {year} deal with {{}}?"
        draft = next(_sharing(dated, draw, "filter", asked, {"year": year}), None)
        if draft is not None:
            yield draft


def _sharing(
    papers: Sequence[Paper],
    draw: random.Random,
    kind: str,
    asked: str,
    filter: Mapping[str, Any],
) -> Iterator[Draft]:
    terms = shared_terms(papers, least=LEAST_SHARED, most=MOST_SHARED)
    for term in _shuffled(sorted(terms), draw):
        titles = [paper.title for paper in terms[term]]
        yield _draft(
            kind,
            asked.format(term),
            papers=titles,
            answers=[],
            note="these papers have the words; which of them qualify, and which others do?",
            filter=dict(filter),
        )


def _draft(
    kind: str,
    question: str,
    *,
    papers: list[str],
    answers: list[list[str]],
    note: str,
    filter: Mapping[str, Any] | None = None,
) -> Draft:
    return {
        "type": kind,
        "question": question,
        "papers": papers,
        "also_ok": [],
        "answers": answers,
        "history": [],
        "filter": dict(filter or {}),
        "note": note,
        "origin": "quoth eval new",
    }


def _quantity(paper: Paper, draw: random.Random) -> tuple[str, str, str] | None:
    """(sentence, sentence with a gap, quantity) of a paper that states one exactly once."""
    sentences = [paper.abstract[span.start : span.end] for span in split(paper.abstract)]
    for sentence in _shuffled(sentences, draw):
        found = list(_QUANTITY.finditer(sentence))
        if len(found) == 1 and paper.abstract.count(found[0][0]) == 1:
            match = found[0]
            gap = f"{sentence[: match.start()]}___{sentence[match.end() :]}"
            return sentence, gap.strip(), match[0]
    return None


def _first_sentence(paper: Paper) -> str:
    span = split(paper.abstract)[0]
    return paper.abstract[span.start : span.end]


def _shuffled(items: Sequence[Any], draw: random.Random) -> list[Any]:
    shuffled = list(items)
    draw.shuffle(shuffled)
    return shuffled


_MAKERS: dict[str, Callable[[Sequence[Paper], random.Random], Iterator[Draft]]] = {
    "fact": _facts,
    "list": _lists,
    "paper": _papers,
    "filter": _filters,
    "unanswerable": _unanswerable,
}
