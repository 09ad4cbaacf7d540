"""The facade: `search`, `stream`, `ask`."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from rag.answer import Answerer, Clock, Entails
from rag.config import AnswerConfig
from rag.contract.asked import LONGEST_QUESTION, Asked, asked
from rag.evidence.planning import Planner
from rag.evidence.retrieval import CANDIDATES, Retriever
from rag.evidence.task import Task
from rag.library.corpus import Corpus
from rag.models.paper_reader import PaperReader, ShownPaper
from rag.models.reader import Reader
from rag.models.writer.writer import Writer
from rag.question.asker import Asker
from rag.question.understanding import Understanding, understand
from rag.types import (
    Answer,
    Done,
    Event,
    Filters,
    Hit,
    Kind,
    Paper,
    Turn,
    Understood,
    Written,
)


class Assistant:
    """Answers questions over one index. Safe to share between threads.

    Args:
        retriever: over the papers of the index.
        writer: None answers in the papers' own words only.
        config: of the answers.
        asker: tags questions; None: the one in the box.
        reader: None leaves checking to what is counted and compared.
        paper_reader: None leaves finding to it.
        entails: a configured model's word on each written sentence; None asks none.
        today: what "this year" means where a question does not say on which day it is asked.
    """

    def __init__(
        self,
        retriever: Retriever,
        writer: Writer | None,
        *,
        config: AnswerConfig,
        asker: Asker | None = None,
        reader: Reader | None = None,
        paper_reader: PaperReader | None = None,
        entails: Entails | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.retriever = retriever
        self.writer = writer
        self.asker = asker or Asker()
        self.planner = Planner(retriever)
        self.answerer = Answerer(retriever, writer, config, reader, paper_reader, entails)
        self._today = today

    @property
    def corpus(self) -> Corpus:
        """The papers."""
        return self.retriever.corpus

    def warm(self) -> None:
        """Load the models and read the corpus, so that the first question does not wait."""
        self.retriever.encoder.ask(["warm"])
        _ = self.planner.names, self.asker.read("warm")
        if self.answerer.paper_reader is not None:
            self.answerer.paper_reader.read("warm", [ShownPaper("warm", ("warm",))])
        if self.writer is not None:
            self.writer.warm()

    def papers(self) -> Sequence[Paper]:
        """All papers, in the order of their ids."""
        return self.corpus.papers()

    def paper(self, paper_id: str) -> Paper:
        """A paper by id.

        Raises:
            KeyError: there is none.
        """
        return self.corpus.paper(paper_id)

    def info(self) -> dict[str, Any]:
        """What is indexed, and with which models: the JSON of `quoth info`."""
        papers = self.papers()
        sources: dict[str, int] = {}
        years: dict[str, int] = {}
        for paper in papers:
            for source in paper.source:
                sources[source] = sources.get(source, 0) + 1
            year = str(paper.year) if paper.year else "unknown"
            years[year] = years.get(year, 0) + 1
        manifest = self.corpus.snapshot.manifest
        return {
            "papers": len(papers),
            "passages": manifest.rows,
            "fingerprint": manifest.fingerprint,
            "embedder": self.retriever.encoder.name,
            "llm": self.writer.name if self.writer is not None else "off",
            "sources": sources,
            "years": dict(sorted(years.items())),
        }

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        filters: Filters | None = None,
        today: date | None = None,
    ) -> list[Hit]:
        """The papers nearest to a question, best first; no model writes anything.

        `filters` and `today` as in `stream`.
        """
        meant = self._understand(asked(question), filters=filters, kind=None, today=today)
        limit = max(k, CANDIDATES, self.retriever.config.rerank)
        found = self.planner.ranked(meant, limit=limit, reader=self.answerer.paper_reader)
        return [candidate.hit for candidate in found[:k]]

    def plan(self, question: str) -> Task:
        """How a question is read and which papers are in the running; nothing is answered."""
        heard = asked(question)
        meant = self._understand(heard, filters=None, kind=None, today=None)
        return self.planner.task(heard.question, meant)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        stop: threading.Event | None = None,
        filters: Filters | None = None,
        kind: Kind | None = None,
        today: date | None = None,
    ) -> Iterator[Event]:
        """How the question was understood, the evidence, the answer as it grows, and whole.

        Args:
            question: anything; what is not a question gets a plain abstention.
            history: the turns before it, oldest first; how much of them is read:
                `rag.contract.asked`.
            stop: once set, nothing more is computed and the answer is partial.
            filters: instead of those in the question's words.
            kind: instead of the one that the question's form tells.
            today: the day it is asked on, from which "last month" counts; None: the clock's.

        Raises:
            ModelError: a model is missing or failed.
            UsageError: the question is no text.
        """
        clock, heard = Clock(), asked(question, history)
        with clock.stage("understanding"):
            meant = self._understand(heard, filters=filters, kind=kind, today=today)
        yield Understood(heard.question, meant.standalone_question, meant.kind, meant.filters)
        with clock.stage("retrieval"):
            task = self.planner.task(heard.question, meant)
        for event in self.answerer.stream(task, clock=clock, stop=stop):
            if heard.notes and isinstance(event, Written | Done):
                event = type(event)(dataclasses.replace(event.answer, notes=heard.notes))
            yield event

    def ask(self, question: str, **options: Any) -> Answer:
        """The whole answer; takes what `stream` takes."""
        answer: Answer | None = None
        for event in self.stream(question, **options):
            if isinstance(event, Done):
                answer = event.answer
        if answer is None:
            raise RuntimeError("the stream ended without an answer")
        return answer

    def _understand(
        self,
        heard: Asked,
        *,
        filters: Filters | None,
        kind: Kind | None,
        today: date | None,
    ) -> Understanding:
        meant = understand(
            heard.question[:LONGEST_QUESTION],
            history=heard.history,
            asker=self.asker,
            names=self.planner.names,
            today=today or self._today(),
        )
        if filters is not None:
            meant = dataclasses.replace(meant, filters=filters)
        if kind is not None:
            topic = meant.topic if kind == "count" else meant.topic or meant.mention
            meant = dataclasses.replace(meant, kind=kind, settled=True, topic=topic)
        return meant
