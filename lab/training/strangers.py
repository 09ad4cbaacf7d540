"""Whole question sets by other writers over papers kept aside, for deciding over a corpus.

`lab/data/strangers` holds four sets of 81 questions, each by a writer who saw 130 to 140 abstracts
and nothing else of Quoth; `corpora.json` names each set's papers. What `qa.jsonl` leaves open was
written beside one abstract, in a manner of its own; here facts, lists and what nothing answers are
worded alike. Half of the writers are fitted to, the other half are told of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.training.paper_reader_data import Part, Source

FOLDER = Path(__file__).parents[1] / "data" / "strangers"
POINTS = ("fact", "paper", "compare")
SURVEYS = ("list", "overview")


@dataclass(frozen=True, slots=True)
class Stranger:
    """A question that stands alone, over its writer's corpus.

    Attributes:
        key: names it; the set comes first.
        part: of its writer.
        type: as in `quoth eval`.
        text: the question.
        corpus: ids of the papers.
        papers: ids of those that belong in an answer.
        also: ids of those that may.
        points: of each point of the answer, the strings of which one must be said.
    """

    key: str
    part: Part
    type: str
    text: str
    corpus: tuple[str, ...]
    papers: frozenset[str]
    also: frozenset[str]
    points: tuple[tuple[str, ...], ...]

    @property
    def survey(self) -> bool:
        """Whether papers are to be listed."""
        return self.type in SURVEYS

    @property
    def style(self) -> str:
        """What kind of reading it is; see `Reading.style`."""
        if self.type != "unanswerable":
            return "list" if self.survey else self.type
        return "false premise" if self.papers else "left open"

    def holds(self, paper_id: str, sentence: str) -> bool:
        """Whether a sentence says one of the points."""
        said = sentence.casefold()
        return paper_id in self.papers | self.also and any(
            one.casefold() in said for point in self.points for one in point
        )


def strangers(papers: dict[str, Source], folder: Path = FOLDER) -> Iterator[Stranger]:
    """The questions that have no turns before them, of all sets whose papers are there."""
    if not folder.is_dir():
        return
    corpora: dict[str, list[str]] = json.loads((folder / "corpora.json").read_text("utf-8"))
    for number, (name, ids) in enumerate(sorted(corpora.items())):
        if not {*ids} <= papers.keys():
            continue  # other training data than these sets were written over
        by_title = {papers[paper_id].title: paper_id for paper_id in ids}
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            one: dict[str, Any] = json.loads(line)
            if not one["history"]:
                yield Stranger(
                    key=one["id"],
                    part=("fit", "test")[number % 2],
                    type=one["type"],
                    text=one["question"],
                    corpus=tuple(ids),
                    papers=frozenset(by_title[title] for title in one["papers"]),
                    also=frozenset(by_title[title] for title in one["also_ok"]),
                    points=tuple(map(tuple, one["answers"])),
                )
