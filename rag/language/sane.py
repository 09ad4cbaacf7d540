"""Text made sane, once, at each door: nothing in it that cannot be written out or read.

`sane` is for what comes in: it keeps all that an author can have meant. `visible` is for what goes
out to eyes, where a letter without a place or a mark that turns the direction round deceives.
"""

from __future__ import annotations

import re

HALVES = re.compile(r"[\ud800-\udfff]")
"""Half characters: lone surrogates, which no encoding can write."""
_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_LINE_END = re.compile(r"\r\n?")
_WHITE = re.compile(r"[\x0b\x0c\x1c-\x1f\x85]")
_SEPARATOR = re.compile(r"[\u2028\u2029]")
LINE_ENDS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
"""Inside a class of a pattern: all that `str.splitlines` takes for the end of a line."""
UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Inside a class of a pattern: letters without a place and marks of direction (Unicode's
Default_Ignorable_Code_Point and Bidi_Control), less the joiners and the variants of a letter."""
# The joiners shape letters of Indic scripts, Persian and emoji; beside ASCII they only hide.
# A run of them, as one of white space, is tried from its beginning only: tried from each of its
# places, a question of a megabyte would take hours.
_UNSEEN = re.compile(
    rf"[{UNSEEN}]+|(?<![^\x00-\x7f])[\u200c\u200d]+"
    r"|(?<![\u200c\u200d])[\u200c\u200d]+(?![^\x00-\x7f])"
)
_BREAKS = re.compile(r"(?<!\s)\s*[\n\t]\s*")


def sane(text: str) -> str:
    r"""The text as it can be stored, shown and written.

    Half characters (lone surrogates, as in JSON's "\ud800") become U+FFFD, two halves that belong
    together the character that they are. Control characters go, NUL and ESC with them; those
    that stand between words become a space, and "\r" a line's end, so that no two words join.
    Making sane text sane changes nothing.
    """
    if text.isprintable():  # most text is, and this is quick
        return text
    if HALVES.search(text):
        text = HALVES.sub("\ufffd", _PAIR.sub(_joined, text))
    text = _CONTROL.sub("", text)
    return _WHITE.sub(" ", _LINE_END.sub("\n", text))


def repairs(text: str) -> tuple[str, ...]:
    """What `sane` would mend in a text, by name; () for a text that loses nothing."""
    if text.isprintable():
        return ()
    found: list[str] = []
    if HALVES.search(_PAIR.sub("", text)):
        found.append("half characters")
    if _CONTROL.search(text):
        found.append("control characters")
    return tuple(found)


def visible(text: str) -> str:
    """The text as it may be shown: sane, and with nothing in it that is not seen.

    Line ends stay; text from outside that must stay on its line goes through `one_line`.
    """
    text = sane(text)
    if text.isascii():  # all that is meant here is beyond ASCII
        return text
    return _UNSEEN.sub("", _SEPARATOR.sub(" ", text))


def one_line(text: str) -> str:
    """The text as it may be shown on one line."""
    return _BREAKS.sub(" ", visible(text)).strip()


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")
