"""Somebody in front of the page: what they do, and what their browser saw."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

# A machine shared with many others is slow; what never comes fails all the same.
STEP_MS = 90_000
ANSWER_MS = 300_000
# Nobody presses within milliseconds of an answer's end. Gradio is then closing its stream of
# events, and a question sent while it does so is answered, but the browser never hears of it.
BREATH_MS = 300
PHONE = {"width": 390, "height": 844}


class Person:
    """A browser of their own, so with cookies of their own."""

    def __init__(
        self,
        browser: Any,
        url: str,
        *,
        width: int = 1280,
        height: int = 860,
        dark: bool = False,
        **options: Any,
    ) -> None:
        self.url = url
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            **options,
        )
        self.context.set_default_timeout(STEP_MS)
        self.context.set_default_navigation_timeout(STEP_MS)
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.context.on("request", self._watch)
        self.context.on("response", self._check)
        self.tab = self.open()

    def _watch(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.outside.append(request.url)

    def _check(self, response: Any) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.status} {response.url}")

    def open(self, path: str = "") -> Any:
        """A new tab on the page."""
        tab = self.context.new_page()
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        tab.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        tab.goto(self.url + path)
        tab.wait_for_selector("#question textarea")
        return tab

    def begin(self) -> None:
        """Wait for the page as it is before the first question."""
        self.tab.wait_for_selector(".empty")
        self.tab.wait_for_timeout(BREATH_MS)

    def turns(self) -> int:
        """Finished turns on screen."""
        return int(self.tab.locator("#log .turn").count())

    def send(self, question: str) -> None:
        """Type a question and press Enter."""
        self.tab.locator("#question textarea").fill(question)
        self.tab.keyboard.press("Enter")

    def ask(self, question: str) -> Any:
        """Ask and wait; gives the finished turn."""
        before = self.turns()
        self.send(question)
        return self.finished(before + 1)

    def finished(self, turns: int) -> Any:
        """Wait until so many turns are finished; gives the last."""
        self.tab.locator("#log .turn").nth(turns - 1).wait_for(timeout=ANSWER_MS)
        self.tab.locator("#ask").wait_for(timeout=ANSWER_MS)
        self.tab.wait_for_timeout(BREATH_MS)
        return self.tab.locator("#log .turn").last

    def conversation(self) -> str:
        """The conversation that the address names."""
        self.tab.wait_for_url("**c=*")
        return str(self.tab.url.rpartition("c=")[2])

    def leave(self) -> None:
        """Close everything."""
        self.context.close()


def until(tab: Any, holds: Callable[[], Any], *, seconds: float = STEP_MS / 1000) -> Any:
    """Wait until something holds, and give what it gave; the page goes on meanwhile."""
    limit = time.monotonic() + seconds
    while not (value := holds()):
        assert time.monotonic() < limit, f"this did not come to hold within {seconds:.0f} s"
        tab.wait_for_timeout(50)
    return value


def stored(running: Any, one: Person) -> list[Any]:
    """The turns of the conversation somebody looks at, as they are kept on disk."""
    kept = one.conversation()
    with sqlite3.connect(running.folder / "private" / "conversations.sqlite") as database:
        owner = database.execute(
            "SELECT owner FROM conversations WHERE conversation_id = ?", (kept,)
        ).fetchone()[0]
    return list(running.site.conversations.turns(owner, kept))
