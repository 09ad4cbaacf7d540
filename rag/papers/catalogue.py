"""All papers of an index by id and title, and what becomes of each record that is added."""

from __future__ import annotations

import hashlib
from bisect import insort
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import replace
from itertools import chain, count, islice
from typing import Literal, NamedTuple

from rag.papers.merge import (
    Identifiers,
    alike,
    corrected,
    explain,
    identifiers,
    merge,
    related,
    shared,
)
from rag.papers.rejected import excerpt
from rag.papers.text.plain import paper_key
from rag.papers.values.identifiers import id_key
from rag.types import Paper

Change = Literal["added", "updated", "unchanged"]

_TELLING = 50
"""Papers. A title that more papers have ("Editorial") tells nothing of which paper it is."""
MOST_MERGED = 10_000
"""Merged records that are listed; more are counted."""
_NONE: frozenset[str] = frozenset()
_TOLD = 20
"""Notes on papers that were kept apart; more are counted."""


class Added(NamedTuple):
    """What became of a record: the paper as it is now, and whether the index must learn of it."""

    change: Change
    paper: Paper


class Merged(NamedTuple):
    """A record that became one with a paper that another record gave, or another file."""

    paper_id: str
    title: str
    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.title!r} is one with {self.paper_id}: {self.reason}"


