"""What the writer is worth on papers that nothing was learned from: with its adapter or without.

    python -m lab.bench.writer [--shared DIR] [--adapter bundled|off|DIR] [--limit N] [--show N]

Over the evidence of the 284 "test" papers of `lab.data.support_cases`: how many of its sentences on
answerable questions and on topics survive the check and are shown as its own words, how long they
are, how many of its refusals are right, and what a sentence costs. `--show` prints sentences, to be
read: a share says nothing of their truth.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lab.bench.reader import NEAREST_SHARED
from lab.training.writer_data import Lesson, lessons
from rag.answer.composing import LINE_WORDS
from rag.answer.scribe import NOT_STATED, Note, Scribe
from rag.config import BUNDLED, AnswerConfig, LlmConfig
from rag.models.reader import Reader
from rag.models.writer.writer import Writer
from rag.types import Hit, Passage

BATCH = 8


def main() -> None:
    """Write, check, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=NEAREST_SHARED)
    parser.add_argument("--adapter", default=BUNDLED)
    parser.add_argument("--limit", type=int, default=0, help="lessons; 0 takes all")
    parser.add_argument("--show", type=int, default=0, help="sentences to print of each kind")
    options = parser.parse_args()
    told = list(lessons(options.shared / "train", part="test"))
    told = told[: options.limit or len(told)]
    writer = Writer(LlmConfig(adapter=options.adapter, batch_size=BATCH))
    scribe = Scribe(writer, AnswerConfig(), lambda stem: 1.0, reader=Reader())
    writer.warm()
    notes = [_note(lesson) for lesson in told]
    begun = time.perf_counter()
    sentences = writer.write([scribe.request(note) for note in notes]).sentences
    seconds = time.perf_counter() - begun
    answerable = [i for i, lesson in enumerate(told) if lesson.sentence != NOT_STATED]
    left_open = [i for i, lesson in enumerate(told) if lesson.sentence == NOT_STATED]
    own = [i for i in answerable if _shown(scribe, notes[i], sentences[i])]
    words = [len(sentences[i].split()) for i in own]
    _say("own words, of answerable", len(own) / len(answerable))
    _say("own words on questions left open", _share(scribe, notes, sentences, left_open))
    _say("refused, of answerable", _refused(sentences, answerable))
    _say("refused, of left open", _refused(sentences, left_open))
    _say("words of a sentence, median", float(np.median(words)) if words else 0.0)
    _say("seconds a sentence", seconds / len(told))
    for chosen in (own, [i for i in answerable if i not in own], left_open):
        for i in chosen[: options.show]:
            sys.stdout.write(
                f"\nquestion  {told[i].question}\nevidence  {told[i].text}\n"
                f"written   {sentences[i]}\n"
            )


def _note(lesson: Lesson) -> Note:
    start = lesson.paper.abstract.index(lesson.text)
    passage = Passage(lesson.paper.paper_id, 0, start, start + len(lesson.text))
    return Note(lesson.question, Hit(lesson.paper, (passage,), 1.0), (passage,))


def _shown(scribe: Scribe, note: Note, sentence: str) -> bool:
    return scribe.checked(note, sentence, room=LINE_WORDS) is not None


def _share(
    scribe: Scribe, notes: Sequence[Note], sentences: Sequence[str], places: Sequence[int]
) -> float:
    return float(np.mean([_shown(scribe, notes[i], sentences[i]) for i in places]))


def _refused(sentences: Sequence[str], places: Sequence[int]) -> float:
    return float(np.mean([sentences[i] == NOT_STATED for i in places]))


def _say(what: str, value: float) -> None:
    sys.stdout.write(f"{what:36} {value:.3f}\n")


if __name__ == "__main__":
    main()
