"""The web application: the page and the routes for programs."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from ui.doors.doors import Doors
from ui.doors.downloads import download_routes
from ui.doors.openai import openai_routes
from ui.talk.site import Site
from ui.talk.uploads import UPLOAD_BYTES


def make_app(site: Site) -> Doors:
    """The whole application over one site, ready for an ASGI server."""
    _offline()
    os.environ["GRADIO_TEMP_DIR"] = str(site.uploads.folder)  # read while the page is made
    import gradio as gr  # 3 s, and it reads the variables set above

    from ui.doors.named import serve_tools, tell_errors
    from ui.doors.upload_route import upload_routes
    from ui.page.layout import blocks

    @asynccontextmanager
    async def while_served(_: FastAPI) -> AsyncIterator[None]:
        yield
        site.uploads.end()

    app = FastAPI(
        title="Quoth", docs_url=None, redoc_url=None, openapi_url=None, lifespan=while_served
    )
    app.include_router(openai_routes(site))
    app.include_router(download_routes(site))
    app.include_router(upload_routes(site))  # before Gradio's, which it takes the place of
    page = blocks(site)
    tell_errors(page)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=_theme(),
        css=_asset("style.css"),
        head=f"<script>{_asset('page.js')}</script>",
        footer_links=["api", "settings"],
        run_history=False,
        max_file_size=UPLOAD_BYTES,
        ssr_mode=False,
        pwa=False,
        mcp_server=True,
        show_error=True,
    )
    serve_tools(page)
    return Doors(app, page, site)


def _theme() -> Any:
    """Gradio's plain theme with its own bundled font, and colours that can be read.

    The bundled weight 600 lacks most letters, so bold is 700.
    """
    import gradio as gr

    return gr.themes.Base(
        primary_hue="teal",
        secondary_hue="teal",
        neutral_hue="stone",
        font=[
            gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700)),
            gr.themes.Font("system-ui"),
            gr.themes.Font("sans-serif"),
        ],
        font_mono=[
            gr.themes.LocalFont("IBM Plex Mono", weights=(400, 700)),
            gr.themes.Font("monospace"),
        ],
    ).set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
        input_placeholder_color="*neutral_600",
        input_placeholder_color_dark="*neutral_400",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_hover_dark="*primary_800",
        button_primary_text_color="white",
    )


def _asset(name: str) -> str:
    """A style sheet or script that lies beside this file."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _offline() -> None:
    """Nothing the page's libraries do may leave the machine."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_RUN_HISTORY"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
