"""Where the data are that come with Quoth: the one place that knows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

DATA: Final = _HERE / "data"
"""Weights, adapters and lists of words."""
STARTER: Final = DATA / "starter.jsonl"
"""The papers in the box."""
PROMPTS: Final = _HERE.parent / "prompts"
"""Prompt templates, a file a version."""
