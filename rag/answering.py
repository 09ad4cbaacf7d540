"""From an understood question and its candidates to a checked answer, event by event. Floor 3."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag import composing, silence
from rag.citations import Draft
from rag.clock import Clock
from rag.config import AnswerConfig
from rag.contract import title_line, unmarked
from rag.filters import describe, sort_key
from rag.llm import Writer
from rag.reader import Reader
from rag.reading import read_papers, read_sentences
from rag.retrieval import Candidate, Retriever
from rag.scribe import Entails, Scribe
from rag.selection import (
    answering_sentences,
    defining_sentences,
    ranked_passages,
    related_probability,
    until_relevance_ends,
)
from rag.task import Task
from rag.types import (
    Answer,
    Done,
    Event,
    Evidence,
    Found,
    Nearest,
    Outcome,
    Screened,
    Trace,
    Written,
)

NEAREST = 3
FEW = 3
TOP_PAPERS = 5
"""Papers among whose sentences the answer to a specific question is looked for."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Writes answers of every kind over the candidates it is given."""

    retriever: Retriever
    writer: Writer | None
    config: AnswerConfig
    reader: Reader | None
    entails: Entails | None

    @property
    def reads(self) -> bool:
        """Whether what is chosen and judged has been read: there are weights for either case."""
        return self.reader is not None

    def stream(
        self, task: Task, *, clock: Clock, stop: threading.Event | None = None
    ) -> Iterator[Event]:
        """Evidence first, then the answer as it grows by checked claims, then the whole of it."""
        writing = _Writing(self, task, clock, stop)
        yield from writing.events()


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
        worth = answerer.retriever.corpus.worth
        self.scribe = Scribe(
            answerer.writer, answerer.config, worth, answerer.reader, answerer.entails
        )
        self.confidence = 0.0
        self.matched = 0

    def events(self) -> Iterator[Event]:
        task = self.task
        if not task.candidates or (task.topic and not silence.is_near(task.candidates)):
            yield Done(self._abstained("nothing in the corpus is close to it"))
            return
        steps = {"list": self._list, "fact": self._fact, "paper": self._paper}.get(
            task.kind, self._compare
        )
        yield from steps()

    def _fact(self) -> Iterator[Event]:
        task = self.task
        question = task.asked
        candidates = self._read(question)
        refusal = self._unheard(capitalised=True) or silence.false_premise(question, candidates)
        if refusal:
            yield Done(self._abstained(refusal))
            return
        if not task.assumed and self.confidence < self._limits().answered:
            yield Done(self._abstained("what is asked for is not stated in the nearest papers"))
            return
        chosen = (
            defining_sentences(candidates[0], task.name)
            if task.name
            else answering_sentences(
                candidates[: 1 if task.assumed else TOP_PAPERS],
                read=self.answerer.reads,
            )
        )
        texts = [one.passage.text(one.candidate.paper.abstract) for one in chosen]
        if not silence.states_amount(question, texts):
            yield Done(self._abstained("the number asked for is not stated in the nearest papers"))
            return
        self.matched = len({one.candidate.index for one in chosen})
        yield self._found([one.candidate for one in chosen])
        yield from self._write(
            composing.fact(self.draft, question, chosen, scribe=self.scribe, stop=self.stop)
        )

    def _read(self, question: str) -> list[Candidate]:
        """The candidates as the reader sees them; sets how likely the best holds the answer."""
        answerer = self.answerer
        with self.clock.stage("reading"):
            told = read_sentences(
                answerer.reader, question, self.task.candidates, papers=TOP_PAPERS
            )
            self.confidence = silence.answered_probability(
                question,
                told.candidates,
                answerer.retriever,
                read=told.said if answerer.reads else None,
            )
        return told.candidates

    def _limits(self) -> silence.Thresholds:
        return silence.thresholds(read=self.answerer.reads)

    def _paper(self) -> Iterator[Event]:
        task = self.task
        best = self._read(task.standalone_question)[0]
        if task.named:
            self.confidence = 1.0
        if self.confidence < self._limits().answered:
            yield Done(self._abstained("no paper of the corpus is clearly the one that is meant"))
            return
        self.matched = 1
        yield self._found([best])
        yield from self._write(
            composing.paper(
                self.draft, task.standalone_question, best, scribe=self.scribe, stop=self.stop
            )
        )

    def _list(self) -> Iterator[Event]:
        task, most = self.task, self.answerer.config.list_limit
        if task.topic:
            told = self._read_papers()
            unheard = self._unheard(capitalised=False)
            if unheard:
                yield Done(self._abstained(unheard))
                return
            kept = self._qualifying(told)
        else:  # nothing but filters: every paper that they let through qualifies
            kept, self.confidence = list(task.candidates)[:most], 1.0
        if not kept:
            yield Done(self._abstained("no paper of the corpus clearly bears on it"))
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

    def _unheard(self, *, capitalised: bool) -> str:
        """Why there can be no answer: what the question names that no paper writes; "" if none."""
        worth = self.answerer.retriever.corpus.worth
        names = silence.unheard_names(self.task.asked, worth, capitalised=capitalised)
        return f"no paper of the corpus mentions {', '.join(names)}" if names else ""

    def _read_papers(self) -> list[Candidate]:
        """The candidates as the reader ranks them; sets how likely any bears on the topic."""
        task, reader = self.task, self.answerer.reader
        with self.clock.stage("reading"):
            told = read_papers(reader, task.asked, task.candidates)
        self.confidence = self._related(told.said if reader is not None else None)
        return told.candidates

    def _related(self, read: NDArray[np.float64] | None = None) -> float:
        task = self.task
        worth = self.answerer.retriever.corpus.worth
        return related_probability(task.asked, task.candidates, worth, read=read)

    def _qualifying(self, told: list[Candidate]) -> list[Candidate]:
        task, answerer = self.task, self.answerer
        if self.confidence >= self._limits().related:
            most = answerer.config.list_limit
            return until_relevance_ends(told, read=answerer.reads, most=most)
        if task.filters.active and task.allowed <= FEW:
            # The filter all but names the papers: those that have a word of the topic are meant.
            return [candidate for candidate in told if candidate.parts["lexical"] > 0]
        return []

    def _compare(self) -> Iterator[Event]:
        task = self.task
        sides = self._read_sides(list(task.sides) or list(task.candidates[:2]))
        self.confidence = 1.0 if task.sides else self._related()
        if self.confidence < silence.thresholds().related:  # the two sides are read, and no more
            yield Done(self._abstained("the papers to be compared are not clearly in the corpus"))
            return
        self.matched = len(sides)
        yield self._found(sides)
        yield from self._write(
            composing.comparison(self.draft, task.standalone_question, sides, scribe=self.scribe)
        )

    def _read_sides(self, sides: list[Candidate]) -> list[Candidate]:
        reader, question = self.answerer.reader, self.task.standalone_question
        with self.clock.stage("reading"):
            return read_sentences(reader, question, sides, papers=len(sides)).candidates

    def _write(self, steps: Iterator[None]) -> Iterator[Event]:
        with self.clock.stage("writing"):
            for _ in steps:
                yield Written(self._answer("partial", "still being written"))
        if self.stop is not None and self.stop.is_set():
            yield Done(self._answer("partial", "stopped before it was whole"))
        elif not self.draft.claims:
            yield Done(self._abstained("nothing that could be written is carried by its evidence"))
        else:
            if self.task.kind == "list":
                self.draft.say("\n\n" + self._screening())
            yield Done(self._answer("answered", self._remark()))

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
        task = self.task
        looked = f"Looked for: {_shorten(unmarked(task.asked))}"
        if task.filters.active:
            looked += f" ({describe(task.filters)})"
        text = f"{_ended(f'No answer: {reason}')} {_ended(looked)}"
        nearest = tuple(
            Nearest(candidate.paper, candidate.hit.score) for candidate in task.candidates[:NEAREST]
        )
        if nearest:
            text += " The nearest papers, not confirmed: " + "; ".join(
                title_line(near.paper) for near in nearest
            )
        remark = self._remark()
        return self._answer("abstained", f"{reason}. {remark}".strip(), text=text, nearest=nearest)

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
            kind=task.kind,
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
        )


def _ended(text: str) -> str:
    """A sentence with a stop, unless it ends with one or with a quotation that has one."""
    return text if text.rstrip('"')[-1:] in tuple(".?!") else f"{text}."


def _shorten(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."
