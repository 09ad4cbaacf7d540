"""From a question as it was read to the papers in the running."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rag.evidence import deciding
from rag.evidence.looking import Looked, look_on
from rag.evidence.retrieval import CANDIDATES, Candidate, Retriever
from rag.evidence.task import Task
from rag.language.words import content_stems, stems
from rag.library import filtering
from rag.models.paper_reader import PaperReader
from rag.names import Names
from rag.question.alternatives import alternatives
from rag.question.statements import states
from rag.question.understanding import LISTING, SURE_MENTION, Understanding
from rag.types import RECORD_KINDS

FOCUS_LEAD = 4.0
"""Logits by which a paper that the question is about leads the best other one."""
MOST_SIDES = 4
NEAR_SIDES = 12
"""Papers nearest to a comparison among which those it compares must be."""
LEAST_CHANCE = 1e-6
"""No chance is taken for less, or for more than 1 less this: log-odds stay finite."""
NEAR = 4
"""Papers nearest to the turns before a question, among which the one they are about must be."""


class Planner:
    """Finds the candidates for a question: filtered, with the papers it names in front."""

    def __init__(self, retriever: Retriever) -> None:
        self.retriever = retriever

    @cached_property
    def names(self) -> Names:
        """What the papers call themselves and each other."""
        return Names(self.retriever.corpus.papers())

    def task(self, question: str, meant: Understanding) -> Task:
        """What is to be answered, over which papers."""
        corpus = self.retriever.corpus
        meant = self._named(self._spelled(meant))
        allowed = corpus.allowed(meant.filters)
        undated = filtering.undated(meant.filters, corpus.papers()) if allowed is not None else 0
        focus = self._focus(meant, allowed)
        if meant.kind == "count" and focus:
            allowed = self._among(focus, allowed)
        candidates = (
            [] if _needs_none(meant) else self.candidates(meant, allowed=allowed, focus=focus)
        )
        if meant.kind not in LISTING:
            candidates = _lead(candidates, focus)
        return Task(
            question=question,
            standalone_question=meant.standalone_question,
            topic=meant.topic,
            kind=meant.kind,
            filters=replace(meant.filters, undated_left_out=undated),
            candidates=candidates,
            words=meant.words,
            kinds=meant.kinds,
            settled=meant.settled,
            sides=self._sides(meant, candidates, allowed),
            named=bool(meant.focus_paper_ids),
            assumed=bool(focus) and (meant.follow_up or bool(_only_name(meant))),
            name=_only_name(meant),
            focus=focus,
            fields=meant.fields,
            mention=meant.mention,
            per_year=meant.per_year,
            corpus=len(corpus),
            allowed=len(corpus) if allowed is None else int(allowed.sum()),
            undated=undated,
        )

    def ranked(
        self, meant: Understanding, *, limit: int, reader: PaperReader | None
    ) -> list[Candidate]:
        """The papers nearest to a question, those in front whose whole title it says.

        Args:
            meant: the question.
            limit: how many at the most.
            reader: reads as many of them as `RetrievalConfig.rerank` says.
        """
        meant = self._spelled(_searchable(meant))
        allowed = self.retriever.corpus.allowed(meant.filters)
        focus = meant.focus_paper_ids
        said = states(meant.topic)
        found = self.candidates(meant, allowed=allowed, focus=focus, stated=said, limit=limit)
        if meant.topic:
            found = _reread(reader, meant.topic, found, most=self.retriever.config.rerank)
        whole = [m for m in meant.mentions if m.kind == "title" and m.exact]
        return _lead(found, [paper_id for m in whole for paper_id in m.paper_ids])

    def _spelled(self, meant: Understanding) -> Understanding:
        """What is asked for, in the corpus's spelling."""
        respelled = self.names.respelled
        return replace(
            meant, topic=respelled(meant.topic), sides=tuple(map(respelled, meant.sides))
        )

    def _named(self, meant: Understanding) -> Understanding:
        """The topic with names as their papers write them, where they were misspelled."""
        topic = meant.topic
        for mention in meant.mentions:
            if mention.score < SURE_MENTION or len(mention.paper_ids) != 1:
                continue
            place = self.retriever.corpus.snapshot.index_of(mention.paper_ids[0])
            if place is None:
                continue
            paper = self.retriever.corpus.paper_at(place)
            if not set(stems(mention.text)) & set(stems(f"{paper.title} {paper.abstract}")):
                topic = topic.replace(mention.text, paper.title.split(":")[0])
        return replace(meant, topic=topic)

    def candidates(
        self,
        meant: Understanding,
        *,
        allowed: NDArray[np.bool_] | None,
        focus: Sequence[str],
        stated: bool = False,
        limit: int = CANDIDATES,
    ) -> list[Candidate]:
        """The papers in the running, best first; all that the filters let through if only those.

        `focus` and the papers that the question mentions are among them whatever their scores;
        `stated` as in `Retriever.candidates`.
        """
        corpus = self.retriever.corpus
        if not meant.topic:
            if not meant.filters.asked:
                return []
            order = filtering.sort_key(meant.filters)
            found = self.retriever.candidates(
                meant.standalone_question, allowed=allowed, limit=len(corpus)
            )
            return sorted(found, key=lambda candidate: order(candidate.paper))
        mentioned = [i for mention in meant.mentions for i in mention.paper_ids]
        places = [corpus.snapshot.index_of(i) for i in [*mentioned, *focus]]
        asked = meant.topic
        if meant.kind in LISTING and meant.context_query:  # "has anyone tried such scores on text?"
            asked = f"{asked} {meant.context_query}"
        found = self.retriever.candidates(
            asked,
            allowed=allowed,
            also=list(dict.fromkeys(place for place in places if place is not None)),
            words=self.names.expand(meant.topic),
            # The long form of a short form widens a request; a sentence it only blurs (nDCG@10 of
            # SciFact's held-out claims .767 with it in what is meant, .780 without).
            meant_too=meant.kind in (*LISTING, "compare") and not states(meant.topic),
            stated=stated,
            limit=limit,
        )
        return self._with_alternatives(meant, found, allowed, stated=stated, limit=limit)

    def _with_alternatives(
        self,
        meant: Understanding,
        found: list[Candidate],
        allowed: NDArray[np.bool_] | None,
        *,
        stated: bool,
        limit: int,
    ) -> list[Candidate]:
        """A list's candidates, and those for either half of "on this or on that", best first."""
        parts = alternatives(meant.topic) if meant.kind in LISTING else ()
        if not parts:
            return found
        best = {candidate.index: candidate for candidate in found}
        for part in parts:
            words = self.names.expand(part)
            for candidate in self.retriever.candidates(
                part, allowed=allowed, words=words, meant_too=True, stated=stated, limit=limit
            ):
                known = best.get(candidate.index)
                if known is None or known.logit < candidate.logit:
                    best[candidate.index] = candidate
        return sorted(best.values(), key=lambda candidate: -candidate.logit)[:limit]

    def _focus(self, meant: Understanding, allowed: NDArray[np.bool_] | None) -> tuple[str, ...]:
        """The papers that the question is about; those of the turns before it are looked up.

        What the turns before it seem to name counts only where it is also near to what they say:
        an answer that mentions GPT is seldom about the paper with GPT in its title.
        """
        if not meant.context_query:
            return meant.focus_paper_ids
        found = self.retriever.candidates(meant.context_query, allowed=allowed, limit=8)
        near = {candidate.paper.paper_id for candidate in found[:NEAR]}
        if meant.focus_paper_ids and near.issuperset(meant.focus_paper_ids):
            return meant.focus_paper_ids
        return (found[0].paper.paper_id,) if found else meant.focus_paper_ids

    def _among(self, focus: Sequence[str], allowed: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """(n,) which of the papers in focus the filters let through."""
        snapshot = self.retriever.corpus.snapshot
        among = np.zeros(len(self.retriever.corpus), dtype=np.bool_)
        among[[place for one in focus if (place := snapshot.index_of(one)) is not None]] = True
        return among if allowed is None else among & allowed

    def _sides(
        self,
        meant: Understanding,
        candidates: Sequence[Candidate],
        allowed: NDArray[np.bool_] | None,
    ) -> list[Candidate]:
        """The papers to be compared: those named, then the best for each side's words.

        What a side calls to mind counts only where the whole question is near it, too: "the later
        one" alone finds anything. Where one paper is named and holds both, none are compared.
        """
        near = {c.index: c for c in candidates[:NEAR_SIDES]}
        by_id = {candidate.paper.paper_id: candidate for candidate in candidates}
        named = [by_id[i] for i in meant.focus_paper_ids if i in by_id]
        chosen = {candidate.index: candidate for candidate in named[:MOST_SIDES]}
        for words in meant.sides if len(chosen) < 2 else ():
            found = self.retriever.candidates(words, allowed=allowed, limit=NEAR_SIDES)
            best = next((near[c.index] for c in found if c.index in near), None)
            if best is not None:
                chosen.setdefault(best.index, best)
        for candidate in () if named else candidates:
            if len(chosen) >= 2:
                break
            chosen.setdefault(candidate.index, candidate)
        return list(chosen.values())[:MOST_SIDES] if len(chosen) >= 2 else []


def _needs_none(meant: Understanding) -> bool:
    """Whether it is answered without looking for any paper: nothing has to be encoded for it."""
    if meant.kind == "count":
        return bool(meant.mention) or not meant.topic
    named = bool(meant.focus_paper_ids) and not meant.context_query
    return meant.kind in ("collection", "other") or (meant.kind == "metadata" and named)


def _searchable(meant: Understanding) -> Understanding:
    """What the records would answer without a search, as words to search with all the same."""
    if meant.kind not in RECORD_KINDS or meant.topic or (meant.filters.asked and not meant.mention):
        return meant
    return replace(meant, topic=meant.mention or meant.standalone_question)


def _reread(
    reader: PaperReader | None, topic: str, found: list[Candidate], *, most: int
) -> list[Candidate]:
    """The first `most` papers in the order in which they belong on a topic, the others behind.

    The score of what was read is how likely it belongs; of what was not, no more than any of these.
    """
    # However long the papers are: who sets the number waits for it.
    looked = look_on(reader, topic, Looked(found, []), papers=max(0, most), tokens=sys.maxsize)
    if not looked.readings:
        return found
    chances = deciding.belonging(looked).clip(LEAST_CHANCE, 1 - LEAST_CHANCE)
    scores = np.log(chances) - np.log1p(-chances)
    lowest = float(scores.min())
    read = [replace(found[i], logit=float(scores[i])) for i in np.argsort(-scores, kind="stable")]
    left = found[len(read) :]
    return [*read, *(replace(one, logit=min(one.logit, lowest)) for one in left)]


def _lead(candidates: Sequence[Candidate], focus: Sequence[str]) -> list[Candidate]:
    """The candidates with those in focus ahead of all others."""
    if not focus or not candidates:
        return list(candidates)
    front = max(candidate.logit for candidate in candidates) + FOCUS_LEAD
    led = [
        replace(candidate, logit=front) if candidate.paper.paper_id in focus else candidate
        for candidate in candidates
    ]
    return sorted(led, key=lambda candidate: -candidate.logit)


def _only_name(meant: Understanding) -> str:
    """The name that is all the question asks for ("CHES?"); "" where it asks for more."""
    said = {stem for mention in meant.mentions for stem in stems(mention.text)}
    alone = bool(said) and set(content_stems(meant.topic)) <= said
    return meant.mentions[0].text if alone else ""
