r"""Formulas of TeX on one line of text: `$x_{ij} \leq 10^{-3}$` is "x_ij ≤ 10^-3"."""

# ruff: noqa: RUF001, RUF002 (the signs are the point)

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Any

from rag.papers.text.tex_accents import coded
from rag.papers.text.tex_symbols import DECLARATIONS, FORMULA_SYMBOLS, SYMBOLS

_SIMPLE = re.compile(r"[-+−±]?[\w.∘°'′*∗†☉⊙⊕∞]*")
_ATOM = re.compile(r"[\w.]*|\(.*\)")
_NAMED = re.compile(r"(\\[A-Za-z]+)\s+(?![\s{\[])")
_DEGREE = re.compile(r"\^[∘◦]")
_ALONE = re.compile(r"\^([a-z]{1,3}|[†‡*∗′])|_(\d+|[☉⊙⊕])")  # "2$^{nd}$", "H$_2$O"
_PERCENT = re.compile(r"(?<!\\)%")  # TeX would read the start of a comment
_STYLED = re.compile("[\U0001d400-\U0001d7ff\u210b-\u2133]")


def formula(source: str) -> str | None:
    """The text of a formula without its dollars, None if it cannot be read as one."""
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerError

    contexts, converter = _converter()
    spaced = _PERCENT.sub(r"\\%", coded(source))
    spaced = _NAMED.sub(functools.partial(_ended, contexts=contexts), spaced)
    try:
        nodes = LatexWalker(spaced, latex_context=contexts, tolerant_parsing=False)
        text = str(converter.nodelist_to_text(nodes.get_latex_nodes()[0]))
    except (LatexWalkerError, RecursionError):
        return None
    text = " ".join(_DEGREE.sub("°", text).split())
    if alone := _ALONE.fullmatch(text):
        text = alone[1] or alone[2]
    return _STYLED.sub(lambda sign: _plain_letter(sign[0]), text)


def _plain_letter(sign: str) -> str:
    """A letter in a style ("𝒪", "𝐱") as the letter itself; a sign of its own stays."""
    plain = unicodedata.normalize("NFKC", sign)
    return plain if plain.isalnum() and plain.isascii() else sign


def _ended(found: re.Match[str], contexts: Any) -> str:
    """A macro and the space behind it, which TeX would swallow, where no argument can follow."""
    parser = getattr(contexts.get_macro_spec(found[1][1:]), "args_parser", None)
    takes_more = str(getattr(parser, "argspec", None) or "")
    return found[0] if takes_more else f"{found[1]}{{}} "


@functools.cache
def _converter() -> tuple[Any, Any]:
    """How formulas are read, and what becomes of them. Made once: it takes a tenth of a second."""
    from pylatexenc import latex2text, latexwalker
    from pylatexenc.latex2text import MacroTextSpec
    from pylatexenc.macrospec import MacroSpec

    class Converter(latex2text.LatexNodes2Text):
        """Keeps together what braces hold together above and below the line."""

        def group_node_to_text(self, node: Any) -> str:
            text = str(self.nodelist_to_text(node.nodelist)).strip()
            raised = node.parsing_state.s[node.pos - 1 : node.pos] in ("^", "_")
            return f"({text})" if raised and not _SIMPLE.fullmatch(text) else text

    reading = latexwalker.get_default_latex_context_db()
    arguments = {"frac": "{{", "dfrac": "{{", "tfrac": "{{", "binom": "{{", "operatorname": "{",
                 "ensuremath": "{", "mathds": "{", "bm": "{", "boldsymbol": "{"}  # fmt: skip
    reading.add_context_category(
        "quoth", prepend=True, macros=[MacroSpec(name, spec) for name, spec in arguments.items()]
    )
    meaning = latex2text.get_default_latex_context_db()
    specs = [MacroTextSpec(name, simplify_repl=_fraction) for name in ("frac", "dfrac", "tfrac")]
    specs += [
        MacroTextSpec(name, simplify_repl=sign)
        for name, sign in {**SYMBOLS, **FORMULA_SYMBOLS}.items()
    ]
    meaning.add_context_category("quoth", prepend=True, macros=specs)
    meaning.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_unknown))
    converter = Converter(
        latex_context=meaning,
        math_mode="text",
        strict_latex_spaces={
            "between-latex-constructs": True,
            "between-macro-and-chars": True,
            "after-comment": False,
            "in-equations": True,
        },
    )
    return reading, converter


def _fraction(node: Any, l2tobj: Any) -> str:
    above, below = (str(l2tobj.nodelist_to_text([part])).strip() for part in node.nodeargd.argnlist)
    return "/".join(part if _ATOM.fullmatch(part) else f"({part})" for part in (above, below))


def _unknown(node: Any, l2tobj: Any) -> str:
    """A macro without a meaning here leaves its arguments, or its own name."""
    name = str(node.macroname)
    given = [part for part in getattr(node.nodeargd, "argnlist", None) or () if part is not None]
    if given:
        return " ".join(str(l2tobj.nodelist_to_text([part])) for part in given)
    behind = node.parsing_state.s[node.pos + node.len : node.pos + node.len + 1]
    return "" if name in DECLARATIONS or behind == "{" else name
