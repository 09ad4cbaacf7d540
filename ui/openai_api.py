"""An OpenAI-compatible door: existing chat clients ask, and get the answer with its references.

What OpenAI's API has and this has not (temperature, tools, ...) is accepted and left alone.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from rag.contract import answer_to_json, authors_line
from rag.errors import QuothError, UsageError
from rag.types import Answer, Paper, Turn
from ui.asking import Ask, View
from ui.relay import relayed
from ui.site import Site

MODEL = "quoth"
_REFERENCE = re.compile(r"^\[\d+\] (.+?)(?: \(.*)?$", re.MULTILINE)
_LOOK_SECONDS = 0.3  # how soon it is seen that a client went away


def openai_routes(site: Site) -> APIRouter:
    """`GET /v1/models` and `POST /v1/chat/completions`."""
    routes = APIRouter(prefix="/v1")

    @routes.get("/models")
    def models() -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [_model()]}

    @routes.get("/models/{name}")
    def model(name: str) -> JSONResponse:
        """That model."""
        if name != MODEL:
            return _problem(f"there is no model {name!r}; there is {MODEL!r}", status=404)
        return JSONResponse(_model())

    @routes.post("/chat/completions", response_model=None)
    async def complete(request: Request) -> JSONResponse | StreamingResponse:
        """Answer the last message of a chat."""
        try:
            body = await _body(request)
            ask = ask_of(body.get("messages"), papers=site.assistant.papers())
        except QuothError as error:
            return _problem(str(error), status=400)
        stop = threading.Event()
        views = relayed(lambda: site.loader.desk().views(ask, stop=stop), stop=stop)
        if body.get("stream"):
            wants_usage = bool((body.get("stream_options") or {}).get("include_usage"))
            return StreamingResponse(
                _chunks(views, with_usage=wants_usage), media_type="text/event-stream"
            )
        try:
            answer = await _whole(views, request, stop)
        except QuothError as error:
            return _problem(str(error), status=500)
        return JSONResponse(completion(answer)) if answer else _problem("stopped", status=499)

    return routes


def ask_of(messages: Any, *, papers: Sequence[Paper] = ()) -> Ask:
    """The question of a chat: its last user message, and what was said before.

    The references under earlier answers tell which papers they were about.

    Raises:
        UsageError: there is no user message with text.
    """
    if not isinstance(messages, list) or not all(isinstance(one, Mapping) for one in messages):
        raise UsageError('"messages" must be a list of {"role", "content"}')
    ids = {paper.title: paper.paper_id for paper in papers}
    turns: list[Turn] = []
    for message in messages:
        role, text = message.get("role"), _text(message.get("content"))
        if role == "user" and text.strip():
            turns.append(Turn(role="user", content=text))
        elif role == "assistant" and text.strip():
            cited = tuple(ids[t] for t in _REFERENCE.findall(text) if t in ids)
            content = text.split("\n\nReferences:\n")[0]
            turns.append(Turn(role="assistant", content=content, paper_ids=cited))
    if not turns or turns[-1].role != "user":
        raise UsageError('the last of "messages" must be a user\'s, with text')
    return Ask(question=turns[-1].content, history=tuple(turns[:-1]))


def content_of(answer: Answer) -> str:
    """The answer as a chat message: its text, then its references."""
    if not answer.sources:
        return answer.text
    return f"{answer.text}\n\nReferences:\n" + "\n".join(
        reference(source.label, source.paper) for source in answer.sources
    )


def reference(label: int, paper: Paper) -> str:
    """A reference on one line: "[1] Title (who, date, address)"."""
    facts = [fact for fact in (authors_line(paper), paper.date, paper.url) if fact]
    title = " ".join(paper.title.split())
    return f"[{label}] {title}" + (f" ({', '.join(facts)})" if facts else "")


def completion(answer: Answer) -> dict[str, Any]:
    """A `chat.completion` whose extra key "quoth" is the contract quoth.answer/1."""
    message = {"role": "assistant", "content": content_of(answer), "refusal": None}
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _usage(answer),
        "quoth": answer_to_json(answer),
    }


async def _whole(
    views: AsyncIterator[View], request: Request, stop: threading.Event
) -> Answer | None:
    """The last answer; the computation is stopped when the client goes away meanwhile."""

    async def watch() -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(_LOOK_SECONDS)
        stop.set()

    watching = asyncio.create_task(watch())
    answer: Answer | None = None
    try:
        async for view in views:
            answer = view.answer
    finally:
        watching.cancel()
    return answer


async def _chunks(views: AsyncIterator[View], *, with_usage: bool) -> AsyncIterator[str]:
    """Server-sent events: the text as it grows, then the references, then `[DONE]`."""
    head = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": MODEL,
    }

    def chunk(delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**head, "choices": [choice], **more})

    sent, answer = "", None
    yield chunk({"role": "assistant", "content": ""})
    try:
        async for view in views:
            if view.answer is None:
                continue
            answer = view.answer
            text = content_of(answer) if view.done else answer.text
            if text.startswith(sent) and text != sent:
                yield chunk({"content": text[len(sent) :]})
                sent = text
    except QuothError as error:
        yield _event({"error": {"message": str(error), "type": "server_error", "code": None}})
        return
    if answer is not None:
        yield chunk({}, "stop", quoth=answer_to_json(answer))
        if with_usage:
            yield _event({**head, "choices": [], "usage": _usage(answer)})
    yield "data: [DONE]\n\n"


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise UsageError(f"the request is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise UsageError("the request must be a JSON object")
    return body


def _text(content: Any) -> str:
    """The text of a message: a string, or the text parts of a list."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return ""


def _usage(answer: Answer) -> dict[str, int]:
    tokens = answer.trace.tokens
    read, written = int(tokens.get("read", 0)), int(tokens.get("written", 0))
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "quoth"}


def _problem(message: str, *, status: int) -> JSONResponse:
    kind = "invalid_request_error" if status < 500 else "server_error"
    body = {"error": {"message": message, "type": kind, "param": None, "code": None}}
    return JSONResponse(body, status_code=status)


def _event(tree: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(tree, ensure_ascii=False)}\n\n"
