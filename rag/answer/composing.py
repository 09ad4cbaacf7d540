"""The four kinds of answer, statement by statement.

Each composer is a generator: it changes the draft and yields after every claim, so that what has
been written and checked can be shown, and what is shown is always whole.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from rag.answer.citations import Draft, Statement, word_count
from rag.answer.scribe import Note, Scribe
from rag.contract import table_title, title_line
from rag.evidence.passages import Chosen, ranked_passages
from rag.evidence.retrieval import Candidate
from rag.language.sane import LINE_ENDS

FACT_WORDS = 60
PAPER_WORDS = 90
PARTS = (30, 22, 15)
"""Words that a quotation may be cut to, at its joints."""
LINE_WORDS = 32
CELL_WORDS = 28
PAPER_SENTENCES = 5
"""Of 24 summaries that strangers asked for, four sentences cut for the words of the request held
.65 of the points, five cut for none .69: such a request names the paper and not its points."""
ABSENT = "not stated in the abstract"
_BREAKS_A_TABLE = re.compile(rf"[{LINE_ENDS}|]")

Stop = threading.Event | None


def point(
    draft: Draft,
    question: str,
    chosen: Sequence[Chosen],
    *,
    most_words: int,
    cut_for: str,
    scribe: Scribe,
    stop: Stop,
) -> Iterator[None]:
    """The answer in a sentence, then what else bears on it, in at most so many words.

    A quotation that is too long is cut to what holds most of the words of `cut_for`, without any to
    its beginning. What else there is has been fitted behind the paper's own words; the model's have
    to leave it its place.
    """
    first = chosen[0]
    own, *others = _fitting(cut_for, chosen, scribe, most_words)
    left = most_words - word_count([other.text for other in others])
    note = Note(question, first.candidate.hit, (first.passage,))
    room = min(FACT_WORDS // 2, left)
    most = word_count([own.text])  # the same words again, should the model's not hold
    draft.state(scribe.statements([note], most_words=most, room=room, stop=stop)[0])
    yield
    for other in others:
        draft.say(" ")
        draft.state(other)
        yield


def _fitting(
    cut_for: str, chosen: Sequence[Chosen], scribe: Scribe, most_words: int
) -> tuple[Statement, ...]:
    """Quotations of as many of the chosen as go into so many words, cut as little as need be."""
    options = []
    for one in chosen:
        cut = (
            scribe.quotation(cut_for, one.candidate.hit, one.passage, most_words=most)
            for most in PARTS
        )
        options.append(tuple({statement.text: statement for statement in cut}.values()))
    for count in range(len(options), 0, -1):
        fitting = [p for p in product(*options[:count]) if _words(p) <= most_words]
        if fitting:
            return max(fitting, key=lambda pick: (_words(pick), _words(pick[:1])))
    return options[0][-1:]


def _words(pick: Sequence[Statement]) -> int:
    return word_count([statement.text for statement in pick])


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
    """A table: one column a paper, its best sentences for the question and the next best below."""
    draft.say("| |" + "".join(f" {table_title(s.paper)} |" for s in sides))
    draft.say("\n|---|" + "---|" * len(sides))
    first = 0
    for heading, (count, lacking) in _ROWS.items():
        cells = [ranked_passages(side)[first : first + count] for side in sides]
        first += count
        if not any(cells):
            continue
        draft.say(f"\n| {heading} |")
        for side, passages in zip(sides, cells, strict=True):
            quoted = [
                scribe.quotation(question, side.hit, passage, most_words=CELL_WORDS)
                for passage in passages
            ]
            statements = [kept for one in quoted if (kept := _in_cell(one)) is not None]
            draft.say(" ")
            draft.state_all(statements)
            draft.say(f"{'' if statements else lacking} |")
        yield


_ROWS = {"Asked": (2, ABSENT), "Besides": (3, "nothing more")}
"""Heading of each row, sentences of each paper in it, and what stands where a paper has none. What
is asked often has two halves; of the points of 24 comparisons that strangers asked for, the best
four sentences of both papers hold .82, the best five .89."""


def _in_cell(statement: Statement) -> Statement | None:
    """A statement whose text cannot break the table: its first words between bars and line ends.

    None where it has no words but bars.
    """
    if not _BREAKS_A_TABLE.search(statement.text):
        return statement
    pieces = (piece.strip() for piece in _BREAKS_A_TABLE.split(statement.text))
    text = next((piece for piece in pieces if piece), "")
    return replace(statement, text=text) if text else None
