"""From an understood question and its candidates to a checked answer, event by event."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answer import composing
from rag.answer.citations import Draft
from rag.answer.clock import Clock
from rag.answer.exact.listing import cannot_list, shown_again
from rag.answer.exact.sight import Belonging, Sight, belonging
from rag.answer.exact.telling import tell
from rag.answer.exact.told import nothing_found
from rag.answer.scribe import Entails, Scribe
from rag.config import AnswerConfig
from rag.contract import title_line
from rag.evidence import deciding
from rag.evidence.looking import Looked, look, look_on
from rag.evidence.nearness import is_near
from rag.evidence.passages import Chosen, defining_sentences, ranked_passages
from rag.evidence.retrieval import Candidate, Retriever
from rag.evidence.task import Task
from rag.library.filtering import sort_key
from rag.models.paper_reader import PaperReader
from rag.models.reader import Reader
from rag.models.writer.writer import Writer
from rag.types import (
    Answer,
    Done,
    Event,
    Evidence,
    Found,
    Nearest,
    Outcome,
    Screened,
    Suggestion,
    Trace,
    Written,
)

NEAREST = 3
FEW = 3
NOT_STATED = "Its abstract does not clearly say so; nearest to it: "
"""Before words of a paper that a follow-up is about, and that likely do not answer it."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Writes answers of every kind over the candidates it is given.

    `reader` checks what is written, `paper_reader` finds what is to be written of.
    """

    retriever: Retriever
    writer: Writer | None
    config: AnswerConfig
    reader: Reader | None
    paper_reader: PaperReader | None
    entails: Entails | None

    def stream(
        self, task: Task, *, clock: Clock, stop: threading.Event | None = None
    ) -> Iterator[Event]:
        """Evidence first, then the answer as it grows by checked claims, then the whole of it."""
        yield from _Writing(self, task, clock, stop).events()


class _Writing:
    """One answer on its way."""

    def __init__(
        self, answerer: Answerer, task: Task, clock: Clock, stop: threading.Event | None
    ) -> None:
        self.answerer = answerer
        self.task = task
        self.clock = clock
        self.stop = stop
        self.draft = Draft()
        own, worth = answerer, answerer.retriever.corpus.worth
        self.scribe = Scribe(own.writer, own.config, worth, own.reader, own.entails)
        self.kind = task.kind
        self.confidence = 0.0
        self.lacking = ""
        self.matched = 0
        self.perhaps: tuple[Suggestion, ...] = ()
        self.also: tuple[Suggestion, ...] = ()

    def events(self) -> Iterator[Event]:
        task = self.task
        told = self._told()
        if told is not None:
            yield Done(told)
        elif task.kind == "list" and task.focus:  # that was shown before
            self.confidence, again = 1.0, shown_again(task)
            self.task = replace(task, allowed=len(again))
            yield from self._list(again)
        elif not task.candidates or (task.topic and not self._is_near()):
            yield Done(self._abstained("nothing in the corpus is close to it"))
        elif not task.topic:  # nothing but filters: every paper that they let through qualifies
            self.confidence = 1.0
            yield from self._list(list(task.candidates)[: self.answerer.config.list_limit])
        else:
            looked = self._look(task.candidates)
            if not task.settled:
                self._decide(looked)
            if self.kind == "list":
                yield from self._survey(looked)
            elif self.kind == "compare":
                yield from self._compare(looked)
            else:
                yield from self._point(looked)

    def _told(self) -> Answer | None:
        """What needs no reading to be told: see `rag.answer.exact.telling`."""
        sight = Sight(self.task, self._look, self._belonging)
        told = tell(self.task, self.answerer.retriever.corpus, sight)
        if told is None:
            return None
        self.draft, self.confidence = told.draft, float(told.outcome != "abstained")
        if told.screened is not None:
            self.task, self.matched = replace(self.task, allowed=told.screened), told.matched
            self.draft.say("\n\n" + self._screening())
        near = self._nearest() if told.outcome == "abstained" else ()
        return self._answer(told.outcome, told.reason or self._remark(), nearest=near)

    def _look(self, candidates: Sequence[Candidate]) -> Looked:
        with self.clock.stage("reading"):
            return look(self.answerer.paper_reader, self.task.asked, candidates)

    def _decide(self, looked: Looked) -> None:
        """The likelier shape, by words and evidence; then of points the kind likeliest by words.

        Where the shape is unsure the best of the other stands beside the answer.
        """
        if self.task.name:  # "CHES?" asks what it is
            self.kind = "fact"
            return
        survey = deciding.survey_probability(self.task.words, looked)
        listed = survey >= 0.5
        comparable = bool(self.task.sides)
        point = deciding.point_kind(self.task.kinds, looked, comparable=comparable)
        self.kind = "list" if listed else point
        low, high = deciding.UNSURE
        if low <= survey <= high:
            self.also = deciding.best_point(looked) if listed else deciding.best_list(looked)

    def _point(self, looked: Looked) -> Iterator[Event]:
        task = self.task
        ranked = deciding.ranked_sentences(looked)
        denied = deciding.denial(looked)
        if denied is not None:
            yield Done(self._abstained(self._otherwise(denied)))
            return
        best = task.candidates[0] if task.named else ranked[0].candidate
        worth = self.answerer.retriever.corpus.worth
        self.confidence = deciding.answered_probability(task.asked, looked, best, worth)
        sure = task.assumed or (task.named and self.kind == "paper")
        unsure = self.confidence < self._limits(looked).answered
        if unsure and sure and self.kind == "fact" and not task.name:
            self.lacking = "the abstract of the paper does not clearly say so"
            self.draft.say(NOT_STATED)
        if unsure and not sure:
            yield Done(self._abstained("what is asked for is not stated in the nearest papers"))
        elif self.kind == "paper":
            yield from self._paper(deciding.scored(looked)[looked.front.index(best)])
        else:
            yield from self._fact(looked, ranked)

    def _fact(self, looked: Looked, ranked: Sequence[Chosen]) -> Iterator[Event]:
        task = self.task
        if task.name:
            chosen = defining_sentences(task.candidates[0], task.name)
        else:
            chosen = deciding.answering_sentences(ranked)
        if task.assumed and chosen[0].candidate.paper.paper_id in task.focus:
            chosen = [one for one in chosen if one.candidate.paper.paper_id in task.focus]
        self.matched = len({one.candidate.index for one in chosen})
        yield self._found([one.candidate for one in chosen])
        yield from self._made_of(chosen, composing.FACT_WORDS, cut_for=task.asked)

    def _paper(self, best: Candidate) -> Iterator[Event]:
        self.matched = 1
        yield self._found([best])
        first, *others = ranked_passages(best)[: composing.PAPER_SENTENCES]
        told = [first, *sorted(others, key=lambda passage: passage.ordinal)]
        chosen = [Chosen(best, passage, 0.0) for passage in told]
        yield from self._made_of(chosen, composing.PAPER_WORDS, cut_for="")

    def _made_of(
        self, chosen: Sequence[Chosen], most_words: int, *, cut_for: str
    ) -> Iterator[Event]:
        yield from self._write(
            composing.point(
                self.draft,
                self.task.asked,
                chosen,
                most_words=most_words,
                cut_for=cut_for,
                scribe=self.scribe,
                stop=self.stop,
            )
        )

    def _survey(self, looked: Looked) -> Iterator[Event]:
        task = self.task
        self.confidence = deciding.topic_probability(looked)
        if self.confidence < self._limits(looked).topic:
            # A filter that lets few papers through all but names them.
            few = task.candidates if task.filters.active and task.allowed <= FEW else ()
            kept = [candidate for candidate in few if candidate.parts["lexical"] > 0]
        else:
            kept = list(self._belonging(looked).papers)
        if not kept:
            yield Done(self._abstained("no paper of the corpus clearly bears on it"))
            return
        yield from self._list(kept)

    def _belonging(self, looked: Looked) -> Belonging:
        """The papers of a list, best first, after reading on."""
        with self.clock.stage("reading"):
            looked = look_on(self.answerer.paper_reader, self.task.asked, looked)
        found = belonging(looked, most=self.answerer.config.list_limit)
        self.perhaps = found.perhaps
        return found

    def _list(self, kept: list[Candidate]) -> Iterator[Event]:
        task = self.task
        lacking = cannot_list(task.filters.order, [candidate.paper for candidate in kept])
        if lacking:
            yield Done(self._abstained(lacking))
            return
        if task.filters.order != "relevance":
            order = sort_key(task.filters)
            kept.sort(key=lambda candidate: order(candidate.paper))
        kept = kept[: task.filters.limit]
        self.matched = len(kept)
        yield self._found(kept)
        yield from self._write(
            composing.listing(self.draft, task.asked, kept, scribe=self.scribe, stop=self.stop)
        )

    def _compare(self, looked: Looked) -> Iterator[Event]:
        task = self.task
        self.confidence = deciding.topic_probability(looked)
        if not task.named and self.confidence < self._limits(looked).topic:
            yield Done(self._abstained("the papers to be compared are not clearly in the corpus"))
            return
        sides = task.sides or looked.front[:2]
        with self.clock.stage("reading"):
            read = look(self.answerer.paper_reader, task.standalone_question, sides)
        sides = deciding.scored(read)
        self.matched = len(sides)
        yield self._found(sides)
        yield from self._write(
            composing.comparison(self.draft, task.standalone_question, sides, scribe=self.scribe)
        )

    def _is_near(self) -> bool:
        """Whether anything is close; the words of who goes on need not be."""
        return self.task.assumed or is_near(self.task.candidates)

    def _limits(self, looked: Looked) -> deciding.Limits:
        return deciding.limits(read=bool(looked.readings))

    def _otherwise(self, denied: Chosen) -> str:
        paper = denied.candidate.paper
        sentence = denied.passage.text(paper.abstract)
        return f'what it takes for granted is denied: "{title_line(paper)}" says: "{sentence}"'

    def _write(self, steps: Iterator[None]) -> Iterator[Event]:
        with self.clock.stage("writing"):
            for _ in steps:
                yield Written(self._answer("partial", "still being written"))
        if self.stop is not None and self.stop.is_set():
            yield Done(self._answer("partial", "stopped before it was whole"))
        elif not self.draft.claims:
            yield Done(self._abstained("nothing that could be written is carried by its evidence"))
        else:
            if self.kind == "list":
                self.draft.say("\n\n" + self._screening())
            outcome: Outcome = "partial" if self.lacking else "answered"
            yield Done(self._answer(outcome, self.lacking or self._remark()))

    def _found(self, used: Sequence[Candidate]) -> Found:
        self.clock.mark("first_evidence")
        evidence = tuple(
            Evidence(number, candidate.paper, tuple(ranked_passages(candidate)[:3]))
            for number, candidate in enumerate(used, start=1)
        )
        return Found(evidence, self._screened())

    def _screened(self) -> Screened:
        return Screened(self.task.corpus, self.task.allowed, self.matched)

    def _screening(self) -> str:
        task = self.task
        words = f"Screened {task.allowed} of {task.corpus} papers, matched {self.matched}."
        return " ".join(part for part in (words, self._remark()) if part)

    def _remark(self) -> str:
        count = self.task.undated
        return f"{count} papers without a date were left out." if count else ""

    def _abstained(self, reason: str) -> Answer:
        nearest = self._nearest()
        text = nothing_found(self.task, reason, nearest)
        remark = self._remark()
        return self._answer("abstained", f"{reason}. {remark}".strip(), text=text, nearest=nearest)

    def _nearest(self) -> tuple[Nearest, ...]:
        return tuple(Nearest(c.paper, c.hit.score) for c in self.task.candidates[:NEAREST])

    def _answer(
        self,
        outcome: Outcome,
        reason: str,
        *,
        text: str | None = None,
        nearest: tuple[Nearest, ...] = (),
    ) -> Answer:
        task, scribe = self.task, self.scribe
        self.clock.mark("total")
        retriever = self.answerer.retriever
        return Answer(
            question=task.question,
            standalone_question=task.standalone_question,
            kind=self.kind,
            outcome=outcome,
            text=self.draft.text if text is None else text,
            claims=tuple(self.draft.claims) if text is None else (),
            sources=self.draft.sources() if text is None else (),
            nearest=nearest,
            screened=self._screened(),
            filters=task.filters,
            trace=Trace(
                llm=self.answerer.writer.name if self.answerer.writer else "off",
                embedder=retriever.encoder.name,
                prompts={scribe.prompt.name: scribe.prompt.sha256},
                index=retriever.corpus.fingerprint,
                seconds=dict(self.clock.seconds),
                tokens={"read": scribe.tokens.read, "written": scribe.tokens.written},
            ),
            confidence=self.confidence,
            reason=reason,
            perhaps=self.perhaps if outcome == "answered" else (),
            also=self.also if outcome == "answered" else (),
        )
