"""A blocking iterator as an asynchronous one that can be left at any moment."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


async def relayed(
    make: Callable[[], Iterator[Item]], *, stop: threading.Event
) -> AsyncIterator[Item]:
    """The items of an iterator that runs in a thread of its own.

    When the reader leaves (a client that disconnects cancels it), `stop` is set at once, though
    the iterator may be in the middle of a long step.

    Args:
        make: gives the iterator; called in the thread.
        stop: tells the iterator to end.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[Item | None, BaseException | None, bool]] = asyncio.Queue()

    def put(item: Item | None, error: BaseException | None, ended: bool) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(queue.put_nowait, (item, error, ended))

    def work() -> None:
        try:
            for item in make():
                put(item, None, False)
            put(None, None, True)
        except BaseException as error:  # handed to the reader, who raises it
            put(None, error, True)

    threading.Thread(target=work, name="quoth-relay", daemon=True).start()
    try:
        while True:
            item, error, ended = await queue.get()
            if error is not None:
                raise error
            if ended:
                return
            yield item  # type: ignore[misc]  # None only at the end
    finally:
        stop.set()
