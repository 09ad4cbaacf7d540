"""Where the page's files come in, in place of Gradio's own route.

Each request has a folder of its own, its sender's alone; nothing is left of one that did not come
in whole.
"""

from __future__ import annotations

import math

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from gradio.route_utils import upload_fn
from gradio.routes import file_upload_statuses
from starlette.formparsers import MultiPartException

from ui.talk.site import Site, owner_of


def upload_routes(site: Site) -> APIRouter:
    """`POST /gradio_api/upload`."""
    routes = APIRouter()

    @routes.post("/gradio_api/upload/")
    @routes.post("/gradio_api/upload")
    async def upload(request: Request, upload_id: str | None = None) -> Response:
        """Keep the files of a form; gives their paths, as Gradio's page wants them.

        The limit of what it may bring holds for all of them together and is kept by the doors.
        """
        folder = site.uploads.begin(owner_of(request))
        progress = file_upload_statuses if upload_id else None
        whole = False
        try:
            files, _, _ = await upload_fn(
                request, folder, math.inf, upload_id, upload_progress=progress
            )
            site.uploads.keep(folder, files)
            whole = True
        except MultiPartException as error:
            return PlainTextResponse(error.message, status_code=400)
        except TypeError:  # Gradio's word for a field that is no file
            return PlainTextResponse('"files" must be files', status_code=400)
        finally:
            if not whole:
                site.uploads.drop(folder)
        return JSONResponse(files)

    return routes
