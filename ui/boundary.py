"""The last line of every door: whatever still escapes becomes an error of Quoth's own."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import QuothError, UnforeseenError

log = logging.getLogger(__name__)


@contextmanager
def boundary(*, traced: bool = True) -> Iterator[None]:
    """Turn what nobody foresaw into an `UnforeseenError` that names the place.

    Args:
        traced: whether the whole trace goes to the log: for a server, whose owner reads it there
            and not where the error is shown.

    Raises:
        UnforeseenError: something else than a `QuothError` came.
        QuothError: as it was raised within.
        BrokenPipeError: as it was raised within: whoever was being told has gone.
    """
    try:
        yield
    except (QuothError, BrokenPipeError):
        raise
    except Exception as error:  # the one broad except of a door, see the top
        if traced:
            log.exception("something broke inside")
        raise UnforeseenError(_said(error)) from error


def _said(error: Exception) -> str:
    """The error in one line, with the place in our own code that it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    own = Path(__file__).parents[1]
    inside = [frame for frame in frames if Path(frame.filename).is_relative_to(own)] or frames
    place = f" at {Path(inside[-1].filename).name}:{inside[-1].lineno}" if inside else ""
    what = f"{type(error).__name__}: {error}"
    return f"something broke inside ({what[:200]}{place}); that is a fault of Quoth: report it"
