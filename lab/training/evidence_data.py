"""What decisions over a corpus are learned from: training questions over corpora made at random.

Each question of the writers kept aside from the reader meets a random corpus with its paper and, at
times, the same corpus without it; each judged list meets one with its candidates, and one without
those that belong. What `rag/evidence/measures.py` measures is kept as a line of JSON, so a run that
was stopped goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.training.paper_reader_data import Reading, Source, readings, sources
from lab.training.strangers import POINTS, Stranger, strangers
from rag.config import EncoderConfig, RetrievalConfig
from rag.evidence import measures
from rag.evidence.looking import Looked, look, look_on
from rag.evidence.retrieval import Candidate, Retriever
from rag.library.codec import open_index
from rag.library.corpus import Corpus
from rag.models.encoder import Encoder
from rag.models.paper_reader import PaperReader, PaperReading, ShownPaper
from rag.question.asker import Asker

POOLS = (120, 250, 500)
"""Papers of a random corpus."""
PAPERS_A_PART = 45
"""Of each source and part: convex fits need no more."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question over a corpus.

    Attributes:
        key: names it among all.
        asked: the question and its paper, or a list with any of its papers.
        present: whether what answers is in the corpus.
        listed: for a list, how far each judged paper belongs, by id.
        stranger: where it is a stranger's, over that writer's corpus.
    """

    key: str
    asked: Reading
    present: bool
    listed: dict[str, float] | None = None
    stranger: Stranger | None = None


class Remembering(PaperReader):
    """The reader, which reads no paper twice for one question."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._known: dict[tuple[str, ShownPaper], PaperReading] = {}
        self._text = ""

    def read(self, text: str, papers: Sequence[ShownPaper], **options: Any) -> list[PaperReading]:
        """As `PaperReader.read`, without a limit of tokens."""
        if text != self._text:
            self._known, self._text = {}, text
        fresh = [paper for paper in papers if (text, paper) not in self._known]
        for paper, reading in zip(fresh, super().read(text, fresh), strict=True):
            self._known[(text, paper)] = reading
        return [self._known[(text, paper)] for paper in papers]


def cases(train: Path) -> list[Case]:
    """Everything that is asked, the questions of one text one after the other."""
    own = [r for r in readings(train) if r.part != "train"]
    asked = strangers(sources(train))
    return [*_questions(own), *_requests(own), *_lists(own), *_of_strangers(asked)]


def _questions(own: Sequence[Reading]) -> Iterator[Case]:
    generator = np.random.default_rng(0)
    told: dict[tuple[str, bool], dict[str, list[Reading]]] = {}
    for reading in own:
        whole = reading.style != "elsewhere" and not reading.without
        if reading.task == "question" and reading.judged and whole:
            examples = reading.style == "example" or reading.paper_id[:1] == "p"
            source = told.setdefault((reading.part, examples), {})
            source.setdefault(reading.paper_id, []).append(reading)
    for (part, _), papers in sorted(told.items()):
        ids = sorted(papers)
        for i in generator.permutation(len(ids))[:PAPERS_A_PART]:
            for number, reading in enumerate(papers[ids[i]]):
                key = f"{part} {ids[i]} {number}"
                yield Case(f"{key} in", reading, present=True)
                if reading.carries and generator.random() < 0.5:
                    yield Case(f"{key} out", reading, present=False)


def _requests(own: Sequence[Reading]) -> Iterator[Case]:
    """What papers are asked for by, over a corpus with the paper it was written of or without."""
    generator = np.random.default_rng(1)
    told: dict[tuple[str, bool], list[Reading]] = {}
    for reading in own:
        if reading.style == "request":
            told.setdefault((reading.part, reading.paper_id[:1] == "p"), []).append(reading)
    for (part, _), requests in sorted(told.items()):
        for i in generator.permutation(len(requests))[:PAPERS_A_PART]:
            for present in (True, False):
                where = "in" if present else "out"
                key = f"{part} {requests[i].paper_id} request {where}"
                yield Case(key, requests[i], present=present)


