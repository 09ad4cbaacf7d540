"""Which papers a question names, however loosely, and which words it might have used instead.

Built once per index from titles and abstracts; everything is looked up by key, so that resolving
a question takes milliseconds over 100,000 papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from rag.language.spelling import is_common, other_spellings
from rag.names.coined import LONGEST_HEAD
from rag.names.cues import is_cued, is_meant, is_part_of_more, is_plain, is_written_so
from rag.names.index import DEFINED, HEAD, INTRODUCED, MENTIONED, TITLED, NameIndex, key_of
from rag.names.titles import SURE, TitleMatch, title_matches
from rag.names.words import Word, question_words
from rag.types import Paper

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


_GAP: Final = re.compile(r"[ \t\n\-_.^*+/:]{0,3}$")
_EXACT: Final = 0.95
_MOST_PAPERS: Final = 3
_KINDS: Final[dict[int, MentionKind]] = {
    HEAD: "name",
    TITLED: "name",
    INTRODUCED: "introduced",
    DEFINED: "acronym",
    MENTIONED: "mentioned",
}
_WORTH: Final = {HEAD: 1.0, TITLED: 1.0, INTRODUCED: 1.0, DEFINED: 0.7, MENTIONED: 0.3}
_PLAIN_WORD: Final = re.compile(r"\b[a-z]{5,}\b")
_PHRASE: Final = 0.6  # a name of plain words, written as plain words


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
        tokens = question_words(self._index, question)
        mentions = list(self._by_name(question, tokens))
        for match in title_matches(self._index, question, tokens):
            self._merge(mentions, self._titled(question, tokens, match))
        return tuple(sorted(mentions, key=lambda mention: mention.start))

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
        if is_part_of_more(question, start, end):
            return None
        text = question[start:end]
        key, meant = key_of(text), "".join(token.meant for token in some)
        exact = bool(self._index.owners(key))
        if not exact:
            key = meant
        papers = self._index.owners(key)
        if not papers or not is_meant(self._index, question, tokens, place, count, key):
            return None
        level = self._index.level(key)
        worth = _WORTH[level]
        as_words = count > 1 and is_plain(self._index, some)
        if as_words and not (
            is_written_so(self._index, text, key) or is_cued(question, tokens, place, count)
        ):
            worth = min(worth, _PHRASE)
        return Mention(
            text=text,
            start=start,
            end=end,
            paper_ids=tuple(self._index.paper_ids[number] for number in papers),
            exact=exact,
            kind=_KINDS[level],
            score=(1.0 if exact else 0.8) * worth / len(papers),
        )

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
        """Adds a mention by title, unless a name that it holds says the same.

        Other papers that words of a title happen to name are dropped: the title is meant.
        """
        overlapping = [
            other for other in mentions if other.start < mention.end and mention.start < other.end
        ]
        same = [other for other in overlapping if set(other.paper_ids) & set(mention.paper_ids)]
        held = mention.score >= SURE and mention.kind == "title"
        wider = [
            other for other in overlapping if other.start < mention.start or mention.end < other.end
        ]
        if not held and any(other.score >= mention.score for other in overlapping if other.exact):
            return
        if any(other.score > mention.score for other in wider if other not in same):
            return
        for other in overlapping:
            if other not in same or other.score < mention.score:
                mentions.remove(other)
        if not any(other.score >= mention.score for other in same):
            mentions.append(mention)

    # -- other words for the same ----------------------------------------------------------------

    def expand(self, question: str) -> tuple[str, ...]:
        """Words to look for besides those of the question.

        The long form of a short form defined in the corpus and the other way round, the known
        word for a misspelt one, and the corpus's spelling of a word that it spells otherwise.
        """
        tokens = question_words(self._index, question)
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

    def respelled(self, text: str) -> str:
        """`text` with plain words spelt as more papers of the corpus spell them.

        The stemmer makes two words of "optimise" and "optimize", so a question from the other side
        of the Atlantic seems to ask for something that no paper writes.
        """
        count = self._index.vocabulary

        def usual(found: re.Match[str]) -> str:
            word = found.group()
            return max((word, *other_spellings(word)), key=lambda one: count[one])

        return _PLAIN_WORD.sub(usual, text)

    def _long_forms(self, tokens: list[Word]) -> Iterator[str]:
        # A form that a third of the corpus writes (LLM) tells no paper from another.
        most = max(2, len(self._index) // 3)
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