class Catalogue:
    """Papers, each once. Adding a record a second time changes nothing.

    Args:
        papers: what is in the index already.
        shelf: where papers are kept by id; a dict by default. One on disk keeps memory to some
            300 bytes a paper; what is in it already counts as `papers`.
    """

    def __init__(
        self, papers: Iterable[Paper] = (), *, shelf: MutableMapping[str, Paper] | None = None
    ) -> None:
        self._shelf: MutableMapping[str, Paper] = {} if shelf is None else shelf
        self._by_id: dict[str, str] = {}
        self._by_title: dict[str, list[str]] = {}
        # Identifiers, by type, beside the one that a paper goes by: whose they are, and which
        # ones records of this run gave for a paper.
        self._aliases: dict[tuple[str, str], str] = {}
        self._known: dict[str, dict[str, frozenset[str]]] = {}
        # Papers that a record of this run has made or confirmed, and those that one contradicts.
        self._confirmed: set[str] = set()
        self._fresh: dict[str, Paper] = {}
        self._met: set[str] = set()  # papers that a record of this run was of
        self.merged_count = 0
        self.merged: list[Merged] = []
        self._kept_apart = 0
        self._notes: list[str] = []
        for paper in self._shelf.values():
            self._index(paper)
        for paper in papers:
            self._put(paper)

    def __len__(self) -> int:
        return len(self._shelf)

    def __iter__(self) -> Iterator[Paper]:
        return iter(self._shelf.values())

    @property
    def papers(self) -> tuple[Paper, ...]:
        """All papers, in order of first sight."""
        return tuple(self._shelf.values())

    def get(self, paper_id: str) -> Paper | None:
        """The paper with this id (any version of an arXiv id), None if there is none."""
        stored = self._by_id.get(id_key(paper_id))
        return self._shelf[stored] if stored is not None else None

    @property
    def notes(self) -> tuple[str, ...]:
        """Which new papers share an identifier or a title with another, and why they are two."""
        rest = self._kept_apart - len(self._notes)
        more = (f"and {rest:,} more papers that share an identifier or a title with another",)
        return (*self._notes, *(more if rest else ()))

    def find(self, record: Paper) -> Paper | None:
        """The paper that a record is of, by `same_paper`; None if it is a new one."""
        return self._find(record)[0]

    def _find(self, record: Paper) -> tuple[Paper | None, str]:
        """The paper of a record; if there is none, why the paper that comes closest is another."""
        mine = identifiers(record)
        closest, best, likely = "", -1, None
        for stored in self._candidates(record, mine):
            names = self._names(stored), mine
            relation = related(stored, record, names)
            if relation == "one":
                rank = 1 + 2 * bool(shared(names)) + alike(stored, record)
            elif self._renumbered(stored, record, names):
                rank = 0  # unless another paper has this number
            else:
                closest = closest or explain(relation, stored, record, names)
                continue
            if rank > best:
                best, likely = rank, stored
            if best == (4 if mine else 2):
                break
        return likely, closest

    def _renumbered(
        self, stored: Paper, record: Paper, names: tuple[Identifiers, Identifiers]
    ) -> bool:
        """Whether a file that numbers its papers has given this one another number.

        It has if it was read before, the stored paper is its alone, and no record of this run is
        that paper's so far. Two records of one text with two numbers in one run are two papers.
        """
        return (
            stored.source == record.source
            and stored.paper_id not in self._confirmed
            and stored.paper_id not in self._fresh
            and names[0].keys() & names[1].keys() <= {*record.source}
            and alike(stored, record)
        )

    def _names(self, stored: Paper) -> Identifiers:
        """The identifiers of a paper, with those that records of this run gave for it."""
        own, known = identifiers(stored), self._known.get(stored.paper_id, {})
        return {type: own.get(type, _NONE) | known.get(type, _NONE) for type in {**own, **known}}

    def _candidates(self, record: Paper, mine: Identifiers) -> Iterator[Paper]:
        """Papers that share something with a record, each once, the likeliest first."""
        made = (self._by_id.get(id_key(name)) for name in islice(_made_ids(record), 2))
        named = (self._aliases.get(name, self._by_id.get(name[1])) for name in _pairs(mine))
        own = (self._by_id.get(id_key(record.paper_id)),)
        found = dict.fromkeys(name for name in chain(made, named, own) if name is not None)
        yield from (self._shelf[paper_id] for paper_id in found)
        namesakes = self._by_title.get(_title_key(record), [])
        if len(namesakes) <= _TELLING:
            titled = [self._shelf[paper_id] for paper_id in namesakes if paper_id not in found]
            yield from sorted(titled, key=lambda paper: _distance(paper, record))

    def add(self, record: Paper) -> Added:
        """Take a record in: as a new paper, or merged into the paper that it is of.

        Where the stored paper is from this file alone, and the record contradicts it, the file
        was edited, or it has several records of the paper. `settle` decides that at its end;
        until then the change is "unchanged".
        """
        stored, closest = self._find(record)
        if stored is None:
            self._note(closest)
            paper = replace(record, paper_id=self._free_id(record))
            self._confirmed.add(paper.paper_id)
            self._met.add(paper.paper_id)
            return self._changed("added", paper, record)
        self._tell_merged(stored, record)
        if stored.source == record.source and stored.paper_id not in self._confirmed:
            fresh = self._fresh.get(stored.paper_id)
            if fresh is not None:
                self._fresh[stored.paper_id] = merge(fresh, record)
            elif corrected(stored, record) != stored:
                self._fresh[stored.paper_id] = replace(record, paper_id=stored.paper_id)
            else:
                self._confirmed.add(stored.paper_id)
            return self._changed("unchanged", stored, record)
        paper = merge(stored, record)
        return self._changed("unchanged" if paper == stored else "updated", paper, record)

    def settle(self) -> tuple[Added, ...]:
        """At the end of a file: the papers whose records in it were edited, now corrected.

        Each was "unchanged" when its records were added.
        """
        settled: list[Added] = []
        for paper_id, fresh in self._fresh.items():
            stored = self._shelf[paper_id]
            paper = corrected(stored, fresh)
            self._confirmed.add(paper_id)
            if paper != stored:
                settled.append(self._changed("updated", paper, paper))
        self._fresh.clear()
        return tuple(settled)

    def _changed(self, change: Change, paper: Paper, record: Paper) -> Added:
        if change != "unchanged":
            self._put(paper)
        theirs = identifiers(paper)
        for type, name in _pairs(identifiers(record)):
            if name not in theirs.get(type, ()):
                self._aliases.setdefault((type, name), paper.paper_id)
                known = self._known.setdefault(paper.paper_id, {})
                known[type] = known.get(type, _NONE) | {name}
        return Added(change, paper)

    def _tell_merged(self, stored: Paper, record: Paper) -> None:
        """Note that a record is of a paper that is there, unless it is that paper's own again."""
        again = stored.paper_id not in self._met and {*record.source} <= {*stored.source}
        self._met.add(stored.paper_id)
        if again:
            return
        self.merged_count += 1
        if len(self.merged) < MOST_MERGED:
            names = shared((self._names(stored), identifiers(record)))
            reason = f"one identifier, {min(names)}" if names else "one title and one text"
            title = excerpt(record.title or record.paper_id)
            source = record.source[0] if record.source else ""
            self.merged.append(Merged(stored.paper_id, title, source, reason))

    def _free_id(self, record: Paper) -> str:
        return next(
            paper_id
            for paper_id in chain((record.paper_id,), _made_ids(record))
            if id_key(paper_id) not in self._by_id
        )

    def _note(self, text: str) -> None:
        self._kept_apart += bool(text)
        if text and len(self._notes) < _TOLD:
            self._notes.append(text)

    def _put(self, paper: Paper) -> None:
        before = self._shelf.get(paper.paper_id)
        if before is not None and _title_key(before) != _title_key(paper):
            namesakes = self._by_title.get(_title_key(before), [])
            if paper.paper_id in namesakes:
                namesakes.remove(paper.paper_id)
            before = None
        self._shelf[paper.paper_id] = paper
        if before is None:
            self._index(paper)
        else:
            self._index_address(paper)

    def _index_address(self, paper: Paper) -> None:
        for type, name in _pairs(identifiers(paper)):
            if name != id_key(paper.paper_id) and type not in paper.source:
                self._aliases.setdefault((type, name), paper.paper_id)

    def _index(self, paper: Paper) -> None:
        self._by_id[id_key(paper.paper_id)] = paper.paper_id
        self._index_address(paper)
        if key := _title_key(paper):
            namesakes = self._by_title.setdefault(key, [])
            if len(namesakes) <= _TELLING:
                insort(namesakes, paper.paper_id)


def _distance(paper: Paper, record: Paper) -> tuple[bool, bool]:
    """For sorting: papers of the record's file first, then those of its very words."""
    return {*paper.source}.isdisjoint(record.source), paper.abstract != record.abstract


def _pairs(names: Identifiers) -> Iterator[tuple[str, str]]:
    return ((type, name) for type, found in names.items() for name in sorted(found))


def _title_key(paper: Paper) -> str:
    return paper_key(paper.title)


def _made_ids(record: Paper) -> Iterator[str]:
    """Ids for a record whose own is another paper's: its own and its file, "17@5f1c09ab".

    Where one file gives an id to several papers, the second of them goes by its text, too.
    """
    file = "\n".join(record.source)
    text = "\n".join((file, record.title, record.abstract, record.url or ""))
    for number in count():
        said = file if number == 0 else text + "\n" * (number - 1)
        digest = hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=4).hexdigest()
        yield f"{record.paper_id}@{digest}"
