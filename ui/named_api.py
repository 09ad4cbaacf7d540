"""Named endpoints for programs: gradio_client calls them, and MCP clients as tools.

Their docstrings are what MCP clients read, so they are written for whoever calls.
"""

from __future__ import annotations

import json
import threading
from typing import Any

import gradio as gr

from rag.contract import answer_to_json, authors_line, hit_to_json
from rag.errors import UsageError
from rag.types import Filters, Turn
from ui.asking import Ask
from ui.relay import relayed
from ui.site import Site

_MOST_HITS = 100
_MCP_REQUESTS = ("PingRequest", "ListToolsRequest", "CallToolRequest")


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
        asked = Ask(question=question, history=read_history(history or []))
        stop, answer = threading.Event(), None
        async for view in relayed(lambda: site.loader.desk().views(asked, stop=stop), stop=stop):
            answer = view.answer
        if answer is None:
            raise gr.Error("the question was stopped before it was answered")
        return answer_to_json(answer)

    def search(
        question: str, k: int = 10, year_min: int | None = None, year_max: int | None = None
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
        filters = None
        if year_min is not None or year_max is not None:
            filters = Filters(year_min=year_min, year_max=year_max)
        most = max(1, min(_MOST_HITS, k))
        return [
            hit_to_json(hit) for hit in site.assistant.search(question, k=most, filters=filters)
        ]

    def get_paper(paper_id: str) -> dict[str, Any]:
        """Get one paper with its whole abstract.

        Args:
            paper_id: the id that ask or search gave.

        Returns:
            Title, abstract, date, authors, address and where the paper came from.
        """
        try:
            paper = site.assistant.paper(paper_id)
        except KeyError:
            raise gr.Error(f"no paper has the id {paper_id!r}; search gives ids") from None
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
    # caller's password. A question still waits its turn in the line (ui/line.py).
    for endpoint in (ask, search, get_paper):
        gr.api(endpoint, api_name=endpoint.__name__, queue=False)


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
        return [texts(type="text", text=json.dumps(part, ensure_ascii=False)) for part in data]

    server.postprocess_output_data = written


def read_history(history: list[dict[str, Any]]) -> tuple[Turn, ...]:
    """The turns of a conversation as programs send them.

    Raises:
        UsageError: a turn is not a role with a text; it is named by its place.
    """
    turns: list[Turn] = []
    for place, turn in enumerate(history):
        role, content = turn.get("role"), turn.get("content")
        if role not in ("user", "assistant") or not isinstance(content, str):
            raise UsageError(
                f'history[{place}] wants {{"role": "user" or "assistant", "content": text}}'
            )
        ids = turn.get("paper_ids") or ()
        turns.append(Turn(role=role, content=content, paper_ids=tuple(map(str, ids))))
    return tuple(turns)
