"""The Papers tab: what is indexed, browsing and searching it, adding files, removing a source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from rag.errors import IndexMissingError, QuothError, UsageError
from ui.html.corpus import papers_html, report_html, summary_html
from ui.html.markup import EMPTY, Markup, counted
from ui.html.plots import map_html, years_html
from ui.html.turn import notice_html
from ui.page.ask import PRIVATE, AskTab
from ui.page.board import board, event_data
from ui.page.library import (
    ORDER_NAMES,
    add_files,
    kept_folder,
    last_change,
    map_points,
    remove_source,
    shelf,
)
from ui.talk.site import Site, owner_of

Changes = dict[Any, Any]
_STAGES = {
    "read": "Reading",
    "embed": "Embedding",
    "words": "Indexing words",
    "vectors": "Storing",
}


class PapersTab:
    """Made inside a tab; `wire` attaches the events."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.summary = board(elem_id="summary")
        with gr.Accordion("Add papers", open=False, elem_id="add"):
            self.files = gr.File(
                label="Pages or files (text, JSONL, CSV, BibTeX; also .gz and .xz)",
                file_count="multiple",
                elem_id="files",
            )
            with gr.Row():
                self.year = gr.Textbox(
                    label="Year of dates that name none (empty: the file's own)", max_length=4
                )
                self.add = gr.Button("Add to the corpus", variant="primary", elem_id="add-button")
        # Outside the accordion: what was added or refused stays in view when it is closed.
        self.report = board(elem_id="report", min_height=24)
        with gr.Accordion("Map of the corpus", open=False, elem_id="map-accordion") as self.map_box:
            self.map = board(elem_id="map")
        with gr.Row(elem_id="browse"):
            self.words = gr.Textbox(
                label="Search", placeholder="Words to search for", max_length=2000, scale=3
            )
            # Text, because an empty gr.Number shows and sends 0.
            self.first = gr.Textbox(label="From year", max_length=4, min_width=90)
            self.last = gr.Textbox(label="To year", max_length=4, min_width=90)
            self.order = gr.Dropdown(
                label="Order", choices=list(ORDER_NAMES), value="newest", min_width=120
            )
        self.list = board(elem_id="paper-list")

    def wire(self, tab: gr.Tab, ask: AskTab) -> None:
        """Attach the events."""
        wanted = [self.words, self.first, self.last, self.order]
        listed: dict[str, Any] = {"outputs": self.list, "queue": False, **PRIVATE}
        shown = [self.summary, self.list]
        tab.select(self.begin, wanted, shown, **PRIVATE)
        for part in (self.words, self.first, self.last):
            part.submit(self.listed, wanted, **listed)
        self.order.change(self.listed, wanted, **listed)
        self.list.browse(self.turned, wanted, **listed)
        changed = [self.summary, self.list, self.report, self.files, self.map]
        writes: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "ingest"}
        self.add.click(
            self.added,
            [self.files, self.year, *wanted],
            changed,
            show_progress_on=self.report,
            api_visibility="private",
            **writes,
        )
        self.summary.forget(
            self.forgotten,
            wanted,
            changed,
            show_progress_on=self.report,
            api_visibility="private",
            **writes,
        )
        self.map_box.expand(self.mapped, None, self.map, api_visibility="private")
        for part in (self.list, self.map):
            part.paper(ask.open_paper, None, ask.panel, queue=False, **PRIVATE)

    def begin(self, words: str, first: str, last: str, order: str) -> Changes:
        """The tab is opened."""
        return {self.summary: self.summed(), self.list: self.listed(words, first, last, order)}

    def summed(self) -> str:
        """What is indexed."""
        try:
            assistant = self.site.assistant
            plot = years_html(assistant.papers(), label="Papers per year")
            changed = last_change(self.site.folder)
            return summary_html(assistant.info(), plot=plot, changed=changed)
        except IndexMissingError:
            return notice_html("There are no papers yet", "Add a page or a file below.")
        except QuothError as error:
            return notice_html("The papers cannot be shown", str(error))

    def listed(self, words: str, first: str, last: str, order: str) -> str:
        """The first page of the list."""
        return self._page(words, first, last, order, page=1)

    def turned(self, words: str, first: str, last: str, order: str, event: gr.EventData) -> str:
        """Another page of it."""
        page = event_data(event).get("page", "1")
        return self._page(
            words, first, last, order, page=int(page) if page.isdecimal() and len(page) < 8 else 1
        )

    def _page(self, words: str, first: str, last: str, order: str, *, page: int) -> str:
        try:
            found = shelf(
                self.site,
                words=words or "",
                year_min=_year(first),
                year_max=_year(last),
                order=order,
                page=page,
            )
        except IndexMissingError:
            return EMPTY
        except QuothError as error:
            return notice_html("The list cannot be shown", str(error))
        return papers_html(
            found.papers, page=found.page, pages=found.pages, total=found.total, hits=found.hits
        )

    def added(
        self,
        files: list[str] | None,
        year: str,
        words: str,
        first: str,
        last: str,
        order: str,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 (Gradio finds it by this default)
    ) -> Changes:
        """Files were chosen and are to be added, unless the tab is closed meanwhile."""
        owner, session = owner_of(request), str(request.session_hash)
        stop = self.site.ingests.begin(session)
        try:
            report, rejected = add_files(
                self.site,
                files or [],
                owner=owner,
                page_year=_year(year),
                progress=_told(progress),
                stop=stop,
            )
        except QuothError as error:
            return {self.report: notice_html("Nothing was added", str(error))}
        finally:
            self.site.ingests.end(session, stop)
        said = report_html(report, rejected, folder=kept_folder(self.site, owner))
        return {self.report: said, self.files: None, **self._anew(words, first, last, order)}

    def forgotten(
        self, words: str, first: str, last: str, order: str, event: gr.EventData
    ) -> Changes:
        """A source is to be removed."""
        try:
            report = remove_source(self.site, event_data(event).get("source", ""))
        except QuothError as error:
            return {self.report: notice_html("Nothing was removed", str(error))}
        said = f"{counted(report.removed, 'paper')} removed; {report.papers:,} are left."
        html = Markup('<p role="status">{}</p>').format(said)
        return {self.report: html, **self._anew(words, first, last, order)}

    def _anew(self, words: str, first: str, last: str, order: str) -> Changes:
        listed = self.listed(words, first, last, order)
        return {self.summary: self.summed(), self.list: listed, self.map: ""}

    def mapped(self) -> str:
        """The map was opened."""
        try:
            return map_html(map_points(self.site), marked={})
        except QuothError as error:
            return notice_html("The map cannot be drawn", str(error))


def _year(words: str | None) -> int | None:
    """The year in a box; None when it is empty.

    Raises:
        UsageError: something else than a year is in it.
    """
    words = (words or "").strip()
    if not words:
        return None
    if not (words.isascii() and words.isdecimal() and len(words) == 4):
        raise UsageError(f"{words!r} is not a year of four digits, such as 2024")
    return int(words)


def _told(progress: gr.Progress) -> Callable[[str, int, int | None], None]:
    def tell(stage: str, done: int, total: int | None) -> None:
        words = _STAGES.get(stage, stage)
        if total:
            progress((done, total), desc=words, unit="papers")
        else:
            progress(None, desc=f"{words}: {done:,}")

    return tell
