"""Earlier turns: which papers they were about, as a question may lean on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.language.wording import normalize
from rag.names import Mention, Names
from rag.question.rows import Before
from rag.question.turns.followups import Leaning, segment, without_markers
from rag.types import Turn

SURE_MENTION: Final = 0.7
"""Score of a mention from which on the question is taken to be about the paper."""
_LONGEST_SHOWN: Final = 160
_ITEM: Final = re.compile(r"^\s*(?:[-*\u2022]|\d+[.)]) ", re.MULTILINE)
_LABELLED: Final = re.compile(r"\[\d{1,2}\]")


def before(history: Sequence[Turn], *, names: Names) -> Before:
    """The last exchange, as the asker is told of it."""
    asked = last_question(history)
    last = next((turn for turn in reversed(history) if turn.role == "assistant"), None)
    if last is None:
        return Before(asked)
    papers = last.paper_ids or named_in(last.content, names=names)
    titles = tuple(names.title(paper) or paper for paper in papers)
    return Before(asked, without_markers(last.content), titles)


def last_question(history: Sequence[Turn]) -> str:
    """What the user asked last; "" where nothing was."""
    return next((turn.content for turn in reversed(history) if turn.role == "user"), "")


def last_cited(history: Sequence[Turn]) -> tuple[str, ...]:
    """The papers of the last answer."""
    return next((turn.paper_ids for turn in reversed(history) if turn.role == "assistant"), ())


def listed(history: Sequence[Turn], *, least: int = 2) -> tuple[str, ...]:
    """The papers of the latest list of so many, else of the latest answer that had as many.

    What was said of one paper since, or of two side by side, does not take the list away: "the
    third" still is in it.
    """
    shown = [turn for turn in reversed(history) if len(turn.paper_ids) >= least]
    lists = [turn for turn in shown if len(_ITEM.findall(turn.content)) > 1]
    return next((turn.paper_ids for turn in (*lists, *shown)), ())


def named_in(text: str, *, names: Names) -> tuple[str, ...]:
    """The papers that a turn names for sure, in order."""
    return papers_of([one for one in names.resolve(text) if one.score >= SURE_MENTION])


def papers_of(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """The papers of some mentions, once each, in order."""
    return tuple(dict.fromkeys(paper for mention in mentions for paper in mention.paper_ids))


def numbered(lean: Leaning, question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """The papers that a question points at by number; () where no answer had so many.

    "[2]" is a source of the last answer, "the second" one of the latest list.
    """
    papers = last_cited(history)
    if not _LABELLED.search(question):
        papers = listed(history, least=max(2, *map(abs, lean.numbers))) or papers
    return tuple(
        papers[number - 1 if number > 0 else number]
        for number in lean.numbers
        if 0 < abs(number) <= len(papers)
    )


def spoken_of(
    lean: Leaning, question: str, history: Sequence[Turn], *, names: Names
) -> tuple[tuple[str, ...], str]:
    """The papers that earlier turns were about, and the words to find them by if none is known."""
    answers = [turn for turn in reversed(history) if turn.role == "assistant"]
    if lean.numbers and answers:
        chosen = numbered(lean, question, history)
        if chosen:
            return chosen, ""
        said = " ".join(segment(answers[0].content, number) for number in lean.numbers)
        found = named_in(said, names=names)
        return found[:1] if found else (), said
    for turn in reversed(history):
        papers = turn.paper_ids or named_in(turn.content, names=names)
        if papers:
            return (tuple(papers) if lean.many or len(papers) == 1 else tuple(papers[:1])), ""
    return (), ""


def standalone(question: str, *, about: str = "", after: str = "") -> str:
    """`question` with what it leans on, in plain words, for a reader and for a search.

    Args:
        question: as the user wrote it.
        about: the title of the paper it is about, where that is known.
        after: else the question that it follows.
    """
    text = normalize(question)
    if about:
        return f'{text} (about "{about}")'
    if after:
        shown = after if len(after) <= _LONGEST_SHOWN else f"{after[: _LONGEST_SHOWN - 1]}\u2026"
        return f'{text} (after "{shown}")'
    return text
