"""A tab that is closed while its question is being answered, or its files are being added."""

from __future__ import annotations

import asyncio
import threading

import pytest
from page_server import served
from ui_helpers import make_answer, make_paper

from lab.bench.page_people import Person
from rag.config import Config
from rag.errors import StoppedError
from rag.types import Done, Evidence, Filters, Found, Passage, Screened, Understood

pytestmark = pytest.mark.slow

PAPER = make_paper(1)


class Endless:
    """Not a model: an assistant that writes until it is stopped."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def papers(self):
        return [PAPER]

    def warm(self) -> None:
        pass

    def stream(self, question, *, history=(), stop=None, filters=None, kind=None):
        yield Understood(question, question, "fact", Filters())
        yield Found((Evidence(1, PAPER, (Passage("p1", 0, 0, 5),)),), Screened(1, 1, 1))
        if stop.wait(120):
            self.stopped.set()
        yield Done(make_answer([PAPER]))


def test_closing_the_tab_stops_what_it_asked(tmp_path):
    endless = Endless()
    with served(Config(index=tmp_path / "index"), make_assistant=lambda: endless) as running:

        async def leave() -> None:
            async with Person(running.url) as person:
                heard = await person.ask("What halves the cost?", leave=True)
                assert heard.evidence is not None

        asyncio.run(leave())
        assert endless.stopped.wait(20), "the computation goes on for nobody"


class EndlessIngest:
    """Not an index: an ingest that goes on until it is stopped."""

    def __init__(self) -> None:
        self.begun, self.stopped = threading.Event(), threading.Event()

    def run(self, paths, *, page_year=None, progress=None, stop=None):
        self.begun.set()
        if stop is not None and stop.wait(120):
            self.stopped.set()
        raise StoppedError("stopped")


def test_closing_the_tab_stops_what_it_adds(tmp_path):
    endless = EndlessIngest()
    with served(Config(index=tmp_path / "index"), make_assistant=Endless) as running:
        running.site.make_ingestor = lambda: endless

        async def leave() -> None:
            async with Person(running.url) as person:
                sent = await person.client.post(
                    f"{running.url}gradio_api/upload", files={"files": ("a.jsonl", b"{}")}
                )
                file = {"path": sent.json()[0], "meta": {"_type": "gradio.FileData"}}
                await person.send("add-button", "click", [[file], "", "", "", "", "newest"])
                assert await asyncio.to_thread(endless.begun.wait, 20)

        asyncio.run(leave())
        assert endless.stopped.wait(20), "the ingest goes on for nobody"
