"""The table in the text of a comparison, by the places of its cells; bars in claims are words."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from rag.types import Answer

RULE = re.compile(r"\|[\s|:-]*\|?")
"""The line between the head of a table and its body."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table in the text of an answer: `text[start:end]`."""

    start: int
    end: int


def cells(answer: Answer, start: int, end: int) -> list[Cell]:
    """The cells of the line `[start, end)` of the text: what stands between two bars."""
    inside = [(claim.start, claim.end) for claim in answer.claims]
    bars = [
        place
        for place in range(start, end)
        if answer.text[place] == "|" and not any(first <= place < last for first, last in inside)
    ]
    return [Cell(one + 1, other) for one, other in itertools.pairwise(bars)]


def table_rows(answer: Answer) -> list[list[Cell]]:
    """The rows of the first table in the text, without its rule."""
    rows: list[list[Cell]] = []
    position = 0
    for line in answer.text.splitlines(keepends=True):
        content = line.rstrip()
        if content.startswith("|"):
            if not (rows and RULE.fullmatch(content)):
                rows.append(cells(answer, position, position + len(content)))
        elif rows and content:
            break
        position += len(line)
    return [row for row in rows if row]
