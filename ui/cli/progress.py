"""Progress bars on standard error; silent where it is not a terminal."""

from __future__ import annotations

from typing import Any, ClassVar, Self


class StageBars:
    """One bar a stage: called with a stage, how much is done, and of how much (None: unknown)."""

    _WORDS: ClassVar = {
        "fetch": "fetching",
        "read": "reading",
        "embed": "embedding",
        "words": "indexing",
        "vectors": "storing",
    }

    def __init__(self) -> None:
        self._stage = ""
        self._bar: Any = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Bring the bar of a stage to `done`."""
        if stage != self._stage:
            self.close()
            self._stage, self._bar = stage, bar(self._WORDS.get(stage, stage), total)
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the last bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def bar(what: str, total: int | None) -> Any:
    """A bar that is shown only on a terminal, and only when it takes longer than half a second."""
    from tqdm import tqdm

    return tqdm(total=total, desc=what, disable=None, delay=0.5, leave=False, dynamic_ncols=True)
