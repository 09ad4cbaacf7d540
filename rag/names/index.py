"""What papers call things, gathered once per index: names, short forms, title words, vocabulary."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from rag.language.spelling import NearWords, stemmer
from rag.language.wording import FUNCTION_WORDS
from rag.names.coined import (
    Definition,
    definitions,
    introduced_names,
    is_name_like,
    title_names,
    tokens,
)
from rag.types import Paper

HEAD, TITLED, INTRODUCED, DEFINED, MENTIONED = 4, 3, 2, 1, 0
"""How much a name is a paper's own: before its title's colon, in its title, introduced in its
abstract, a short form defined there, only written there."""

_MOST_OWNERS: Final = 3
"""A name that more papers claim tells none of them apart."""
_MOST_MENTIONS: Final = {HEAD: 10**9, TITLED: 8, INTRODUCED: 8, DEFINED: 4, MENTIONED: 2}
"""Papers that may write a name before it is a common possession ("GPT-4", "DPO") and names none."""
_AFTER_HEAD: Final = re.compile(r"[\"'*]?(?: v?\d[\d.]*)?(?::| -{1,2} | \u2013 | \u2014 )")
_PART: Final = re.compile(r"[^\W_]+")
_NOT_ALNUM: Final = re.compile(r"[\W_]+")


def key_of(name: str) -> str:
    """A name without case, spaces, hyphens and signs: "Adam-P" and "AdamP" are "adamp"."""
    return _NOT_ALNUM.sub("", name).lower()


# An owner of a name is one number, as a hundred thousand papers make millions of them: the place
# of the paper, and in the lowest bits how much the name is its own.
_LEVEL_BITS: Final = 3
_LEVEL: Final = (1 << _LEVEL_BITS) - 1


class NameIndex:
    """The tables behind `Names`. Papers are numbered in the order given."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        """Reads every title and abstract once: about 0.3 ms a paper."""
        self.paper_ids: list[str] = []
        self.titles: list[str] = []
        self.surfaces: dict[str, str] = {}
        self.long_forms: dict[str, Counter[str]] = {}
        self.short_forms: dict[str, str] = {}
        self.vocabulary: Counter[str] = Counter()
        self._owners: dict[str, list[int]] = {}
        self._mentions: Counter[str] = Counter()
        self._title_papers: dict[str, array[int]] = {}
        self._stems: dict[str, str] = {}
        for paper in papers:
            self._add(paper)
        self.near_names = NearWords(
            (key, 1) for key in self._owners if len(key) > 3 and self._told_apart(key)
        )
        self.near_words = NearWords(
            (word, count) for word, count in self.vocabulary.items() if word.isalpha()
        )

    def _add(self, paper: Paper) -> None:
        number = len(self.paper_ids)
        self.paper_ids.append(paper.paper_id)
        self.titles.append(paper.title)
        for stem in set(self.title_stems(paper.title)):
            self._title_papers.setdefault(stem, array("I")).append(number)
        written = set(tokens(paper.abstract))
        both = written.union(tokens(paper.title))
        lowered = set(" ".join(both).lower().split())
        joined = [word for word in lowered if not word.isalnum()]
        # What is written in lower case throughout is no name, unless a sign or digit is in it.
        coined = [word for word in (both - lowered).union(joined) if is_name_like(word)]
        self.vocabulary.update(lowered.difference(joined).union(_PART.findall(" ".join(joined))))
        self._mentions.update({key_of(word) for word in coined})
        introduced = {key_of(name): name for name in introduced_names(paper.abstract, written)}
        self._add_names(number, paper, [one for one in coined if one in written], introduced)

    def _add_names(
        self, number: int, paper: Paper, coined: Iterable[str], introduced: Mapping[str, str]
    ) -> None:
        named = title_names(paper.title)
        levels: dict[str, int] = {}
        for name in named:
            key = key_of(name)
            at_head = _AFTER_HEAD.match(paper.title[len(name) :]) and paper.title.startswith(name)
            level = HEAD if at_head else TITLED
            if level == TITLED and key not in introduced and self._is_topic(name):
                level = DEFINED
            levels[key] = max(level, levels.get(key, 0))
            self.surfaces.setdefault(key, name)
        for key, name in introduced.items():
            levels[key] = max(INTRODUCED, levels.get(key, 0))
            self.surfaces.setdefault(key, name)
        for found in definitions(paper.abstract):
            key = key_of(found.short)
            self._define(key, found)
            levels.setdefault(key, DEFINED)
            self.surfaces.setdefault(key, found.short)
        for token in coined:
            if len(token) > 3:
                levels.setdefault(key_of(token), MENTIONED)
                self.surfaces.setdefault(key_of(token), token)
        for key, level in levels.items():
            if len(key) > 1:
                self._own(key, number, level)

    @staticmethod
    def _is_topic(name: str) -> bool:
        """A name-like word inside a title that the abstract does not introduce."""
        return " " not in name

    def _own(self, key: str, paper: int, level: int) -> None:
        """Keeps the best few owners of a name; the rest would not tell them apart anyway."""
        owners = self._owners.setdefault(key, [])
        if level > MENTIONED or len(owners) <= _MOST_OWNERS:
            owners.append(paper << _LEVEL_BITS | level)

    def _define(self, key: str, found: Definition) -> None:
        long = found.long.lower()
        self.long_forms.setdefault(key, Counter())[long] += 1
        self.short_forms.setdefault(" ".join(self.stems(long)), found.short)

    def __len__(self) -> int:
        return len(self.paper_ids)

    def owners(self, key: str) -> list[int]:
        """The papers whose name this is: those that own it most, if few enough do."""
        best = self._told_apart(key)
        return [] if best and self.level(key) < TITLED and self._is_field(key) else best

    def _told_apart(self, key: str) -> list[int]:
        """The papers that own a name most, unless too many own it or write it."""
        owners = self._owners.get(key)
        if not owners:
            return []
        level = self.level(key)
        best = [owner >> _LEVEL_BITS for owner in owners if owner & _LEVEL == level]
        known = self._mentions[key] or 1
        return best if len(best) <= _MOST_OWNERS and known <= _MOST_MENTIONS[level] else []

    def _is_field(self, key: str) -> bool:
        """Whether a short form stands for words that many titles have ("RL"), so for no paper."""
        long = self.long_forms.get(key)
        if not long:
            return False
        stems = self.title_stems(long.most_common(1)[0][0])
        papers = sorted((self.titled_with(stem) for stem in stems), key=len)
        return bool(papers) and len(set(papers[0]).intersection(*papers[1:])) > _MOST_OWNERS

    def level(self, key: str) -> int:
        """How much the name is its owners' own."""
        return max((owner & _LEVEL for owner in self._owners.get(key, ())), default=MENTIONED)

    def stem(self, word: str) -> str:
        """The stem of a word in lower case, remembered."""
        known = self._stems.get(word)
        if known is None:
            known = self._stems[word] = stemmer()(word)
        return known

    def stems(self, text: str) -> list[str]:
        """Stems of the words of `text`, in order, function words too."""
        return [self.stem(part) for part in _PART.findall(text.lower().replace("'", ""))]

    def title_stems(self, title: str) -> list[str]:
        """Stems of the words of a title that tell it from others."""
        parts = _PART.findall(title.lower().replace("'", "").replace("\u2019", ""))
        return [self.stem(part) for part in parts if part not in FUNCTION_WORDS]

    def titled_with(self, stem: str) -> array[int]:
        """The papers that have this stem in their title."""
        return self._title_papers.get(stem) or array("I")

    def weight(self, stem: str) -> float:
        """How much a title word tells: log of how few titles have it (Spärck Jones 1972)."""
        return math.log(1 + len(self) / (len(self._title_papers.get(stem, ())) or 1))
