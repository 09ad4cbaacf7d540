"""Named endpoints for programs: gradio_client calls them, and MCP clients as tools.

Their docstrings are what MCP clients read, so they are written for whoever calls.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr

from rag.contract import answer_to_json, authors_line, hit_to_json
from rag.contract.wire import json_text
from rag.errors import QuothError, UnforeseenError, UsageError
from rag.types import Filters
from ui.boundary import boundary
from ui.talk.desk import Ask
from ui.talk.relay import relayed
from ui.talk.site import Site
from ui.turns import read_history

_HITS, _MOST_HITS = 10, 100
_MCP_REQUESTS = ("PingRequest", "ListToolsRequest", "CallToolRequest")
_LARGEST = 1_000_000  # beyond any year or number of papers, either way

log = logging.getLogger(__name__)


def add_endpoints(site: Site) -> None:
    """Add the endpoints `ask`, `search` and `get_paper` to the page being made."""

    async def ask(question: str, history: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Answer a question from the indexed papers, every sentence with its exact quote.

        Args:
            question: a question about the papers, in plain language.
            history: the conversation so far, oldest first: {"role": "user" or "assistant",
                "content": text, "paper_ids": ids an assistant's turn cited (optional)}.

        Returns:
            A JSON object of the contract quoth.answer/1.
        """
        stop, answer = threading.Event(), None
        with _told():
            asked = Ask(question=_text("question", question), history=read_history(history))
            views = relayed(lambda: site.loader.desk().views(asked, stop=stop), stop=stop)
            async for view in views:
                answer = view.answer
            if answer is None:
                raise UsageError("the question was stopped before it was answered")
        return answer_to_json(answer)

    def search(
        question: str, k: int = _HITS, year_min: int | None = None, year_max: int | None = None
    ) -> list[dict[str, Any]]:
        """Find the papers nearest to a question, best first, without writing an answer.

        Args:
            question: what to look for, in plain language.
            k: how many papers, 1 to 100.
            year_min: the first year wanted.
            year_max: the last year wanted.

        Returns:
            Papers with their scores and best sentences.
        """
        with _told():
            first, last = _number("year_min", year_min), _number("year_max", year_max)
            asked, filters = _text("question", question), None
            if first is not None or last is not None:
                filters = Filters(year_min=first, year_max=last)
            wanted = _number("k", k)
            most = max(1, min(_MOST_HITS, _HITS if wanted is None else wanted))
            hits = site.assistant.search(asked, k=most, filters=filters)
        return [hit_to_json(hit) for hit in hits]

    def get_paper(paper_id: str) -> dict[str, Any]:
        """Get one paper with its whole abstract.

        Args:
            paper_id: the id that ask or search gave.

        Returns:
            Title, abstract, date, authors, address and where the paper came from.
        """
        with _told():
            try:
                paper = site.assistant.paper(_text("paper_id", paper_id))
            except KeyError:
                raise UsageError(f"no paper has the id {paper_id!r}; search gives ids") from None
        return {
            "paper_id": paper.paper_id,
            "title": paper.title,
            "abstract": paper.abstract,
            "date": paper.date,
            "authors": authors_line(paper),
            "organization": paper.organization,
            "comments": paper.comments,
            "upvotes": paper.upvotes,
            "url": paper.url,
            "source": list(paper.source),
        }

    # Not queued: Gradio's MCP server calls queued endpoints by HTTP from itself, without the
    # caller's password. A question still waits its turn in the line (ui/talk/line.py).
    for endpoint in (ask, search, get_paper):
        gr.api(endpoint, api_name=endpoint.__name__, queue=False)


@contextmanager
def _told(*, traced: bool = True) -> Iterator[None]:
    """Every error of an endpoint as its caller is told of it: in words, without a trace-back.

    Args:
        traced: whether the log has the whole trace of what nobody foresaw, or a line.

    Raises:
        gr.Error: with the message of the error.
    """
    try:
        with boundary(traced=traced):
            yield
    except QuothError as error:
        if isinstance(error, UnforeseenError) and not traced:
            log.warning("an event failed: %s", error)
        raise gr.Error(str(error), print_exception=False) from error


def tell_errors(page: gr.Blocks) -> None:
    """Have every event end in an error in words, whatever breaks in it or in Gradio's own part.

    Gradio would print a trace-back, of what a client got wrong too, past our own terminal.
    """
    process: Any = page.process_api

    async def told(*given: Any, **named: Any) -> Any:
        with _told(traced=False):
            try:
                return await process(*given, **named)
            except gr.Error as error:
                refused = error
        refused.print_exception = False
        raise refused

    page.process_api = told  # there is no hook for it


def _text(name: str, value: Any) -> str:
    """An argument that must be text: Gradio passes on whatever was sent.

    Raises:
        UsageError: it is none.
    """
    if not isinstance(value, str):
        raise UsageError(f"{name} wants text, not {type(value).__name__}")
    return value


def _number(name: str, value: Any) -> int | None:
    """An argument that may be left out and is a whole number otherwise.

    Raises:
        UsageError: it is none, or one that nothing can have.
    """
    if value is None:
        return None
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0
    if not whole or abs(value) > _LARGEST:
        raise UsageError(f"{name} wants a whole number, not {str(value)[:40]!r}")
    return int(value)


def serve_tools(page: gr.Blocks) -> None:
    """Have MCP serve the tools and nothing else, and answer in JSON.

    Gradio would write a result as Python shows it; and its resources and prompts, of which there
    are none here, connect to whatever host a request's header names.
    """
    server: Any = page.mcp_server_obj
    texts, handlers = server.types.TextContent, server.mcp_server.request_handlers
    for kind in handlers.keys() - {getattr(server.types, name) for name in _MCP_REQUESTS}:
        del handlers[kind]

    def written(data: Any, root_url: str) -> list[Any]:
        return [texts(type="text", text=json_text(part)) for part in data]

    server.postprocess_output_data = written
