"""Text made sane, once, at each door: nothing in it that cannot be written out or read. Floor 1."""

from __future__ import annotations

import re

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_LINE_END = re.compile(r"\r\n?")
_WHITE = re.compile(r"[\x0b\x0c\x1c-\x1f\x85]")


def sane(text: str) -> str:
    r"""The text as it can be stored, shown and written.

    Half characters (lone surrogates, as in JSON's "\ud800") become U+FFFD, two halves that belong
    together the character that they are. Control characters go, NUL and ESC with them; those
    that stand between words become a space, and "\r" a line's end, so that no two words join.
    Making sane text sane changes nothing.
    """
    if text.isprintable():  # most text is, and this is quick
        return text
    if _SURROGATE.search(text):
        text = _SURROGATE.sub("\ufffd", _PAIR.sub(_joined, text))
    text = _CONTROL.sub("", text)
    return _WHITE.sub(" ", _LINE_END.sub("\n", text))


def repairs(text: str) -> tuple[str, ...]:
    """What `sane` would mend in a text, by name; () for a text that loses nothing."""
    found: list[str] = []
    if text.isprintable():
        return ()
    if _SURROGATE.search(_PAIR.sub("", text)):
        found.append("half characters")
    if _CONTROL.search(text):
        found.append("control characters")
    return tuple(found)


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")
