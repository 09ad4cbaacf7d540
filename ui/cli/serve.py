"""`quoth chat` and `quoth auth`."""

from __future__ import annotations

import argparse

from rag.config import Config


def run_chat(options: argparse.Namespace, config: Config) -> int:
    """Serve the page until it is interrupted."""
    from ui.gate.access import require_safe_host
    from ui.gate.front import read_front

    front = read_front(options.public_url, proxies=options.trusted_proxy)
    name = front.name if front else ""
    # Before an index is made for nothing.
    require_safe_host(options.host, auth=options.auth, public_name=name)
    from rag import build
    from ui.cli.ingest import ensure_index

    build.quiet_libraries(config)
    ensure_index(config)
    from ui.page.start import serve

    serve(config, host=options.host, port=options.port, auth=options.auth, front=front)
    return 0


def run_auth(options: argparse.Namespace, config: Config) -> int:
    """Add, remove or list who may log in."""
    from ui.gate.access import run

    return run(options.action, options.name, path=options.auth)
