"""All papers of an index by id and title, and what becomes of each record that is added."""

from __future__ import annotations

import hashlib
from bisect import insort
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import replace
from typing import Literal, NamedTuple

from rag.papers.merge import corrected, id_key, is_title_id, means_one_paper, merge, same_paper
from rag.papers.text import paper_key
from rag.types import Paper

Change = Literal["added", "updated", "unchanged"]

_TELLING = 1000
"""Papers. A title that more papers have ("Editorial") tells nothing of which paper it is."""


class Added(NamedTuple):
    """What became of a record: the paper as it is now, and whether the index must learn of it."""

    change: Change
    paper: Paper


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
        # Ids that records of this run had beside the one that their paper goes by:
        # (id, file) -> paper, and (paper, file) -> id.
        self._aliases: dict[tuple[str, str], str] = {}
        self._alias_of: dict[tuple[str, str], str] = {}
        # Papers that a record of this run has made or confirmed, and those that one contradicts.
        self._confirmed: set[str] = set()
        self._fresh: dict[str, Paper] = {}
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

    def find(self, record: Paper) -> Paper | None:
        """The paper that a record is of, by `same_paper`; None if it is a new one."""
        alias = self._aliases.get(_named(record))
        if alias is not None:
            return self._shelf[alias]
        by_id = self.get(record.paper_id)
        if by_id is not None and same_paper(by_id, record):
            return by_id
        namesakes = self._by_title.get(_title_key(record), ())
        for paper_id in namesakes if len(namesakes) <= _TELLING else ():
            stored = self._shelf[paper_id]
            if same_paper(stored, record) and not self._told_apart(stored, record):
                return stored
        if by_id is not None:  # the id is another paper's: was this one stored under a made one?
            return self._shelf.get(_made_id(record))
        return None

    def add(self, record: Paper) -> Added:
        """Take a record in: as a new paper, or merged into the paper that it is of.

        Where the stored paper is from this file alone, and the record contradicts it, the file
        was edited, or it has several records of the paper. `settle` decides that at its end;
        until then the change is "unchanged".
        """
        stored = self.find(record)
        if stored is None:
            taken = self.get(record.paper_id) is not None
            paper = replace(record, paper_id=_made_id(record)) if taken else record
            self._confirmed.add(paper.paper_id)
            return self._changed("added", paper, record)
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
        given, file = id_key(record.paper_id), _file(record)
        own = given == id_key(paper.paper_id)
        if not is_title_id(record) and not (own and file == _file(paper)):
            self._alias_of.setdefault((paper.paper_id, file), given)
            if not own:
                self._aliases[_named(record)] = paper.paper_id
        return Added(change, paper)

    def _told_apart(self, stored: Paper, record: Paper) -> bool:
        """Whether this file gave another id for the stored paper: then it says they are two."""
        if is_title_id(record):
            return False
        mine = id_key(record.paper_id)
        return self._alias_of.get((stored.paper_id, _file(record)), mine) != mine

    def _put(self, paper: Paper) -> None:
        before = self._shelf.get(paper.paper_id)
        if before is not None and _title_key(before) != _title_key(paper):
            if key := _title_key(before):
                self._by_title[key].remove(paper.paper_id)
            before = None
        self._shelf[paper.paper_id] = paper
        if before is None:
            self._index(paper)

    def _index(self, paper: Paper) -> None:
        self._by_id[id_key(paper.paper_id)] = paper.paper_id
        if key := _title_key(paper):
            insort(self._by_title.setdefault(key, []), paper.paper_id)


def _file(record: Paper) -> str:
    """The file that gave a record its id."""
    return record.source[0] if record.source else ""


def _named(record: Paper) -> tuple[str, str]:
    """The id of a record and where it holds: in its file, or ("") everywhere."""
    everywhere = means_one_paper(record.paper_id)
    return id_key(record.paper_id), "" if everywhere else _file(record)


def _title_key(paper: Paper) -> str:
    return paper_key(paper.title)


def _made_id(record: Paper) -> str:
    """An id for a record whose own is another paper's: its own and its file, "17@5f1c09ab"."""
    file = hashlib.blake2b("\n".join(record.source).encode("utf-8", "replace"), digest_size=4)
    return f"{record.paper_id}@{file.hexdigest()}"
