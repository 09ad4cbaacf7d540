"""Sentences in the model's words that pass the check, or the paper's own words instead."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.answer.citations import Statement, quoted
from rag.config import AnswerConfig
from rag.language.trimming import shown_part
from rag.language.words import NUMBER, Worth, asks_amount, content_stems, stems
from rag.models import prompts
from rag.models.reader import Reader, titled
from rag.models.writer.writer import Request, Writer
from rag.retelling import keeps_close, retells
from rag.support import check
from rag.types import Hit, Paper, Passage

PROMPT = "sentence.v1"
TAUGHT_PROMPT = "taught.v2"
"""For the bundled model with its adapter: it needs no examples, and reads a third as much."""
NOT_STATED = "Not stated in the text."
"""What the taught model writes where the text does not answer."""
Entails = Callable[[str, str], float]
"""(evidence, claim) -> how likely the first entails the second, in [0, 1]."""
SHORTEST = 4  # words: less is no sentence


@dataclass(frozen=True, slots=True)
class Note:
    """Reading notes on one paper: the passages that bear on the question, best first."""

    question: str
    hit: Hit
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class Tokens:
    """How many tokens went in and came out, for the trace."""

    read: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes one sentence a note; what is not carried by the note's passages is never returned."""

    writer: Writer | None
    config: AnswerConfig
    worth: Worth
    reader: Reader | None = None
    entails: Entails | None = None
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def taught(self) -> bool:
        """Whether the writer has learned this work, or has to be shown it."""
        return self.writer is not None and self.writer.taught

    @property
    def prompt(self) -> prompts.Prompt:
        """What the writer is given."""
        return prompts.load(TAUGHT_PROMPT if self.taught else PROMPT)

    def statements(
        self,
        notes: Sequence[Note],
        *,
        most_words: int,
        stop: threading.Event | None,
        room: int | None = None,
    ) -> list[Statement]:
        """One statement a note, in their order: written and checked, else quoted.

        Args:
            notes: any number; the model reads them as batches.
            most_words: a longer quotation is cut at a joint.
            room: words that a written sentence may take; None: `most_words`.
            stop: once set, what is left is quoted without asking the model.
        """
        written = self._written(notes, stop)
        room = most_words if room is None else room
        return [
            self.checked(note, sentence, room=room)
            or self.quotation(note.question, note.hit, note.passages[0], most_words=most_words)
            for note, sentence in zip(notes, written, strict=True)
        ]

    def quotation(self, question: str, hit: Hit, passage: Passage, *, most_words: int) -> Statement:
        """The paper's own words, without their lead-in and not longer than need be."""
        sentence = passage.text(hit.paper.abstract)
        wanted = frozenset(content_stems(question))
        part = shown_part(sentence, wanted=wanted, worth=self.worth, most_words=most_words)
        return quoted(hit, passage, text=part)

    def _written(self, notes: Sequence[Note], stop: threading.Event | None) -> Sequence[str]:
        if self.writer is None or not notes:
            return [""] * len(notes)
        result = self.writer.write([self.request(note) for note in notes], stop=stop)
        self.tokens.read += result.tokens_in
        self.tokens.written += result.tokens_out
        return result.sentences

    def request(self, note: Note) -> Request:
        """What is asked of the writer, and the words it may use: any, if it has learned which."""
        title = note.hit.paper.title
        text = " ".join(passage.text(note.hit.paper.abstract) for passage in note.passages)
        messages = self.prompt.fill(title=title, text=text, question=note.question)
        offered = () if self.taught else (prompts.neutralise(text),)
        return Request(tuple(messages), offered)

    def checked(self, note: Note, sentence: str, *, room: int) -> Statement | None:
        """A written sentence of at most `room` words as a statement; None: it may not be shown."""
        if not SHORTEST <= len(sentence.split()) <= room or sentence == NOT_STATED:
            return None
        evidence = [passage.text(note.hit.paper.abstract) for passage in note.passages]
        bare = sentence.rstrip(".").lower()
        if any(bare in own.lower() for own in evidence):
            return None  # cut out of a quotation: `quotation` knows better where to cut
        if self.config.check and not self._holds(note, sentence, evidence):
            return None
        carriers = _carriers(sentence, note.passages, evidence)
        return Statement(sentence, note.hit, carriers, "supported")

    def _holds(self, note: Note, sentence: str, evidence: Sequence[str]) -> bool:
        paper = note.hit.paper
        if not self._may_be_trusted(sentence, evidence, paper):
            return False
        fresh = set(stems(sentence)) - set(stems(note.question))
        if not fresh:  # it only says the question again
            return False
        if (
            asks_amount(note.question)
            and any(NUMBER.search(text) for text in evidence)
            and not NUMBER.search(sentence)
        ):
            return False
        read = None
        if self.reader is not None:
            pair = (sentence, titled(paper.title, " ".join(evidence)))
            read = float(self.reader.logits("supports", [pair])[0])
        return check(
            sentence,
            evidence,
            title=paper.title,
            question=note.question,
            read=read,
            learned=self.entails,
        ).supported

    def _may_be_trusted(self, sentence: str, evidence: Sequence[str], paper: Paper) -> bool:
        """Whether the check may be asked: it does not see all that a small model does wrong."""
        if self.writer is None or not self.writer.bundled:
            return True
        if self.writer.taught:  # no bracket: it could be read as one of our markers
            return "[" not in sentence and any(retells(sentence, text, paper) for text in evidence)
        return keeps_close(sentence, evidence)


def _carriers(
    sentence: str, passages: Sequence[Passage], evidence: Sequence[str]
) -> tuple[Passage, ...]:
    """The passages that a checked sentence takes words from that no other passage has."""
    said = set(stems(sentence))
    kept = []
    for i, passage in enumerate(passages):
        others: set[str] = set().union(*(stems(evidence[j]) for j in range(i)))
        if said & set(stems(evidence[i])) - others:
            kept.append(passage)
    return tuple(kept) or tuple(passages[:1])
