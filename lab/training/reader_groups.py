"""Groups of pairs that the reader learns from, as a file.

They are found once, with an index at hand (`lab.training.reader_gather`); what learns from them
needs torch and the file, and so runs on a lent GPU where nothing else of Quoth is installed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "groups.json"


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs that are compared with each other: `right` (n,) of 0 and 1, maybe all 0."""

    head: str
    pairs: tuple[tuple[str, str], ...]
    right: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from one paper or claim.

    `part`: "train", "dev" or "test" as in `lab.data.support_cases`, or "more": of training papers
    too, but not in the recipe that ships. `pools`: parallel to `groups`, each with everything that
    a refresh may choose from; empty where nothing is ever learned from the groups.
    """

    part: str
    groups: tuple[Group, ...]
    pools: tuple[Group, ...] = ()


class Texts:
    """Texts by number: most stand in many pairs, and are written once."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts = list(texts)
        self._number = {text: i for i, text in enumerate(self.texts)}

    def pack(self, group: Group) -> list[Any]:
        """A group as plain lists."""
        numbers = [self._of(text) for pair in group.pairs for text in pair]
        return [group.head, numbers, [int(right) for right in group.right]]

    def unpack(self, tree: Sequence[Any]) -> Group:
        """The group again."""
        head, numbers, right = tree
        told = [self.texts[i] for i in numbers]
        pairs = tuple(zip(told[::2], told[1::2], strict=True))
        return Group(head, pairs, tuple(float(one) for one in right))

    def _of(self, text: str) -> int:
        if text not in self._number:
            self._number[text] = len(self.texts)
            self.texts.append(text)
        return self._number[text]


def keep(lessons: Sequence[Lesson], run: Path) -> None:
    """Write them into the folder of a run."""
    texts = Texts()
    told = [
        [one.part, [texts.pack(g) for g in one.groups], [texts.pack(g) for g in one.pools]]
        for one in lessons
    ]
    tree = {"texts": texts.texts, "lessons": told}
    (run / FILE).write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")


def kept(run: Path) -> list[Lesson]:
    """The lessons of a run that has begun."""
    tree = json.loads((run / FILE).read_text(encoding="utf-8"))
    texts = Texts(tree["texts"])
    return [
        Lesson(part, tuple(map(texts.unpack, groups)), tuple(map(texts.unpack, pools)))
        for part, groups, pools in tree["lessons"]
    ]
