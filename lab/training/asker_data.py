"""What the asker learns from: `utterances.jsonl`, written differently each time it is read."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.language.words import content_stems, stems
from rag.question.rows import Before
from rag.question.slots import LABELS, Label, Slot

_MARK = re.compile(r"\{([a-z_]+):([^{}]*)\}")
_STRAIGHT = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2010: "-", 0x2011: "-"}
Part = tuple[Label | None, str]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line of the file; `leans` as `leans_on` says, `refers` from 0."""

    id: str
    today: str
    parts: tuple[Part, ...]
    history: tuple[dict[str, Any], ...]
    kind: str
    filters: dict[str, Any]
    standalone: str
    refers: frozenset[int]
    leans: bool

    @property
    def text(self) -> str:
        """As it was typed."""
        return "".join(text for _, text in self.parts)

    @property
    def before(self) -> Before:
        """The last exchange."""
        return before(self.history)

    @property
    def batch(self) -> str:
        """Who wrote it."""
        return self.id[:4]


def load(path: Path) -> list[Utterance]:
    """All lines of the file."""
    with path.open(encoding="utf-8") as lines:
        return [_utterance(json.loads(line)) for line in lines if line.strip()]


def _utterance(tree: dict[str, Any]) -> Utterance:
    parts: list[Part] = []
    done, marked = 0, tree["marked"].translate(_STRAIGHT)
    for match in _MARK.finditer(marked):
        label = next(name for name in LABELS if name == match[1])
        parts += [(None, marked[done : match.start()]), (label, match[2])]
        done = match.end()
    parts.append((None, marked[done:]))
    history = tuple(tree["history"])
    kept = tuple(part for part in parts if part[1])
    text = "".join(text for _, text in kept)
    return Utterance(
        id=tree["id"],
        today=tree["today"],
        parts=kept,
        history=history,
        kind=tree["kind"],
        filters=tree["filters"],
        standalone=tree["standalone"],
        refers=frozenset(number - 1 for number in tree["refers"]),
        leans=leans_on(text, history, tree["standalone"], bool(tree["refers"])),
    )


def before(history: Sequence[dict[str, Any]]) -> Before:
    """The last exchange of a conversation."""
    asked = next((turn["content"] for turn in reversed(history) if turn["role"] == "user"), "")
    told = next((turn for turn in reversed(history) if turn["role"] == "assistant"), None)
    if told is None:
        return Before(asked)
    return Before(asked, told["content"], tuple(told.get("papers", ())))


def leans_on(text: str, history: Sequence[dict[str, Any]], standalone: str, refers: bool) -> bool:
    """Whether an utterance cannot be read alone.

    It means papers of the last answer, or who wrote out what it means took words from what was
    said before that it does not have itself.
    """
    if not history or refers:
        return refers
    said = {stem for turn in history for stem in stems(turn["content"])}
    said |= {s for turn in history for title in turn.get("papers", ()) for s in stems(title)}
    taken = (set(content_stems(standalone)) & said) - set(stems(text))
    return bool(taken)


def slots(parts: Sequence[Part]) -> list[Slot]:
    """The slots of a text that is given in parts."""
    found, place = [], 0
    for label, text in parts:
        if label:
            found.append(Slot(label, text, place, place + len(text)))
        place += len(text)
    return found


_EXCHANGED: tuple[Label, ...] = ("author", "org", "venue", "limit", "date", "authors_count", "code")
_NEAR = {
    letter: row[max(0, i - 1) : i] + row[i + 1 : i + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for i, letter in enumerate(row)
}


class Varied:
    """Writes utterances as others might have: typos, casing, other names, another conversation."""

    def __init__(self, utterances: Iterable[Utterance], *, draw: random.Random) -> None:
        """`utterances`: those that are learned from; slots and conversations are taken of them."""
        self._draw = draw
        self._fillers: dict[str, list[str]] = defaultdict(list)
        self._talks: list[Before] = []
        for one in utterances:
            for label, text in one.parts:
                if label in _EXCHANGED:
                    self._fillers[label].append(text)
            if one.history:
                self._talks.append(one.before)

    def __call__(self, one: Utterance) -> tuple[tuple[Part, ...], Before]:
        """Its parts and what stands before it, this time."""
        draw, parts = self._draw, one.parts
        if draw.random() < 0.2:
            parts = tuple(self._exchanged(parts))
        if draw.random() < 0.3:
            rate = draw.choice((0.01, 0.03, 0.06))
            parts = tuple((label, self._typos(text, rate)) for label, text in parts)
        if draw.random() < 0.35:
            parts = self._cased(parts)
        if draw.random() < 0.15:
            parts = _without_marks(parts)
        said = one.before
        if one.history and draw.random() < 0.25:
            said = said._replace(said="")
        elif not one.history and draw.random() < 0.12 and self._talks:
            said = draw.choice(self._talks)
        return parts, said

    def _exchanged(self, parts: Sequence[Part]) -> Iterator[Part]:
        for label, text in parts:
            others = self._fillers.get(label or "", ())
            yield (label, self._draw.choice(others) if others else text)

    def _typos(self, text: str, rate: float) -> str:
        out: list[str] = []
        for letter in text:
            if not letter.isalpha() or self._draw.random() >= rate:
                out.append(letter)
                continue
            way = self._draw.randrange(4)
            if way == 0 and out and out[-1].isalpha():
                out.insert(-1, letter)
            elif way == 1:
                out.append(letter * 2)
            elif way == 2:
                out.append(self._draw.choice(_NEAR.get(letter.lower(), letter)))
            elif len(text) <= 2:
                out.append(letter)
        return "".join(out) or text

    def _cased(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        way = self._draw.choice((str.lower, str.lower, str.lower, str.upper, str.title))
        return tuple((label, way(text)) for label, text in parts)


def _without_marks(parts: Sequence[Part]) -> tuple[Part, ...]:
    plain = [(label, text if label else re.sub(r"[?!.,\"]", "", text)) for label, text in parts]
    return tuple((label, text) for label, text in plain if text) or tuple(parts)