def _lists(own: Sequence[Reading]) -> Iterator[Case]:
    told: dict[str, list[Reading]] = {}
    for reading in own:
        if reading.style == "list":
            told.setdefault(reading.text, []).append(reading)
    for number, (_, judged) in enumerate(sorted(told.items())):
        listed = {r.paper_id: float(r.bears or 0.0) for r in judged}
        key = f"{judged[0].part} list {number}"
        yield Case(f"{key} in", judged[0], present=True, listed=listed)
        yield Case(f"{key} out", judged[0], present=False, listed=listed)


def _of_strangers(asked: Iterator[Stranger]) -> Iterator[Case]:
    """Each over its writer's corpus; what is answerable also over the rest of it."""
    for one in asked:
        first = min(one.papers | one.also, default=one.corpus[0])
        style, carries = one.style, (0,) if one.type in POINTS else ()
        reading = Reading(
            "question", one.text, first, carries, (), not one.survey, 1.0, one.part, style
        )
        listed = None
        if one.survey:
            listed = dict.fromkeys(one.also, 0.5) | dict.fromkeys(one.papers, 1.0)
        key = f"stranger {one.key}"
        yield Case(f"{key} in", reading, present=True, listed=listed, stranger=one)
        if one.survey or one.type in POINTS:
            yield Case(f"{key} out", reading, present=False, listed=listed, stranger=one)


class Gatherer:
    """Measures cases over an index of the papers kept aside."""

    def __init__(self, index: Path, train: Path, adapter: Path) -> None:
        encoder = Encoder(EncoderConfig())
        self.corpus = Corpus(open_index(index, embedder=encoder.name))
        self.retriever = Retriever(self.corpus, encoder, RetrievalConfig())
        self.reader = Remembering(adapter)
        self.papers = sources(train)
        self.asker = Asker()

    def measured(self, case: Case) -> dict[str, Any] | None:
        """What is measured of a case; None where its paper is not in the index."""
        if case.stranger is None and self._places([case.asked.paper_id]) == []:
            return None
        if case.listed is not None:
            return self._list(case, case.listed)
        if case.asked.style == "request":
            return self._request(case)
        return self._question(case)

    def _question(self, case: Case) -> dict[str, Any]:
        pool = self._pool(case)
        question = case.asked.text
        looked = look(self.reader, question, self.retriever.candidates(question, allowed=pool))
        front, worth = looked.front, self.corpus.worth
        own = [c.paper.paper_id in _own(case) for c in front]
        return {
            **self._told(case, question, looked),
            "sentences": _rounded(measures.sentence_table(looked)),
            "of": [p for p, c in enumerate(front) for _ in c.passages],
            "right": [v for c in front for v in self._evidence(c, case)],
            "own": own,
            "answered": [
                _rounded(measures.answered_row(question, looked, best, worth))
                for best in range(len(front))
            ],
            "denied": _rounded(measures.denied_table(looked)),
        }

    def _request(self, case: Case) -> dict[str, Any]:
        pool = self._pool(case)
        request = case.asked.text
        looked = look(self.reader, request, self.retriever.candidates(request, allowed=pool))
        return self._told(case, request, looked)

    def _list(self, case: Case, listed: dict[str, float]) -> dict[str, Any]:
        pool = self._pool(case)
        question = case.asked.text
        looked = look(self.reader, question, self.retriever.candidates(question, allowed=pool))
        told = self._told(case, question, looked)
        if not case.present:
            return told
        looked = look_on(self.reader, question, looked)
        ids = [c.paper.paper_id for c in looked.candidates[: len(looked.readings)]]
        return {
            **told,
            "belongs": _rounded(measures.belongs_table(looked)),
            "listed": [listed.get(i, 0.0) for i in ids],
            "wanted": sum(bears == 1.0 for bears in listed.values()),
        }

    def _told(self, case: Case, question: str, looked: Looked) -> dict[str, Any]:
        strange: dict[str, Any] = {}
        if case.stranger is not None:
            asked = self.asker.read(question)
            compared = _rounded(measures.compared_row(asked.kinds, looked))
            strange = {
                "words": asked.survey_odds,
                "kinds": dict(asked.kinds),
                "compared": compared,
                "type": case.stranger.type,
            }
        return {
            **strange,
            "key": case.key,
            "part": case.asked.part,
            "style": case.asked.style,
            "present": case.present,
            "topic": _rounded(measures.topic_row(looked)),
            "shape": _rounded(measures.shape_row(0.0, looked)),
        }

    def _pool(self, case: Case) -> NDArray[np.bool_]:
        """(n,) the papers of a random corpus, or of a stranger's, with what is asked for or not."""
        pool = np.zeros(len(self.corpus), dtype=np.bool_)
        if case.stranger is not None:
            pool[self._places(case.stranger.corpus)] = True
        else:
            generator = np.random.default_rng(sum(map(ord, case.key.rsplit(" ", 1)[0])))
            size = min(POOLS[int(generator.integers(len(POOLS)))], len(self.corpus))
            pool[generator.choice(len(self.corpus), size, replace=False)] = True
        if case.listed is not None:
            pool[self._places(i for i, bears in case.listed.items() if bears == 0.0)] = True
        pool[self._places(_own(case))] = case.present
        if case.stranger is not None and not case.present:
            pool[self._places(case.stranger.also)] = False
        return pool

    def _places(self, ids: Iterable[str]) -> list[int]:
        found = (self.corpus.snapshot.index_of(paper_id) for paper_id in ids)
        return [place for place in found if place is not None]

    def _evidence(self, candidate: Candidate, case: Case) -> list[float]:
        """1 for the passages that overlap the evidence of its question, else 0."""
        asked, paper = case.asked, candidate.paper
        if case.stranger is not None and case.asked.carries:
            texts = (passage.text(paper.abstract) for passage in candidate.passages)
            return [float(case.stranger.holds(paper.paper_id, text)) for text in texts]
        if candidate.paper.paper_id != asked.paper_id:
            return [0.0] * len(candidate.passages)
        spans = _spans(self.papers[asked.paper_id])
        wanted = [spans[i] for i in asked.carries if i < len(spans)]
        return [
            float(any(p.start < end and start < p.end for start, end in wanted))
            for p in candidate.passages
        ]


