"""Which words of a claim its evidence has, and in what form.

A word is carried when the evidence has its stem, a form of it ("accurate", "accuracy"), the words
run on or apart ("fine-tuning", "finetuning"), or the acronym it is part of. A synonym carries
less, a word of the rest of the abstract less still. Rules and a word list; pure functions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from rag.language.text import KEPT, Name, Reading, Word, expansion, holds_name, reading, stems_of
from rag.package_data import DATA

PREFIX_LETTERS = 5
"""Two words whose first letters agree this far, and to 60 % of the longer, are forms of one."""

# What stands before the name of what a paper is about.
_INTRODUCING = re.compile(
    r"(?:propose|introduce|present|develop|call(?:ed)?|named?|dubbed|termed)\b[^.]{0,60}"
)


class Grade(IntEnum):
    """How a word is carried: by nothing, by the rest of the abstract, by a synonym, by itself."""

    NOVEL = 0
    CONTEXT = 1
    SYNONYM = 2
    EVIDENCE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A claim beside its evidence.

    `grades[i]` and `carriers[i]` (the stems of the evidence that carry it: itself, a form, a
    synonym) are for `claim.words[i]`. `context` is the title with the whole abstract: it may
    name things, it doesn't carry claims. `own`: keys of the names that stand for the paper itself,
    which its evidence calls "we" or "our method".
    """

    claim: Reading
    evidence: Reading
    context: Reading
    grades: tuple[Grade, ...]
    carriers: tuple[frozenset[str], ...]
    names: tuple[tuple[Name, Grade], ...]
    own: frozenset[str]


def match(claim: str, evidence: str, *, title: str = "", context: str = "") -> Match:
    """Grades every word and every name of the claim against the evidence."""
    said, known = reading(claim), reading(evidence)
    around = reading(f"{title}. {context or evidence}")
    carried, beside = _carrier(known, around), _carrier(around, around)
    spelled_out = _spelled_out(said, known, around)
    grades = tuple(
        Grade.EVIDENCE
        if at in spelled_out or carried.has(said, at)
        else Grade.SYNONYM
        if carried.has_synonym(word.stem)
        else Grade.CONTEXT
        if beside.has(said, at)
        else Grade.NOVEL
        for at, word in enumerate(said.words)
    )
    names = tuple((name, _name_grade(name, spelled_out, known, around)) for name in said.names)
    carriers = tuple(carried.carriers(word) for word in said.words)
    return Match(said, known, around, grades, carriers, names, _own_names(title, around))


@lru_cache(maxsize=1)
def synonyms() -> dict[str, frozenset[int]]:
    """Stem -> the groups it belongs to, from `rag/data/synonyms.txt`."""
    written = (DATA / "synonyms.txt").read_text(encoding="utf-8")
    lines = [line for line in written.splitlines() if line and not line.startswith("#")]
    table: dict[str, set[int]] = {}
    for group, line in enumerate(lines):
        for stem in stems_of(line.replace("-", " ").split()):
            table.setdefault(stem, set()).add(group)
    return {stem: frozenset(groups) for stem, groups in table.items()}


class _Carrier:
    """What one text carries, looked up word by word."""

    def __init__(self, text: Reading, context: Reading) -> None:
        defined = [stems for short, stems in context.definitions.items() if short in text.keys]
        self._stems = text.stems.union(*defined)
        self._joined = text.joined
        self._starts: dict[str, list[Word]] = {}
        self._groups: dict[int, list[str]] = {}
        for word in text.words:
            if word.content and len(word.lower) >= PREFIX_LETTERS:
                self._starts.setdefault(word.lower[:PREFIX_LETTERS], []).append(word)
        for stem in text.stems:
            for group in synonyms().get(stem, ()):
                self._groups.setdefault(group, []).append(stem)

    def has(self, claim: Reading, at: int) -> bool:
        """Whether the text has word `at` of the claim, or a form of it."""
        word = claim.words[at]
        if word.stem in self._stems or word.stem in self._joined:
            return True
        if not word.content:
            return False
        beside = claim.words[max(0, at - 1) : at + 2]
        return bool(self._forms(word)) or any(
            one.lower + other.stem in self._stems for one, other in pairwise(beside)
        )

    def has_synonym(self, stem: str) -> bool:
        """Whether the text has a synonym of the stem."""
        return not self._groups.keys().isdisjoint(synonyms().get(stem, ()))

    def carriers(self, word: Word) -> frozenset[str]:
        """The stems of the text that carry the word: itself, else its forms and synonyms."""
        if word.stem in self._stems or not word.content:
            return frozenset((word.stem,))
        found = set(self._forms(word))
        for group in synonyms().get(word.stem, ()):
            found.update(self._groups.get(group, ()))
        return frozenset(found)

    def _forms(self, word: Word) -> list[str]:
        same_start = self._starts.get(word.lower[:PREFIX_LETTERS], ())
        return [other.stem for other in same_start if _same_root(word.lower, other.lower)]


@lru_cache(maxsize=KEPT)
def _carrier(text: Reading, context: Reading) -> _Carrier:
    return _Carrier(text, context)


def _same_root(one: str, other: str) -> bool:
    longer = max(len(one), len(other))
    shared = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), -1)
    if shared < 0:
        shared = min(len(one), len(other))
    return shared >= PREFIX_LETTERS and shared >= 0.6 * longer


def _spelled_out(claim: Reading, evidence: Reading, context: Reading) -> frozenset[int]:
    """Words of the claim that spell an acronym of the evidence, or are one that it spells out."""
    found: set[int] = set()
    for acronym in evidence.acronyms:
        found.update(expansion(acronym, claim))
    for name in claim.names:
        stands_for = context.definitions.get(name.key)
        defined = stands_for is not None and stands_for <= evidence.stems
        if defined or (name.key in claim.acronyms and expansion(name.key, evidence)):
            found.update(name.words)
    return frozenset(found)


def _name_grade(
    name: Name, spelled_out: frozenset[int], evidence: Reading, context: Reading
) -> Grade:
    if holds_name(evidence, name):
        return Grade.EVIDENCE
    if all(at in spelled_out for at in name.words):
        return Grade.SYNONYM
    return Grade.CONTEXT if holds_name(context, name) else Grade.NOVEL


@lru_cache(maxsize=KEPT)
def _own_names(title: str, context: Reading) -> frozenset[str]:
    """Names before the colon of the title, and those that the abstract introduces."""
    head, colon, _ = title.partition(":")
    own = {name.key for name in reading(head).names} if colon else set()
    for introduced in _INTRODUCING.finditer(context.text):
        own.update(
            name.key
            for name in context.names
            if name.certain
            and introduced.start() < context.words[name.words[0]].start < introduced.end()
        )
    return frozenset(own)
