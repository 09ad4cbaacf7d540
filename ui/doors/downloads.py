"""Routes that give answers and conversations as files to whom they belong."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from ui.talk.exports import FORMATS, conversation_to_json, conversation_to_markdown, exported
from ui.talk.site import Site, owner_of


def download_routes(site: Site) -> APIRouter:
    """`GET /saved/answer/TURN.FORMAT` and `GET /saved/conversation/ID.FORMAT`."""
    routes = APIRouter(prefix="/saved")

    @routes.get("/answer/{turn_id}.{ending}")
    def answer(turn_id: str, ending: str, request: Request) -> Response:
        """One answer with its sources."""
        turn = site.conversations.turn(owner_of(request), turn_id)
        if turn is None or ending not in FORMATS:
            return PlainTextResponse("there is no such answer of yours", status_code=404)
        return _file(exported(turn.answer, format=ending), name=f"quoth-{turn_id}.{ending}")

    @routes.get("/conversation/{conversation_id}.{ending}")
    def conversation(conversation_id: str, ending: str, request: Request) -> Response:
        """A whole conversation."""
        owner = owner_of(request)
        turns = site.conversations.turns(owner, conversation_id)
        writers = {"md": conversation_to_markdown, "json": conversation_to_json}
        if not turns or ending not in writers:
            return PlainTextResponse("there is no such conversation of yours", status_code=404)
        title = site.conversations.title(owner, conversation_id)
        text = writers[ending](title, [turn.answer for turn in turns])
        return _file(text, name=f"quoth-conversation.{ending}")

    return routes


def _file(text: str, *, name: str) -> Response:
    kind = FORMATS[name.rpartition(".")[2]]
    return Response(
        text.encode(),
        media_type=f"{kind}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
