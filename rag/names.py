"""Which papers a question names, however loosely, and which words it might have used instead.

Built once per index from titles and abstracts; everything is looked up by key, so that resolving
a question takes milliseconds over 100,000 papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from rag.name_index import (
    DEFINED,
    HEAD,
    INTRODUCED,
    LONGEST_HEAD,
    MENTIONED,
    TITLED,
    NameIndex,
    key_of,
)
from rag.name_titles import TitleMatch, Word, title_matches
from rag.spelling import is_common, other_spellings, slips_allowed
from rag.types import Paper
from rag.wording import FUNCTION_WORDS, word_set

MentionKind = Literal["name", "introduced", "acronym", "mentioned", "title"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a question that names papers: `question[start:end] == text`.

    `kind`: "name" (coined in the title), "introduced" (in the abstract), "acronym" (defined
    there), "mentioned" (a rare name that only these papers write: a data set, say, so that the
    question need not be about them), "title" (words of the title). `exact`: as the paper writes
    it, but for case and hyphens. `score` in (0, 1]: how sure.
    """

    text: str
    start: int
    end: int
    paper_ids: tuple[str, ...]
    exact: bool
    kind: MentionKind
    score: float = 1.0


_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_MOST_TOKENS: Final = 2000
_MOST_CORRECTIONS: Final = 40
"""A question in another language is all unknown words; looking for slips in each helps nobody."""
_GAP: Final = re.compile(r"[ \t\n\-_.^*+/:]{0,3}$")
_CUES: Final = word_set(
    """paper work study article preprint survey review report method approach technique algorithm
    dataset corpus benchmark model framework system tool toolkit metric architecture optimizer
    optimiser loss network net agent score bench authors team"""
)
_EXACT: Final = 0.95
_MOST_PAPERS: Final = 3
_QUOTES: Final = "\"'\u201c\u201d\u2018\u2019`*"
_KINDS: Final[dict[int, MentionKind]] = {
    HEAD: "name",
    TITLED: "name",
    INTRODUCED: "introduced",
    DEFINED: "acronym",
    MENTIONED: "mentioned",
}
_WORTH: Final = {HEAD: 1.0, TITLED: 1.0, INTRODUCED: 1.0, DEFINED: 0.7, MENTIONED: 0.3}
_FAMILIAR: Final = 8  # papers that write a word before it tells none of them apart
_PHRASE: Final = 0.6  # a name of plain words, written as plain words
_GLUED_BEFORE: Final = re.compile(r"[^\W_][-.]$")
_GLUED_AFTER: Final = re.compile(r"[-.](?:\d|[A-Z])")


