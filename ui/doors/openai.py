"""An OpenAI-compatible door: existing chat clients ask, and get the answer with its references.

What OpenAI's API has and this has not (temperature, tools, ...) is accepted and left alone.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from rag.contract import answer_to_json, authors_line, plain_text, title_line, unmarked
from rag.contract.wire import json_text, read_json
from rag.errors import QuothError, UnforeseenError, UsageError
from rag.language.sane import visible
from rag.types import Answer, Paper, Turn
from ui.boundary import boundary
from ui.talk.desk import Ask, View
from ui.talk.relay import relayed
from ui.talk.site import Site

MODEL = "quoth"
_REFERENCE = re.compile(r"^\[\d+\] (.+)$", re.MULTILINE)
_LOOK_SECONDS = 0.3  # how soon it is seen that a client went away


def openai_routes(site: Site) -> APIRouter:
    """`GET /v1/models` and `POST /v1/chat/completions`."""
    routes = APIRouter(prefix="/v1")

    @routes.get("/models")
    def models() -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [_model()]}

    @routes.get("/models/{name}")
    def model(name: str) -> Response:
        """That model."""
        if name != MODEL:
            return _problem(f"there is no model {name!r}; there is {MODEL!r}", status=404)
        return _json(_model())

    @routes.post("/chat/completions", response_model=None)
    async def complete(request: Request) -> Response:
        """Answer the last message of a chat."""
        try:
            body = await _body(request)
            wants_usage = _wants_usage(body)
            with boundary():
                # In a thread: the papers may be being opened still, and may be many.
                ask = await asyncio.to_thread(
                    lambda: ask_of(body.get("messages"), papers=site.assistant.papers())
                )
        except UnforeseenError as error:
            return _problem(str(error), status=500)
        except QuothError as error:
            return _problem(str(error), status=400)
        stop = threading.Event()
        views = relayed(lambda: site.loader.desk().views(ask, stop=stop), stop=stop)
        if body.get("stream"):
            return StreamingResponse(
                _chunks(views, with_usage=wants_usage), media_type="text/event-stream"
            )
        try:
            with boundary():
                answer = await _whole(views, request, stop)
        except UsageError as error:
            return _problem(str(error), status=400)
        except QuothError as error:
            return _problem(str(error), status=500)
        return _json(completion(answer)) if answer else _problem("stopped", status=499)

    return routes


def ask_of(messages: Any, *, papers: Sequence[Paper] = ()) -> Ask:
    """The question of a chat: its last user message, and what was said before.

    The references under earlier answers tell which papers they were about.

    Raises:
        UsageError: there is no user message with text.
    """
    if not isinstance(messages, list) or not all(isinstance(one, Mapping) for one in messages):
        raise UsageError('"messages" must be a list of {"role", "content"}')
    ids: dict[str, str] = {}
    turns: list[Turn] = []
    for message in messages:
        role, text = message.get("role"), _text(message.get("content"))
        if role == "user" and text.strip():
            turns.append(Turn(role="user", content=text))
        elif role == "assistant" and text.strip():
            told = _REFERENCE.findall(text)
            if told and not ids:  # all titles of a large corpus are not read for nothing
                ids = {title_line(paper): paper.paper_id for paper in papers}
                ids |= {_described(paper): paper.paper_id for paper in papers}
            found = (ids.get(line) or ids.get(line.split(" (")[0]) for line in told)
            cited = tuple(paper_id for paper_id in found if paper_id is not None)
            content = text.split("\n\nReferences:\n")[0]
            turns.append(Turn(role="assistant", content=content, paper_ids=cited))
    if not turns or turns[-1].role != "user":
        raise UsageError('the last of "messages" must be a user\'s, with text')
    return Ask(question=turns[-1].content, history=tuple(turns[:-1]))


def content_of(answer: Answer) -> str:
    """The answer as a chat message: its text, then its references; nothing in it is unseen."""
    text = visible(plain_text(answer))
    if not answer.sources:
        return text
    return f"{text}\n\nReferences:\n" + "\n".join(
        reference(source.label, source.paper) for source in answer.sources
    )


def reference(label: int, paper: Paper) -> str:
    """A reference on one line: "[1] Title (who, date, address)"."""
    return f"[{label}] {_described(paper)}"


def _described(paper: Paper) -> str:
    known = (authors_line(paper), paper.date, paper.url)
    facts = [unmarked(fact) for fact in known if fact]
    return title_line(paper) + (f" ({', '.join(facts)})" if facts else "")


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
        with boundary():
            async for view in views:
                if view.answer is None:
                    continue
                answer = view.answer
                text = content_of(answer) if view.done else visible(plain_text(answer))
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
        body = read_json(await request.body())
    except ValueError as error:
        raise UsageError(f"the request is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise UsageError("the request must be a JSON object")
    return body


def _wants_usage(body: Mapping[str, Any]) -> bool:
    """Whether the usage is to be sent at the end of a stream.

    Raises:
        UsageError: "stream_options" is no object.
    """
    options = body.get("stream_options") or {}
    if not isinstance(options, Mapping):
        raise UsageError(f'"stream_options" must be an object, not {type(options).__name__}')
    return bool(options.get("include_usage"))


def _text(content: Any) -> str:
    """The text of a message: a string, or the text parts of a list."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(
            str(part.get("text") or "") for part in content if isinstance(part, Mapping)
        )
    return ""


def _usage(answer: Answer) -> dict[str, int]:
    tokens = answer.trace.tokens
    read, written = int(tokens.get("read", 0)), int(tokens.get("written", 0))
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "quoth"}


def _json(tree: Any, *, status: int = 200) -> Response:
    return Response(json_text(tree), status_code=status, media_type="application/json")


def _problem(message: str, *, status: int) -> Response:
    kind = "invalid_request_error" if status < 500 else "server_error"
    body = {"error": {"message": message, "type": kind, "param": None, "code": None}}
    return _json(body, status=status)


def _event(tree: Mapping[str, Any]) -> str:
    return f"data: {json_text(tree)}\n\n"
