"""Files of questions: a line in, a line out, and no line ends the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from rag.contract.terminal import say
from rag.contract.wire import json_text, read_json
from rag.errors import InputError, OutputError, UnforeseenError, UsageError
from rag.language.sane import sane
from rag.types import Turn
from ui.boundary import boundary
from ui.turns import read_history

# What is wrong with one question; a missing model or a damaged index is wrong with all of them.
_OF_ONE_QUESTION = (InputError, UsageError, UnforeseenError)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a batch: id, question, history, today; other keys are gold and are not read.

    `today`: the day it is asked on; None where the line names none.
    """

    name: str
    question: str
    history: tuple[Turn, ...]
    today: date | None


def run_batch(path: Path, out: Path, answer: Callable[[Line], dict[str, Any]]) -> int:
    """Answer a file of questions line by line; what is done stays when it is interrupted.

    A question that cannot be answered gets the line `{"id", "error"}` and is told of.

    Args:
        path: the questions, JSON lines.
        out: where the results go.
        answer: makes the line of a result.

    Returns:
        The exit status: 0, or 1 when a question failed.

    Raises:
        InputError: the file cannot be read.
        OutputError: the results cannot be written.
    """
    from ui.cli.progress import bar

    lines = _lines(path)
    failed = 0
    with _written(out) as results, bar("asking", len(lines)) as progress:
        for number, raw in lines:
            tree: Any = None
            try:
                tree = _tree(raw)
                with boundary(traced=False):
                    result = answer(_line(tree, number))
            except _OF_ONE_QUESTION as error:
                failed += 1
                say(f"{path}:{number}: {error}")
                result = {"id": _name(tree, number), "error": str(error)}
            results.write(json_text(result) + "\n")
            results.flush()
            progress.update()
    said = f", {failed} failed" if failed else ""
    say(f"{len(lines)} questions{said}, results in {out}")
    return 1 if failed else 0


def _lines(path: Path) -> list[tuple[int, bytes]]:
    """The lines that are not empty, by number; U+2028, which may be in a text, ends none."""
    try:
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the questions {path}: {error}") from error
    lines = enumerate(content.split(b"\n"), start=1)
    return [(number, raw) for number, raw in lines if raw.strip()]


def _tree(raw: bytes) -> Any:
    try:
        return read_json(raw.decode("utf-8"))
    except ValueError as error:
        raise InputError(f"not a question line: {error}") from error


def _line(tree: Any, number: int) -> Line:
    question = tree.get("question", tree.get("text")) if isinstance(tree, dict) else None
    if not isinstance(question, str):
        raise InputError('not a question line: it has no "question"')
    return Line(_name(tree, number), question, read_history(tree.get("history")), _day(tree))


def _day(tree: dict[str, Any]) -> date | None:
    try:
        return date.fromisoformat(tree["today"]) if tree.get("today") else None
    except (ValueError, TypeError) as error:
        raise InputError(f'not a question line: "today" must be a day: {error}') from error


def _name(tree: Any, number: int) -> str:
    known = tree if isinstance(tree, dict) else {}
    return sane(str(known.get("id", known.get("_id", number))))


@contextmanager
def _written(out: Path) -> Iterator[TextIO]:
    """The file of results, errors of the disk being ours.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        with out.open("w", encoding="utf-8") as results:
            yield results
    except (OSError, ValueError) as error:
        raise OutputError(
            f"cannot write the results to {out} ({error}); choose another --out"
        ) from error
