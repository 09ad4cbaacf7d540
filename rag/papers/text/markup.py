"""Text out of HTML, JATS and MathML: tags and entities gone, words and sentences kept apart."""

# ruff: noqa: RUF001 (the signs are the point)

from __future__ import annotations

import html
import re

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"<(/?)((?:[A-Za-z]+:)?[A-Za-z][A-Za-z0-9-]*)((?:\s[^<>]*)?)(/?)>")
# What stands between two tags is bounded: thousands that nothing closes cost their number once.
_DROPPED = re.compile(
    r"<((?:\w+:)?(?:annotation|annotation-xml|tex-math|script|style|xref))\b[^<>]*>.{0,2000}?</\1\s*>|"
    r"<!--.{0,2000}?-->|<\?[^<>]*\?>|<!\[CDATA\[|\]\]>",
    re.DOTALL | re.IGNORECASE,
)
_HEADING = re.compile(
    r"<((?:jats:|\w+:)?(?:title|label|h[1-6]))\b[^<>]*>(.{0,300}?)</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_RAISED = re.compile(
    r"<((?:jats:)?(?:sup|superscript))\b[^<>]*>(.{0,300}?)</\1\s*>", re.DOTALL | re.IGNORECASE
)
_SCRIPT = re.compile(
    r"<((?:\w+:)?)(mfrac|msup)\b[^<>]*>\s*(.{0,500}?)\s*</\1\2\s*>", re.DOTALL | re.IGNORECASE
)
_NUMBER = re.compile(r"[-+−–]?\d[\d.,]*")
# Names that mark text up. Others ("<think>", "<s>", "<sep>") may be an author's own words.
_BLOCKS = frozenset(
    "p sec br hr div li ul ol list list-item tr td th dt dd dl table h1 h2 h3 h4 h5 h6 title "
    "abstract abstracttext section blockquote disp-formula body html".split()
)
_INLINE = frozenset(
    "i b em strong sub sup u sc span a font small big tt code italic bold underline inf "
    "superscript subscript styled-content ext-link inline-formula monospace sans-serif "
    "overline roman named-content mml math abbr cite style".split()
)
_EMPTY = frozenset({"br", "hr", "p"})
_MOST = 4
"""How often markup may be escaped in itself: "&amp;lt;p&amp;gt;"."""
_LONGEST = 100_000
"""Characters. A longer text is no abstract; it stays as it is."""
_FIRST_HEADING = re.compile(r"^\s*(?:abstract|summary)\s*[:.]\s*(?=\S)", re.IGNORECASE)


def unmarked_text(text: str) -> str:
    """The text that markup marks up; text without any stays as it is.

    Paragraphs and headings are kept apart ("Aim: To describe"), an exponent is told from the
    number before it ("10^6"), a heading "Abstract" before the first words goes.
    """
    if len(text) > _LONGEST:
        return text
    for _ in range(_MOST):
        made = _entities(_without_tags(text))
        if made == text:
            break
        text = made
    return text


def _entities(text: str) -> str:
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def _without_tags(text: str) -> str:
    marks = _marks(text)
    if not marks:
        return text
    text = _DROPPED.sub(" ", text)
    text = _SCRIPT.sub(_script, text)
    text = _RAISED.sub(_raised, text)
    headed = _HEADING.sub(_headed, text)
    plain = _TAG.sub(lambda found: _space(found, marks), headed)
    return _FIRST_HEADING.sub("", plain, count=1) if headed != text else plain


def _marks(text: str) -> frozenset[str]:
    """The names of tags in a text that are markup: known ones, and opened as well as closed."""
    opened: set[str] = set()
    closed: set[str] = set()
    empty: set[str] = set()
    for found in _TAG.finditer(text) if "<" in text else ():
        name = found[2].casefold()
        if name.startswith(("jats:", "mml:", "m:")):
            empty.add(name)
        elif name in _BLOCKS or name in _INLINE:
            (closed if found[1] else opened).add(name)
            if name in _EMPTY or found[4] or found[3].rstrip().endswith("/"):
                empty.add(name)
    if "math" in opened & closed:  # MathML without a prefix
        empty.update(found[2].casefold() for found in _TAG.finditer(text) if found[2][:1] == "m")
    return frozenset((opened & closed) | empty)


def _space(found: re.Match[str], marks: frozenset[str]) -> str:
    name = found[2].casefold()
    if name not in marks:
        return found[0]
    return " " if name.rpartition(":")[2] in _BLOCKS else ""


def _headed(found: re.Match[str]) -> str:
    heading = _TAG.sub("", found[2]).strip()
    if not heading:
        return " "
    return f" {heading}{'' if heading[-1] in ':.?!' else ':'} "


def _raised(found: re.Match[str]) -> str:
    """An exponent behind a number is marked: "10<sup>6</sup>" is not 106."""
    inner = _TAG.sub("", found[2]).strip()
    before = found.string[: found.start()].rstrip()[-1:]
    return f"^{inner}" if before.isdecimal() and _NUMBER.fullmatch(inner) else inner


def _script(found: re.Match[str]) -> str:
    """A fraction or a power of MathML: its first part and the rest with the sign between."""
    parts = _children(found[3])
    if len(parts) != 2:
        return found[0] if "<" not in found[3] else found[3]
    sign = "/" if found[2].casefold() == "mfrac" else "^"
    return sign.join(_TAG.sub("", part).strip() for part in parts)


def _children(inner: str) -> list[str]:
    """The elements that stand beside each other in a piece of MathML."""
    parts, depth, start = [], 0, 0
    for found in _TAG.finditer(inner):
        if found[4]:
            continue
        depth += -1 if found[1] else 1
        if depth == 0:
            parts.append(inner[start : found.end()])
            start = found.end()
    return parts
