"""The terminal: everything that Quoth prints goes through here, and nothing past it.

Text from files, papers and questions cannot drive the terminal (escape sequences set its title and
the clipboard), nor can an output that is closed, full or of another encoding end in a trace-back.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from copy import copy
from typing import Any, TextIO

from rag.contract.wire import json_text
from rag.errors import OutputError
from rag.language.sane import one_line, visible

LONGEST_LOG_LINE = 1000
"""Characters of a message of the log that are told."""


def write(text: str) -> None:
    """Text on standard output; line ends in it are kept.

    Raises:
        OutputError: it cannot be written there.
        BrokenPipeError: whoever read it has gone.
    """
    stream = sys.stdout
    if stream is None:
        raise OutputError("standard output is closed: send it to a file or to another program")
    try:
        stream.write(_encodable(visible(text), stream))
        stream.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a stream that was closed
        why = getattr(error, "strerror", None) or str(error)
        raise OutputError(
            f"standard output cannot be written ({why}): make room or send it elsewhere"
        ) from error


def line(text: str) -> None:
    """One line on standard output, whatever is in it."""
    write(one_line(text) + "\n")


def print_json(tree: Any, *, indent: int | None = None) -> None:
    """One JSON value on standard output, on one line without `indent`."""
    text = json_text(tree, indent=indent)
    if sys.stdout is not None and _encodable(text, sys.stdout) != text:
        text = json_text(tree, indent=indent, ascii_only=True)
    write(text + "\n")


def say(message: object) -> None:
    """One line on standard error, after the name of the program."""
    tell(f"quoth: {one_line(str(message))}\n")


def tell(text: str) -> None:
    """Text on standard error; what cannot be told there is told nowhere."""
    stream = sys.stderr
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        stream.write(_encodable(visible(text), stream))
        stream.flush()


class LogHandler(logging.Handler):
    """The log, where it goes to standard error: what it quotes cannot drive the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one record: a line, however much a library quotes, and a trace if it has one."""
        said = copy(record)
        said.msg, said.args = one_line(record.getMessage()), ()
        if len(said.msg) > LONGEST_LOG_LINE:
            said.msg = said.msg[:LONGEST_LOG_LINE] + " …"
        tell(self.format(said) + "\n")


def hold_closed_streams() -> None:
    """Give closed standard streams a place, so that no file opened later gets their numbers."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)


def give_up_output() -> None:
    """Send what is left to nowhere, so that ending the program does not fail on it once more."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _encodable(text: str, stream: TextIO) -> str:
    """The text, with the letters that the stream's encoding lacks as escapes."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
