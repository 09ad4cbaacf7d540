"""The four kinds of answer, statement by statement. Floor 3.

Each composer is a generator: it changes the draft and yields after every claim, so that what has
been written and checked can be shown, and what is shown is always whole.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from rag import roles
from rag.citations import Draft, Statement, word_count
from rag.contract import table_title, title_line
from rag.evidence.passages import Chosen, ranked_passages
from rag.retrieval import Candidate
from rag.sane import LINE_ENDS
from rag.scribe import Note, Scribe
from rag.types import Passage

FACT_WORDS = 60
FACT_PARTS = (30, 22, 15)
"""Words that a quotation of a fact may be cut to, at its joints."""
PAPER_WORDS = 90
LINE_WORDS = 32
CELL_WORDS = 28
PAPER_SENTENCES = 5
ABSENT = "not stated in the abstract"
_BREAKS_A_TABLE = re.compile(rf"[{LINE_ENDS}|]")

Stop = threading.Event | None


def fact(
    draft: Draft, question: str, chosen: Sequence[Chosen], *, scribe: Scribe, stop: Stop
) -> Iterator[None]:
    """The answer in a sentence, then what else bears on it: at most 60 words, three sentences.

    What else there is has been fitted behind the paper's own words; the model's have to leave it
    its place.
    """
    first = chosen[0]
    own, *others = _fitting(question, chosen, scribe)
    left = FACT_WORDS - word_count([other.text for other in others])
    note = Note(question, first.candidate.hit, (first.passage,))
    room = min(FACT_WORDS // 2, left)
    most = word_count([own.text])  # the same words again, should the model's not hold
    draft.state(scribe.statements([note], most_words=most, room=room, stop=stop)[0])
    yield
    for other in others:
        draft.say(" ")
        draft.state(other)
        yield


def _fitting(question: str, chosen: Sequence[Chosen], scribe: Scribe) -> tuple[Statement, ...]:
    """Quotations of as many of the chosen as go into `FACT_WORDS`, cut as little as need be."""
    options = []
    for one in chosen:
        cut = (
            scribe.quotation(question, one.candidate.hit, one.passage, most_words=most)
            for most in FACT_PARTS
        )
        options.append(tuple({statement.text: statement for statement in cut}.values()))
    for count in range(len(options), 0, -1):
        fitting = [p for p in product(*options[:count]) if _words(p) <= FACT_WORDS]
        if fitting:
            return max(fitting, key=lambda pick: (_words(pick), _words(pick[:1])))
    return options[0][-1:]


def _words(pick: Sequence[Statement]) -> int:
    return word_count([statement.text for statement in pick])


def paper(
    draft: Draft, question: str, candidate: Candidate, *, scribe: Scribe, stop: Stop
) -> Iterator[None]:
    """What the paper proposes, how, what it found, and what else the question asks of it."""
    passages = _outline(candidate)
    share = PAPER_WORDS // len(passages)
    head = scribe.statements(
        [Note(question, candidate.hit, (passages[0],))], most_words=share + 6, stop=stop
    )
    draft.state(head[0])
    yield
    for place, passage in enumerate(passages[1:], start=1):
        left = PAPER_WORDS - word_count([claim.text for claim in draft.claims])
        room = max(12, left // (len(passages) - place))
        statement = scribe.quotation(question, candidate.hit, passage, most_words=room)
        if word_count([statement.text]) <= left:
            draft.say(" ")
            draft.state(statement)
            yield


def listing(
    draft: Draft, question: str, candidates: Sequence[Candidate], *, scribe: Scribe, stop: Stop
) -> Iterator[None]:
    """One line a paper: what it has to say on the question, in one sentence."""
    size = 8
    for start in range(0, len(candidates), size):
        batch = candidates[start : start + size]
        notes = [Note(question, c.hit, (ranked_passages(c)[0],)) for c in batch]
        for candidate, statement in zip(
            batch, scribe.statements(notes, most_words=LINE_WORDS, stop=stop), strict=True
        ):
            found = candidate.paper
            year = f" ({found.year})" if found.year else ""
            draft.say(f"{chr(10) if draft.claims else ''}- {title_line(found)}{year}: ")
            draft.state(statement)
            yield
        if stop is not None and stop.is_set():
            return


def comparison(
    draft: Draft, question: str, sides: Sequence[Candidate], *, scribe: Scribe
) -> Iterator[None]:
    """A table: one row an aspect, one column a paper, each cell the paper's own words or none."""
    draft.say("| |" + "".join(f" {table_title(s.paper)} |" for s in sides))
    draft.say("\n|---|" + "---|" * len(sides))
    used: dict[int, set[Passage]] = {side.index: set() for side in sides}
    for aspect, wanted in _ASPECTS:
        cells = [_pick(side, wanted, used[side.index]) for side in sides]
        if not any(cells):
            continue
        draft.say(f"\n| {aspect} |")
        for side, passages in zip(sides, cells, strict=True):
            used[side.index].update(passages)
            quoted = [
                scribe.quotation(question, side.hit, passage, most_words=CELL_WORDS)
                for passage in passages
            ]
            statements = [kept for one in quoted if (kept := _in_cell(one)) is not None]
            draft.say(" ")
            draft.state_all(statements)
            draft.say(f"{'' if statements else ABSENT} |")
        yield


_ASPECTS = (("Asked", "asked"), ("Proposes", "proposes"), ("Finds", "finds"))
_ASKED = 2  # sentences in the first row: what is asked often has two halves


def _pick(side: Candidate, wanted: str, used: set[Passage]) -> list[Passage]:
    ranked = [passage for passage in ranked_passages(side) if passage not in used]
    if wanted == "asked":
        return ranked[:_ASKED]
    test = roles.proposes if wanted == "proposes" else roles.finds
    abstract = side.paper.abstract
    return [passage for passage in ranked if test(passage.text(abstract))][:1]


def _outline(candidate: Candidate) -> list[Passage]:
    """At most five sentences: what is put forward, the best for the question, how, the finding.

    In the order of the abstract, but for the first proposal, which comes first.
    """
    abstract = candidate.paper.abstract
    ranked = ranked_passages(candidate)
    proposals = [p for p in candidate.passages if roles.proposes(p.text(abstract))]
    studies = [p for p in candidate.passages if roles.studies(p.text(abstract))]
    findings = [p for p in candidate.passages if roles.finds(p.text(abstract))]
    first = (proposals or studies or ranked)[0]
    how = [p for p in candidate.passages if p.ordinal > first.ordinal]
    wanted = dict.fromkeys([*ranked[:2], *proposals[1:2], *findings[-1:], *how])
    others = [passage for passage in wanted if passage != first][: PAPER_SENTENCES - 1]
    return [first, *sorted(others, key=lambda passage: passage.ordinal)]


def _in_cell(statement: Statement) -> Statement | None:
    """A statement whose text cannot break the table: its first words between bars and line ends.

    None where it has no words but bars.
    """
    if not _BREAKS_A_TABLE.search(statement.text):
        return statement
    pieces = (piece.strip() for piece in _BREAKS_A_TABLE.split(statement.text))
    text = next((piece for piece in pieces if piece), "")
    return replace(statement, text=text) if text else None
