"""`quoth search` and `quoth ask`, one question or a file of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.config import Config
from rag.errors import InputError, UsageError
from ui.cli_ingest import ensure_index, print_json, say

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.types import Answer, Turn

_ABSTAINED = 3
_TURNS_KEPT = 12


def run_search(options: argparse.Namespace, config: Config) -> int:
    """The papers nearest to a question."""
    from rag.contract import hit_to_json

    if options.k < 1:
        raise UsageError(f"-k wants at least 1, not {options.k}")
    assistant = _assistant(options, config)
    if options.batch:
        return _batch(options, lambda line: _hits_line(assistant, line, options.k))
    hits = assistant.search(options.question, k=options.k, today=options.today)
    if options.json:
        print_json({"question": options.question, "hits": [hit_to_json(hit) for hit in hits]})
        return 0
    for place, hit in enumerate(hits, start=1):
        year = f" ({hit.paper.year})" if hit.paper.year else ""
        sys.stdout.write(f"{place:3}  {hit.score:.2f}  {hit.paper.title}{year}\n")
        if hit.passages:
            sys.stdout.write(f"           {hit.passages[0].text(hit.paper.abstract)}\n")
    return 0


def run_ask(options: argparse.Namespace, config: Config) -> int:
    """A cited answer; with --batch a line of JSON a question."""
    from rag.contract import answer_to_json
    from rag.types import Done

    assistant = _assistant(options, config)
    if options.batch:
        return _batch(options, lambda line: _answer_line(assistant, line))
    history = _load_history(config) if options.goes_on else []
    if options.json:
        answer = assistant.ask(options.question, history=history, today=options.today)
        print_json(answer_to_json(answer))
    else:
        shown = ""
        asked = assistant.stream(options.question, history=history, today=options.today)
        for event in asked:
            shown = _show(event, shown)
            if isinstance(event, Done):
                answer = event.answer
        _show_sources(answer)
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


def _batch(options: argparse.Namespace, answer: Any) -> int:
    """Answer a file of questions line by line; what is done stays when it is interrupted."""
    from ui.progress import bar

    lines = list(_question_lines(options.batch, today=options.today))
    with options.out.open("w", encoding="utf-8") as out, bar("asking", len(lines)) as progress:
        for line in lines:
            out.write(json.dumps(answer(line), ensure_ascii=False) + "\n")
            out.flush()
            progress.update()
    say(f"{len(lines)} questions, results in {options.out}")
    return 0


def _hits_line(assistant: Assistant, line: dict[str, Any], k: int) -> dict[str, Any]:
    hits = assistant.search(line["question"], k=k, today=line["today"])
    return {
        "id": line["id"],
        "hits": [
            {"paper_id": h.paper.paper_id, "title": h.paper.title, "score": round(h.score, 6)}
            for h in hits
        ],
    }


def _answer_line(assistant: Assistant, line: dict[str, Any]) -> dict[str, Any]:
    from rag.contract import answer_to_json

    answer = assistant.ask(line["question"], history=line["history"], today=line["today"])
    return answer_to_json(answer, question_id=line["id"])


def _question_lines(path: Path, *, today: date | None) -> Iterator[dict[str, Any]]:
    """The lines of a batch file: id, question, history, today; other keys are gold, not read.

    Args:
        path: of the file.
        today: the day of the lines that name none; None: the clock's.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the questions {path}: {error}") from error
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            tree = json.loads(raw)
            question = tree.get("question", tree.get("text"))
            if not isinstance(question, str):
                raise ValueError('it has no "question"')
            turns = [_turn(turn) for turn in tree.get("history") or []]
            day = date.fromisoformat(tree["today"]) if tree.get("today") else today
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}:{number}: not a question line: {error}") from error
        name = str(tree.get("id", tree.get("_id", number)))
        yield {"id": name, "question": question, "history": turns, "today": day}


def _turn(tree: dict[str, Any]) -> Turn:
    from rag.types import Turn

    if tree["role"] not in ("user", "assistant"):
        raise ValueError(f"role {tree['role']!r} is neither user nor assistant")
    ids = tuple(str(one) for one in tree.get("paper_ids", ()))
    return Turn(tree["role"], str(tree["content"]), ids)


def _show(event: Any, shown: str) -> str:
    """Print what an event adds to the answer; returns all that has been printed of it."""
    from rag.types import Done, Understood, Written

    if isinstance(event, Understood):
        if event.standalone_question != event.question:
            say(f"understood as: {event.standalone_question}")
        return shown
    if not isinstance(event, Written | Done):
        return shown
    text = event.answer.text
    sys.stdout.write(text[len(shown) :] if text.startswith(shown) else "\n" + text)
    if isinstance(event, Done):
        sys.stdout.write("\n")
    sys.stdout.flush()
    return text


def _show_sources(answer: Answer) -> None:
    from rag.contract import authors_line

    if not answer.sources:
        return
    sys.stdout.write("\n")
    for source in answer.sources:
        paper = source.paper
        about = ", ".join(part for part in (authors_line(paper), paper.date, paper.url) if part)
        sys.stdout.write(f"[{source.label}] {paper.title}{f' ({about})' if about else ''}\n")
        for claim in answer.claims:
            for citation in claim.citations:
                if citation.label == source.label and claim.verdict == "supported":
                    sys.stdout.write(f"    \u201c{citation.quote}\u201d\n")


def _history_file(config: Config) -> Path:
    from ui.private import private_place

    return private_place(config.index, "last-conversation.json")


def _load_history(config: Config) -> list[Turn]:
    path = _history_file(config)
    if not path.exists():
        raise UsageError("there is no question to go on from yet; ask one without -c first")
    try:
        return [_turn(tree) for tree in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} cannot be read ({error}); ask without -c") from error


def _save_history(config: Config, history: list[Turn], answer: Answer) -> None:
    from dataclasses import asdict

    from rag.types import Turn
    from ui.private import write_private

    ids = tuple(source.paper.paper_id for source in answer.sources)
    turns = [*history, Turn("user", answer.question), Turn("assistant", answer.text, ids)]
    text = json.dumps([asdict(turn) for turn in turns[-_TURNS_KEPT:]], ensure_ascii=False)
    write_private(_history_file(config), text)