def gather(index: Path, train: Path, adapter: Path, out: Path, *, most: int | None) -> None:
    """Write a line for each case that `out` does not hold yet."""
    done = {line["key"] for line in read(out)} if out.exists() else set()
    left = [case for case in cases(train)[:most] if case.key not in done]
    gatherer = Gatherer(index, train, adapter)
    with out.open("a", encoding="utf-8") as lines:
        for case in left:
            found = gatherer.measured(case)
            if found is not None:
                lines.write(json.dumps(found) + "\n")
                lines.flush()


def write_papers(train: Path, out: Path) -> None:
    """The papers kept aside, as records that `quoth ingest` reads."""
    wanted = {r.paper_id for r in readings(train) if r.part != "train"}
    papers = sources(train)
    with out.open("w", encoding="utf-8") as lines:
        for paper_id in sorted(wanted):
            paper = papers[paper_id]
            record = {"id": paper_id, "title": paper.title, "abstract": " ".join(paper.sentences)}
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of an earlier run; one that was cut short is left out."""
    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _own(case: Case) -> set[str]:
    """The papers that what is asked is about; of a stranger's near miss none."""
    if case.listed is not None:
        return {paper_id for paper_id, bears in case.listed.items() if bears > 0.0}
    if case.stranger is not None:
        return {*case.stranger.papers}
    return {case.asked.paper_id}


def _spans(source: Source) -> list[tuple[int, int]]:
    """Where each sentence is when all are joined by a space."""
    ends = np.cumsum([len(sentence) + 1 for sentence in source.sentences])
    starts = [0, *(int(end) for end in ends[:-1])]
    return [(start, int(end) - 1) for start, end in zip(starts, ends, strict=True)]


def _rounded(values: NDArray[np.float64]) -> Any:
    return np.round(values, 4).tolist()
