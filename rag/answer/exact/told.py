"""What an answer from the records is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answer.citations import Draft
from rag.contract import title_line, unmarked
from rag.evidence.task import Task
from rag.language.trimming import ended, shortened
from rag.library.filtering import describe
from rag.types import Hit, Nearest, Outcome, Paper

SHOWN = 12
"""Papers that are named under a count; of more, the number alone is told."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in all but its frame.

    `screened`: how many papers were looked at, None where none had to be; `matched`: how many of
    them it is about. `reason`: why it is partial or abstained.
    """

    draft: Draft = field(default_factory=Draft)
    outcome: Outcome = "answered"
    reason: str = ""
    screened: int | None = None
    matched: int = 0


def said(words: str, *, outcome: Outcome = "answered", reason: str = "") -> Told:
    """Words of ours and nothing else."""
    return Told(Draft(words), outcome, reason)


def hit_of(paper: Paper) -> Hit:
    """A paper that was looked up and not ranked."""
    return Hit(paper, (), 1.0)


def name_paper(draft: Draft, paper: Paper) -> None:
    """The title of a paper as a claim of its record; its id where it has none."""
    field_name = "title" if paper.title.strip() else "paper_id"
    value = getattr(paper, field_name)
    draft.record(title_line(paper), [(hit_of(paper), field_name, value)])


def name_papers(draft: Draft, papers: Sequence[Paper]) -> None:
    """A line a paper: its title, and its year where it has one."""
    for paper in papers:
        draft.say("\n- ")
        name_paper(draft, paper)
        draft.say(f" ({paper.year})" if paper.year else "")


def nothing_found(task: Task, reason: str, nearest: Sequence[Nearest]) -> str:
    """The text of an abstention: why, what was looked for, and what came closest."""
    looked = f"Looked for: {shortened(unmarked(task.asked))}"
    if task.filters.active:
        looked += f" ({describe(task.filters)})"
    text = f"{ended(f'No answer: {reason}')} {ended(looked)}"
    if nearest:
        text += " The nearest papers, not confirmed: " + "; ".join(
            title_line(near.paper) for near in nearest
        )
    return text
