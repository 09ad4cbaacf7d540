"""JSON as it comes in from strangers and as it goes out: one reader, one writer. Floor 1."""

from __future__ import annotations

import json
import re
from typing import Any

from rag.numerals import LONGEST
from rag.sane import UNSEEN

# JSON may write any sign as an escape: the value is the same, and a screen has nothing to obey.
_ESCAPED = re.compile(rf"[\x7f-\x9f\u2028\u2029\ud800-\udfff\u200c\u200d{UNSEEN}]")


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text from outside.

    Raises:
        ValueError: it is not JSON, is nested deeper than Python reads, holds NaN or Infinity, or a
            number beyond all bounds.
    """
    try:
        return json.loads(text, parse_constant=_refused, parse_int=_whole, parse_float=_real)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def json_text(tree: Any, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """A value as JSON: letters as they are, but for those that a screen would obey or not show."""
    text = json.dumps(tree, ensure_ascii=ascii_only, indent=indent)
    return _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _refused(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _whole(digits: str) -> int:
    if len(digits) > LONGEST:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if abs(value) == float("inf"):
        raise ValueError(f"the number {digits[:LONGEST]} is too large")
    return value
