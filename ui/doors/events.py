"""Which of Gradio's events a request may run, and which files it may name.

Gradio lets any caller run any event by name or number, and reads whatever file a value names.
Both are decided here before Gradio sees the request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

EVENT_ROUTE = re.compile(r"/gradio_api/(?:(run|api|call|call/v2)/([^/]+)|(queue)/join)/?")
# Deeper than any value of the page; Gradio walks values by recursion.
_DEEPEST = 64
# What Gradio's page sends. All else in a request is for Gradio's own use of its functions.
_PAGE_KEYS = ("data", "fn_index", "session_hash", "event_data", "trigger_id")
_NAMED_KEYS = ("data", "session_hash")

_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not passed on, with its HTTP status."""

    status: int
    reason: str


def file_refusal(tree: Any, *, is_own: Callable[[str], bool]) -> Refusal | None:
    """Why a value may not come in: it names a file that its sender has not sent, or is too deep."""
    for value, depth in _walk(tree):
        if depth > _DEEPEST:
            return Refusal(400, f"values may lie at most {_DEEPEST} deep in one another")
        if isinstance(value, Mapping) and "path" in value:
            path = value["path"]
            if not isinstance(path, str) or not is_own(path):
                return Refusal(403, "only a file that you have uploaded here can be named")
            if not isinstance(value.get("meta"), Mapping):
                return Refusal(400, "a file is named as the upload's reply says")
    return None


def event_refusal(
    fns: Mapping[int, Any], route: re.Match[str], tree: Any, *, from_page: bool
) -> Refusal | None:
    """Why an event may not be run.

    Args:
        fns: Gradio's registered functions by number.
        route: how the request came, a match of `EVENT_ROUTE`.
        tree: the body.
        from_page: whether a browser on our own page sent it.
    """
    if not isinstance(tree, dict):
        return Refusal(400, "the request must be a JSON object")
    way, name, queue = route.groups()
    number = tree.get("fn_index") if queue or way in ("run", "api") else None
    if number is None:
        event = next((fn for fn in fns.values() if name and fn.api_name == name), None)
    elif type(number) is int:  # not bool, and not what Gradio would read as a number
        event = fns.get(number)
    else:
        return Refusal(400, f"fn_index must be a whole number, not {number!r}")
    private = event is None or event.fn is None or event.api_visibility != "public"
    if private and (number is None or not from_page or event is None or event.fn is None):
        return Refusal(404, "there is no such endpoint; /gradio_api/info names those there are")
    return _count_refusal(event, tree.get("data"))


def _count_refusal(event: Any, data: Any) -> Refusal | None:
    """Why an event may not be run with so many values: Gradio would print a trace-back of it."""
    wanted = [part for part in event.inputs if not part.skip_api]
    if not isinstance(data, list) or len(data) in (len(wanted), len(event.inputs)):
        return None  # Gradio says itself what is no list
    if len(data) > len(event.inputs):
        return None  # and leaves alone what is too many
    return Refusal(400, f'"data" wants {len(wanted)} values here, null for none, not {len(data)}')


def event_body(route: re.Match[str] | None, tree: Any) -> bytes:
    """The request as it is passed on: written anew, so that nobody can read it otherwise."""
    way, _, queue = route.groups() if route is not None else (None, None, None)
    if way in ("run", "api", "call") or queue:  # to call/v2 a body is the arguments by name
        keys = _PAGE_KEYS if queue or way in ("run", "api") else _NAMED_KEYS
        tree = {key: tree[key] for key in keys if key in tree}
    # Half characters are no file's name, so none that was looked at is another now.
    return _SURROGATE.sub("\ufffd", json.dumps(tree, ensure_ascii=False)).encode()


def _walk(tree: Any) -> Iterator[tuple[Any, int]]:
    """Every value in a value, itself first, with how deep it lies."""
    waiting = [(tree, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        inner = value.values() if isinstance(value, dict) else value
        if isinstance(inner, list) or isinstance(value, dict):
            waiting.extend((one, depth + 1) for one in inner)
