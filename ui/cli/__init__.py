"""The terminal: one file a group of commands."""

from ui.cli.start import build_parser, main

__all__ = ["build_parser", "main"]
