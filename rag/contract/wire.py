"""JSON as it comes in from strangers and as it goes out: one reader, one writer."""

from __future__ import annotations

import json
import re
from typing import Any

from rag.language.numerals import LONGEST
from rag.language.sane import UNSEEN

# JSON may write any sign as an escape: the value is the same, and a screen has nothing to obey.
_ESCAPED = re.compile(rf"[\x7f-\x9f\u2028\u2029\ud800-\udfff\u200c\u200d{UNSEEN}]")


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text from outside.

    Raises:
        ValueError: it is not JSON, or is nested deeper than Python reads.
    """
    try:
        return json.loads(text, parse_int=_whole)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def json_text(tree: Any, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """A value as JSON: letters as they are, but for those that a screen would obey or not show."""
    text = json.dumps(tree, ensure_ascii=ascii_only, indent=indent)
    return _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _whole(digits: str) -> int | float:
    """A whole number; beyond all bounds, where Python refuses it, as near as a float comes."""
    return int(digits) if len(digits) <= LONGEST else float(digits)