class Names:
    """The names of a corpus: `resolve` says which papers a question names, `expand` adds words."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        """Reads every paper once."""
        self._index = NameIndex(papers)
        self._numbers = {paper_id: n for n, paper_id in enumerate(self._index.paper_ids)}

    def title(self, paper_id: str) -> str | None:
        """The title of a paper of this corpus."""
        number = self._numbers.get(paper_id)
        return None if number is None else self._index.titles[number]

    def known(self, word: str) -> bool:
        """Whether any paper of the corpus writes this word."""
        return word.lower() in self._index.vocabulary

    # -- which papers are named ------------------------------------------------------------------

    def resolve(self, question: str) -> tuple[Mention, ...]:
        """The papers that `question` names, in order of mention; spans do not overlap."""
        tokens = self._tokens(question)
        mentions = list(self._by_name(question, tokens))
        for match in title_matches(self._index, question, tokens):
            self._merge(mentions, self._titled(question, tokens, match))
        return tuple(sorted(mentions, key=lambda mention: mention.start))

    def _tokens(self, question: str) -> list[Word]:
        found: list[Word] = []
        corrections = 0
        shouted = question.isupper()
        for match in _WORD.finditer(question):
            text = re.sub(r"['\u2019]s$", "", match.group())
            if len(found) == _MOST_TOKENS:
                break
            meant = text.lower().replace("'", "").replace("\u2019", "")
            if corrections < _MOST_CORRECTIONS and self._is_strange(meant):
                corrections += 1
                meant = self._meant(text, shouted=shouted) or meant
            found.append(Word(text, match.start(), match.start() + len(text), meant))
        return found

    def _is_strange(self, word: str) -> bool:
        """Whether a word occurs neither in the corpus nor in plain English."""
        return (
            slips_allowed(word) > 0
            and word.isascii()
            and word not in self._index.vocabulary
            and word not in self._index.near_names
            and not is_common(word)
        )

    def _meant(self, text: str, *, shouted: bool) -> str | None:
        """The known word that a strange one stands for; names first where it looks like one."""
        word = text.lower()
        allowed = slips_allowed(word)
        capital = text[0].isupper() and not shouted
        if text.isupper() and not shouted and len(text) < 6:
            return None  # another short form, not a slip
        name = self._index.near_names.nearest(
            word, most=2 if capital and len(word) > 5 else allowed
        )
        plain = self._index.near_words.nearest(word, most=allowed) if word.isalpha() else None
        return name if name and (capital or not plain) else plain

    def _by_name(self, question: str, tokens: list[Word]) -> Iterator[Mention]:
        place = 0
        while place < len(tokens):
            for count in range(min(LONGEST_HEAD + 1, len(tokens) - place), 0, -1):
                mention = self._named(question, tokens, place, count)
                if mention:
                    yield mention
                    place += count
                    break
            else:
                place += 1

    def _named(self, question: str, tokens: list[Word], place: int, count: int) -> Mention | None:
        some = tokens[place : place + count]
        start, end = some[0].start, some[-1].end
        if any(not _GAP.match(question[one.end : other.start]) for one, other in pairwise(some)):
            return None
        if _GLUED_BEFORE.search(question[max(0, start - 2) : start]) or _GLUED_AFTER.match(
            question[end : end + 2]
        ):
            return None  # part of another name: "GPT" of "GPT-4"
        text = question[start:end]
        key, meant = key_of(text), "".join(token.meant for token in some)
        exact = bool(self._index.owners(key))
        if not exact:
            key = meant
        papers = self._index.owners(key)
        if not papers or not self._is_meant(question, tokens, place, count, key):
            return None
        level = self._index.level(key)
        worth = _WORTH[level]
        if (
            count > 1
            and not self._is_written_so(text, key)
            and not self._is_cued(question, tokens, place, count)
        ):
            worth = min(worth, _PHRASE) if self._is_plain(some) else worth
        return Mention(
            text=text,
            start=start,
            end=end,
            paper_ids=tuple(self._index.paper_ids[number] for number in papers),
            exact=exact,
            kind=_KINDS[level],
            score=(1.0 if exact else 0.8) * worth / len(papers),
        )

    def _is_written_so(self, text: str, key: str) -> bool:
        """Whether a name of several words has the capitals that its paper gives it."""
        return not text.islower() and text == self._index.surfaces[key]

    def _is_plain(self, some: Sequence[Word]) -> bool:
        """Whether all words are plain or many papers write them: "GUI agents" may mean no title."""
        return all(
            word.meant in FUNCTION_WORDS
            or is_common(word.meant)
            or (len(some) > 1 and self._index.vocabulary[word.meant] > _FAMILIAR)
            for word in some
        )

    def _is_meant(
        self, question: str, tokens: list[Word], place: int, count: int, key: str
    ) -> bool:
        """Whether the words are used as a name: plain English needs capitals or a cue for that."""
        some = tokens[place : place + count]
        surface = self._index.surfaces[key]
        written = question[some[0].start : some[-1].end]
        if len(key) <= 2:
            return written == surface
        if count > 1 and all(token.meant in FUNCTION_WORDS for token in some):
            return False
        if not self._is_plain(some) or (
            count > 1 and sum(t.meant not in FUNCTION_WORDS for t in some) > 1
        ):
            return True
        if question.isupper():
            written = written.lower()
        capitals = sum(char.isupper() for char in written)
        if capitals > 1 and written == surface:
            return True
        if self._index.level(key) < TITLED:
            return False
        return (capitals > 0 and place > 0) or self._is_cued(question, tokens, place, count)

    @staticmethod
    def _is_cued(question: str, tokens: list[Word], place: int, count: int) -> bool:
        """Whether the question treats these words as a name: quotes, "paper", nothing else."""
        before = question[: tokens[place].start].rstrip()[-1:]
        after = question[tokens[place + count - 1].end :].lstrip()[:1]
        if (before in _QUOTES and before and after in _QUOTES and after) or len(tokens) == count:
            return True
        following = tokens[place + count].meant if place + count < len(tokens) else ""
        previous = tokens[place - 1].meant if place else ""
        if previous in ("called", "named", "titled", "paper", "entitled"):
            return True
        determined = previous in ("the", "a", "this", "that", "in", "of", "explain", "on", "")
        return following in _CUES and determined

    def _titled(self, question: str, tokens: list[Word], match: TitleMatch) -> Mention:
        start, end = tokens[match.first].start, tokens[match.last].end
        return Mention(
            text=question[start:end],
            start=start,
            end=end,
            paper_ids=tuple(self._index.paper_ids[paper] for paper in match.papers[:_MOST_PAPERS]),
            exact=match.score > _EXACT
            and not any(word.corrected for word in tokens[match.first : match.last + 1]),
            kind="title",
            score=min(1.0, match.score),
        )

    @staticmethod
    def _merge(mentions: list[Mention], mention: Mention) -> None:
        """Adds a mention by title unless a name already says the same, or more surely another."""
        overlapping = [
            other for other in mentions if other.start < mention.end and mention.start < other.end
        ]
        same = [other for other in overlapping if set(other.paper_ids) & set(mention.paper_ids)]
        if any(
            other.score >= mention.score for other in same + [o for o in overlapping if o.exact]
        ):
            return
        for other in overlapping:
            mentions.remove(other)
        mentions.append(mention)

    # -- other words for the same ----------------------------------------------------------------

    def expand(self, question: str) -> tuple[str, ...]:
        """Words to look for besides those of the question.

        The long form of a short form defined in the corpus and the other way round, the known
        word for a misspelt one, and the corpus's spelling of a word that it spells otherwise.
        """
        tokens = self._tokens(question)
        added: list[str] = []
        for token in tokens:
            if token.corrected and token.meant in self._index.vocabulary:
                added.append(token.meant)
            elif not self.known(token.meant):
                added += [word for word in other_spellings(token.meant) if self.known(word)]
        added += self._long_forms(tokens)
        added += self._short_forms(tokens)
        said = question.lower()
        return tuple(dict.fromkeys(word for word in added if word.lower() not in said))

    def _long_forms(self, tokens: list[Word]) -> Iterator[str]:
        most = max(2, len(self._index) // 20)
        for token in tokens:
            longs = self._index.long_forms.get(key_of(token.text))
            if not longs or self._index.vocabulary[token.meant] > most:
                continue
            if is_common(token.meant) and token.text.islower():
                continue
            yield longs.most_common(1)[0][0]

    def _short_forms(self, tokens: list[Word]) -> Iterator[str]:
        stems = [self._index.stem(token.meant) for token in tokens]
        for start in range(len(stems)):
            for end in range(start + 2, min(start + 7, len(stems)) + 1):
                short = self._index.short_forms.get(" ".join(stems[start:end]))
                if short:
                    yield short
