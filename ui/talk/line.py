"""A waiting line: one question at a time is written, first come first served.

Finding evidence is cheap and happens at once for everybody; writing keeps all processors busy,
so the page holds each question here between the two and says how many are ahead.
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType
from typing import Self


class Line:
    """Admits `width` places at a time, in the order they joined."""

    def __init__(self, *, width: int = 1) -> None:
        self._changed = threading.Condition()
        self._places: deque[Place] = deque()
        self.width = width

    def join(self) -> Place:
        """A place at the end; use it in a `with`, which leaves the line whatever happens."""
        place = Place(self)
        with self._changed:
            self._places.append(place)
        return place

    def __len__(self) -> int:
        with self._changed:
            return len(self._places)

    def _ahead(self, place: Place) -> int:
        return max(0, self._places.index(place) - self.width + 1)

    def _leave(self, place: Place) -> None:
        with self._changed:
            if place in self._places:
                self._places.remove(place)
                self._changed.notify_all()

    def _wait(self, place: Place, seconds: float) -> int:
        with self._changed:
            if self._ahead(place):
                self._changed.wait(seconds)
            return self._ahead(place)


class Place:
    """One question's place in the line."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def wait(self, *, seconds: float) -> int:
        """How many are ahead, after waiting at most `seconds` for a change; 0: it is our turn."""
        return self._line._wait(self, seconds)

    def leave(self) -> None:
        """Give the place up; safe to call twice."""
        self._line._leave(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()
