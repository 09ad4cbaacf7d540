"""What belongs to what in a claim, compared with what belongs to what in its evidence.

"70 humans and 155 systems" and "155 humans and 70 systems" have the same words. Here each number,
name and word is held to what stands near it: were two of them to change places, would the claim be
nearer to its evidence (`exchange`)? Would another of the evidence fit better (`substitute`)?
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.language.text import KEPT, Reading
from rag.support.quantities import quantities

FAR = 12.0
"""Words. Two things further apart than this do not belong together more or less than at it."""
NEAR = 7.0
"""Words. How far around itself a thing of the claim is held to others."""
MAX_UNITS = 40
"""A claim of more is compared by its first ones only, so that the time stays bounded."""

_SENTENCE_GAP, _CLAUSE_GAP = 8.0, 2.0
_SENTENCE_END = re.compile(r"[.!?][\s\"')\]]*\s(?=\S)|;")
_CLAUSE_END = re.compile(r"[,:()\u2013\u2014]|--|\b(?:while|whereas|but|which|and then)\b")

UnitKind = Literal["number", "name", "word"]


@dataclass(frozen=True, slots=True, eq=False)
class BoundUnit:
    """A number, name or content word at `place`: words counted, with gaps for clause ends."""

    key: str
    kind: UnitKind
    place: float
    at: int


@lru_cache(maxsize=KEPT)
def units(text: Reading) -> tuple[BoundUnit, ...]:
    """The numbers, names and content words of a text, in reading order."""
    numbers = quantities(text.text)
    named = {at: name.key for name in text.names if name.certain for at in name.words}
    found: list[BoundUnit] = []
    place, previous_end = 0.0, 0
    for at, word in enumerate(text.words):
        between = text.text[previous_end : word.start]
        if _SENTENCE_END.search(between + "x"):
            place += _SENTENCE_GAP
        elif _CLAUSE_END.search(between):
            place += _CLAUSE_GAP
        place += 1.0
        previous_end = word.end
        number = next((q for q in numbers if q.start <= word.start < q.end), None)
        if number is not None:
            key, kind = f"{number.value:.6g}", "number"
        elif at in named:
            key, kind = named[at], "name"
        elif word.content:
            key, kind = word.stem, "word"
        else:
            continue
        if not (found and found[-1].key == key and kind != "word"):
            found.append(BoundUnit(key, kind, place, at))  # type: ignore[arg-type]
    return tuple(found)


class Bindings:
    """The units of a claim with the places where the evidence has them."""

    def __init__(self, claim: Reading, evidence: Reading, same: Sequence[frozenset[str]]) -> None:
        """`same[i]`: the stems that carry `claim.words[i]`: itself, a form, a synonym."""
        known = units(evidence)
        self._claim = units(claim)[:MAX_UNITS]
        self._places: list[list[float]] = []
        for unit in self._claim:
            keys = {unit.key} | (same[unit.at] if unit.kind == "word" else frozenset())
            self._places.append([other.place for other in known if other.key in keys])
        self._others = [unit for unit in known if all(unit.key != mine.key for mine in self._claim)]
        self._known: dict[tuple[int, int], float] = {}

    def exchange(self, kind: UnitKind) -> float:
        """By how many words the claim would come nearer if two of its units changed places."""
        mine = [i for i, unit in enumerate(self._claim) if unit.kind == kind and self._places[i]]
        worst = 0.0
        for a, i in enumerate(mine):
            for j in mine[a + 1 :]:
                if self._claim[i].key != self._claim[j].key:
                    worst = max(worst, self._pull(i, j) + self._pull(j, i))
        return worst

    def substitute(self, kind: UnitKind, spared: frozenset[str]) -> float:
        """By how many words another unit of the evidence fits better than one of the claim's.

        `spared`: keys that stand for the paper itself ("we" in the evidence): they fit anywhere.
        """
        worst = 0.0
        rivals = [unit for unit in self._others if unit.kind == kind]
        for i, unit in enumerate(self._claim):
            if unit.kind != kind or unit.key in spared:
                continue
            anchors = self._anchors(i, None)
            weight = sum(w for _, w in anchors)
            if not weight:
                continue
            own = sum(w * self._apart(i, b) for b, w in anchors) / weight
            for rival in rivals:
                theirs = (
                    sum(w * self._distance([rival.place], self._places[b]) for b, w in anchors)
                    / weight
                )
                worst = max(worst, own - theirs)
        return worst

    def _anchors(self, i: int, rival: int | None) -> list[tuple[int, float]]:
        """What unit `i` is held to: units near it, nearer to it than to its rival."""
        found = []
        place = self._claim[i].place
        for b, unit in enumerate(self._claim):
            apart = abs(unit.place - place)
            if b in (i, rival) or not self._places[b] or apart > NEAR:
                continue
            if rival is not None and apart >= abs(unit.place - self._claim[rival].place):
                continue
            found.append((b, 1.0 / (1.0 + apart)))
        return found

    def _pull(self, i: int, j: int) -> float:
        """How much nearer, in words, the things around `i` are to `j` in the evidence."""
        anchors = self._anchors(i, j)
        weight = sum(w for _, w in anchors)
        if not weight:
            return 0.0
        return sum(w * (self._apart(i, b) - self._apart(j, b)) for b, w in anchors) / weight

    def _apart(self, i: int, j: int) -> float:
        """How far the evidence has two units of the claim from one another."""
        if (i, j) not in self._known:
            self._known[i, j] = self._distance(self._places[i], self._places[j])
        return self._known[i, j]

    @staticmethod
    def _distance(one: Sequence[float], other: Sequence[float]) -> float:
        return min((FAR, *(abs(a - b) for a in one for b in other if a != b)))
