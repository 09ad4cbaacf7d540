"""The web application: the page and the routes for programs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from ui.downloads import download_routes
from ui.openai_api import openai_routes
from ui.site import Site

UPLOAD_LIMIT = "200mb"


def make_app(site: Site) -> FastAPI:
    """The whole application over one site, ready for an ASGI server."""
    _offline()
    import gradio as gr  # 3 s, and it reads the variables set above

    from ui.layout import blocks
    from ui.named_api import speak_json

    app = FastAPI(title="Quoth", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(openai_routes(site))
    app.include_router(download_routes(site))
    page = blocks(site)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=_theme(),
        css=_asset("style.css"),
        head=f"<script>{_asset('page.js')}</script>",
        footer_links=["api", "settings"],
        run_history=False,
        max_file_size=UPLOAD_LIMIT,
        ssr_mode=False,
        pwa=False,
        mcp_server=True,
        show_error=True,
    )
    speak_json(page)
    return app


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
