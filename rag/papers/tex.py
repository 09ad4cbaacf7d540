"""TeX in a title, an abstract or a name, as the plain text that it stands for.

No word is lost: a macro that is not known keeps its argument, one without any stays as written,
and text that is not TeX at all stays as it is.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from rag.papers.tex_symbols import CITED, COLOURED, DECLARATIONS, KEPT, NUMBERS, SYMBOLS, UNITS
from rag.papers.text import clean

_TEX = re.compile(r"[\\{}$~]|--|``|''")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_PERCENT = "\ufdd0"  # no character of any text; TeX would read a bare % as the start of a comment
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
_LONE_SIGN = re.compile(r"\\([~^])\{\}")  # an accent on nothing is the sign itself
_SIGN = re.compile(rf"\\(text[a-z]+)\b|\\([{{}}%&#_])|{_PERCENT}")
_MATHEMATICS = re.compile(r"[\\^_{}]")
_UNIT = re.compile(r"\\([A-Za-z]+)|[~\s]+|[{}]")
_LONGEST = 200_000
"""Characters. A longer text is no abstract; it stays as it is."""
_DEEPEST = 40
"""Braces in braces. Text is nested three deep or four; each costs the parser several calls."""


def plain(text: str) -> str:
    """A text without its TeX, on one line."""
    if not _TEX.search(text):  # decoding takes milliseconds, and most abstracts are plain
        return clean(text)
    if len(text) > _LONGEST or _depth(text) > _DEEPEST:
        return clean(text)
    source = _LONE_SIGN.sub(_lone_sign, _BARE_PERCENT.sub(_PERCENT, text))
    made = _decoded(source)
    if made is None:  # "$5 a day": the dollars are no mathematics
        made = _decoded(_BARE_DOLLAR.sub(r"\\$", source))
    shown = text if made is None else made.replace(_PERCENT, "%")
    return clean(shown)


def _lone_sign(found: re.Match[str]) -> str:
    return r"\textasciitilde{}" if found[1] == "~" else r"\textasciicircum{}"


def _depth(text: str) -> int:
    """How deep the braces and environments of a text stand in each other."""
    depth = deepest = 0
    for found in re.finditer(r"[{}]|\\begin\b|\\end\b|\\left\b|\\right\b", text):
        depth += 1 if found[0] in ("{", "\\begin", "\\left") else -1
        deepest = max(deepest, depth)
    return deepest


def _decoded(source: str) -> str | None:
    """The text of a source, None if it is not TeX."""
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerError

    contexts, converter = _converter()
    try:
        walker = LatexWalker(source, latex_context=contexts, tolerant_parsing=False)
        nodes = walker.get_latex_nodes()[0]
        return str(converter.nodelist_to_text(nodes))
    except (LatexWalkerError, RecursionError):
        return None


@functools.cache
def _converter() -> tuple[Any, Any]:
    """How macros are read, and what becomes of them. Made once: it takes a tenth of a second."""
    from pylatexenc import latex2text, latexwalker
    from pylatexenc.latex2text import MacroTextSpec
    from pylatexenc.macrospec import MacroSpec

    class Converter(latex2text.LatexNodes2Text):
        """Leaves mathematics as it is written, but for what is none."""

        def math_node_to_text(self, node: Any) -> str:
            return _mathematics(str(super().math_node_to_text(node)))

    arguments = {**NUMBERS, "textsuperscript": "{", "textsubscript": "{", "href": "{{"}
    reading = latexwalker.get_default_latex_context_db()
    reading.add_context_category(
        "quoth", prepend=True, macros=[MacroSpec(name, spec) for name, spec in arguments.items()]
    )
    meaning = latex2text.get_default_latex_context_db()
    specs = [MacroTextSpec(name, simplify_repl=_quantity) for name in NUMBERS]
    specs += [MacroTextSpec(name, simplify_repl=sign) for name, sign in SYMBOLS.items()]
    specs += [MacroTextSpec(name, simplify_repl=_kept) for name in KEPT]
    specs += [MacroTextSpec(name, simplify_repl=_cited) for name in CITED]
    specs += [MacroTextSpec(name, simplify_repl=_last) for name in COLOURED]
    meaning.add_context_category("quoth", prepend=True, macros=specs)
    meaning.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_kept))
    converter = Converter(
        latex_context=meaning,
        math_mode="verbatim",
        strict_latex_spaces={
            "between-latex-constructs": True,  # "{one} {two}" are two words
            "between-macro-and-chars": False,
            "after-comment": False,
            "in-equations": False,
        },
    )
    return reading, converter


def _given(node: Any) -> list[Any]:
    """The arguments of a macro that it cannot do without."""
    found = node.nodeargd
    if found is None or not found.argnlist:
        return []
    spec = found.argspec or "{" * len(found.argnlist)
    pairs = zip(spec, found.argnlist, strict=False)
    return [argument for kind, argument in pairs if kind == "{" and argument is not None]


def _kept(node: Any, l2tobj: Any) -> str:
    """What a macro without a meaning of its own leaves: its arguments, or itself."""
    name = str(node.macroname)
    verbatim = getattr(node.nodeargd, "verbatim_text", None)
    if verbatim is not None:
        return str(verbatim)
    if given := _given(node):
        return " ".join(str(l2tobj.nodelist_to_text([argument])) for argument in given)
    if name.startswith("text") and name not in DECLARATIONS:  # \textalpha is \alpha
        known = l2tobj.latex_context.get_macro_spec(name.removeprefix("text"))
        if known is not None and isinstance(known.simplify_repl, str) and known.simplify_repl:
            return known.simplify_repl
    behind = node.parsing_state.s[node.pos + node.len : node.pos + node.len + 2]
    if name in DECLARATIONS or (behind[:1] == "{" and behind != "{}"):  # a group is its argument
        return ""
    return f"\\{name}"


def _mathematics(text: str) -> str:
    r"""A formula as written; signs between dollars ("$70%$", "$\{a \textbar b\}$") are text."""
    inner = text[1:-1]
    rest = _SIGN.sub("", inner)
    if rest == inner or inner != inner.strip() or _MATHEMATICS.search(rest):
        return text
    return _SIGN.sub(
        lambda sign: SYMBOLS.get(sign[1], sign[0]) if sign[1] else sign[2] or "%", inner
    )


def _cited(node: Any, l2tobj: Any) -> str:
    """What is referred to, by its key."""
    return f"[{_kept(node, l2tobj)}]" if _given(node) else ""


def _last(node: Any, l2tobj: Any) -> str:
    """The text in a macro whose other arguments only say how it looks."""
    given = _given(node)
    return str(l2tobj.nodelist_to_text(given[-1:])) if given else ""


def _quantity(node: Any, l2tobj: Any) -> str:
    """Numbers with their unit, as siunitx sets them: "1-5 ms", "5 %"."""
    name, given = str(node.macroname), _given(node)
    has_unit = name not in ("num", "numrange", "numlist", "ang")
    numbers = given[:-1] if has_unit else given
    texts = [str(l2tobj.nodelist_to_text([number])).strip() for number in numbers]
    if name.endswith("list"):
        texts = [text.strip() for text in texts[0].split(";")] if texts else []
    number = (", " if name.endswith("list") else "-").join(texts)
    if name == "ang":
        return f"{number}°"
    unit = _UNIT.sub(_unit, given[-1].latex_verbatim()) if has_unit and given else ""
    return f"{number} {unit}".strip()


def _unit(found: re.Match[str]) -> str:
    if found[1] is None:
        return "" if found[0] in "{}" else " "
    return UNITS.get(found[1], found[1])
