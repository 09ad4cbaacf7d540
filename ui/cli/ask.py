"""`quoth search` and `quoth ask`, one question or a file of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.config import Config
from rag.contract.terminal import line, print_json, say, write
from rag.contract.wire import json_text, read_json
from rag.errors import InputError, UsageError
from rag.language.sane import one_line
from ui.cli.batches import Line, run_batch
from ui.cli.export import ending_of, save
from ui.cli.ingest import ensure_index
from ui.turns import read_history

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.types import Answer, Source, Turn

_ABSTAINED = 3
_TURNS_KEPT = 12
_MOST_INPUT = 1_000_000  # bytes; what is looked at is far less (rag/contract/asked.py)


def run_search(options: argparse.Namespace, config: Config) -> int:
    """The papers nearest to a question."""
    from rag.contract import hit_to_json
    from rag.contract.asked import asked

    if options.k < 1:
        raise UsageError(f"-k wants at least 1, not {options.k}")
    assistant = _assistant(options, config)
    if options.batch:
        return run_batch(
            options.batch,
            options.out,
            lambda one: _hits_line(assistant, one, options.k, today=options.today),
        )
    heard = asked(_question(options.question))
    hits = assistant.search(heard.question, k=options.k, today=options.today)
    for note in heard.notes:
        say(note)
    if options.json:
        print_json({"question": heard.question, "hits": [hit_to_json(hit) for hit in hits]})
        return 0
    for place, hit in enumerate(hits, start=1):
        year = f" ({hit.paper.year})" if hit.paper.year else ""
        write(f"{place:3}  {hit.score:.2f}  {one_line(hit.paper.title)}{year}\n")
        if hit.passages:
            write(f"           {one_line(hit.passages[0].text(hit.paper.abstract))}\n")
    return 0


def run_ask(options: argparse.Namespace, config: Config) -> int:
    """A cited answer; with --batch a line of JSON a question."""
    from rag.contract import answer_to_json
    from rag.types import Done
    from ui.talk.exports import FORMATS, exported

    saved_as = ending_of(options.save, FORMATS) if options.save is not None else ""
    if options.batch and saved_as:
        raise UsageError("--save FILE is for one question; --batch writes its answers to --out")
    assistant = _assistant(options, config)
    if options.batch:
        return run_batch(
            options.batch,
            options.out,
            lambda one: _answer_line(assistant, one, today=options.today),
        )
    question = _question(options.question)
    history = _load_history(config) if options.goes_on else ()
    if options.json:
        answer = assistant.ask(question, history=history, today=options.today)
        print_json(answer_to_json(answer))
    else:
        shown = ""
        for event in assistant.stream(question, history=history, today=options.today):
            shown = _show(event, shown)
            if isinstance(event, Done):
                answer = event.answer
        _show_sources(answer)
    for note in answer.notes:
        say(note)
    if options.save is not None:
        save(options.save, [exported(answer, format=saved_as)])
    try:
        _save_history(config, history, answer)
    except OSError as error:  # a folder that may only be read, a full disk: the answer stands
        say(f"-c will not go on from here: {_history_file(config)} cannot be written ({error})")
    return _ABSTAINED if answer.outcome == "abstained" else 0


def _assistant(options: argparse.Namespace, config: Config) -> Assistant:
    from rag import build

    if bool(options.question) == bool(options.batch):
        raise UsageError("one of QUESTION and --batch FILE is wanted")
    if options.batch and not options.out:
        raise UsageError("--batch wants --out FILE for the results")
    ensure_index(config)
    return build.assistant(config)


def _question(words: str) -> str:
    """The question of the command line; "-" stands for what is on standard input.

    Raises:
        UsageError: there is none, or more than anybody asks.
    """
    if words != "-":
        return words
    if sys.stdin is None:
        raise UsageError("standard input is closed; give the QUESTION itself")
    try:
        read = sys.stdin.buffer.read(_MOST_INPUT + 1)
    except (OSError, ValueError) as error:
        raise UsageError(f"standard input cannot be read ({error}); give the QUESTION") from error
    if len(read) > _MOST_INPUT:
        raise UsageError(f"a question on standard input may have {_MOST_INPUT:,} bytes")
    question = read.decode("utf-8", "surrogateescape").strip()
    if not question:
        raise UsageError("standard input is empty; a QUESTION is wanted there")
    return question


def _hits_line(assistant: Assistant, line: Line, k: int, *, today: date | None) -> dict[str, Any]:
    hits = assistant.search(line.question, k=k, today=line.today or today)
    return {
        "id": line.name,
        "hits": [
            {"paper_id": h.paper.paper_id, "title": h.paper.title, "score": round(h.score, 6)}
            for h in hits
        ],
    }


def _answer_line(assistant: Assistant, line: Line, *, today: date | None) -> dict[str, Any]:
    from rag.contract import answer_to_json

    answer = assistant.ask(line.question, history=line.history, today=line.today or today)
    return answer_to_json(answer, question_id=line.name)


def _show(event: Any, shown: str) -> str:
    """Print what an event adds to the answer; returns all that has been printed of it."""
    from rag.contract import plain_text
    from rag.types import Done, Understood, Written

    if isinstance(event, Understood):
        if event.standalone_question != event.question:
            say(f"understood as: {event.standalone_question}")
        return shown
    if not isinstance(event, Written | Done):
        return shown
    text = plain_text(event.answer)
    write(text[len(shown) :] if text.startswith(shown) else "\n" + text)
    if isinstance(event, Done):
        write("\n")
    return text


def _show_sources(answer: Answer) -> None:
    from rag.contract import authors_line, title_line

    if answer.sources:
        write("\n")
    for source in answer.sources:
        paper = source.paper
        about = ", ".join(part for part in (authors_line(paper), paper.date, paper.url) if part)
        line(f"[{source.label}] {title_line(paper)}{f' ({about})' if about else ''}")
        for words in _carrying(answer, source):
            write(f"    {words}\n")
    for head, beside in (("Perhaps:", answer.perhaps), ("Also:", answer.also)):
        if beside:
            line(f"\n{head}")
        for one in beside:
            quote = one_line(one.passage.text(one.paper.abstract))
            line(f"- {title_line(one.paper)}: \u201c{quote}\u201d")


def _carrying(answer: Answer, source: Source) -> Iterator[str]:
    """What of a source carries what stands in other words above: quotations, and its record."""
    for claim in answer.claims:
        for quote in claim.quotes if claim.verdict == "supported" else ():
            if quote.label == source.label:
                yield f"\u201c{one_line(quote.quote)}\u201d"
        for told in claim.fields:
            if told.label == source.label and told.field not in ("title", "paper_id"):
                yield f"record, {told.field}: {one_line(told.value)}"


def _history_file(config: Config) -> Path:
    from ui.private import private_place

    return private_place(config.index, "last-conversation.json")


def _load_history(config: Config) -> tuple[Turn, ...]:
    path = _history_file(config)
    if not path.exists():
        raise UsageError("there is no question to go on from yet; ask one without -c first")
    try:
        return read_history(read_json(path.read_bytes()))
    except (OSError, ValueError, UsageError) as error:
        raise InputError(f"{path} cannot be read ({error}); ask without -c") from error


def _save_history(config: Config, history: Sequence[Turn], answer: Answer) -> None:
    from dataclasses import asdict

    from rag.types import Turn
    from ui.private import write_private

    ids = tuple(source.paper.paper_id for source in answer.sources)
    turns = [*history, Turn("user", answer.question), Turn("assistant", answer.text, ids)]
    text = json_text([asdict(turn) for turn in turns[-_TURNS_KEPT:]])
    write_private(_history_file(config), text)
