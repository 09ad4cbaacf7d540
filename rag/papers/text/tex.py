"""TeX in a title, an abstract or a name, as the plain text that it stands for.

No word is lost: a macro that is not known keeps its argument, one without any its name, and text
that is not TeX at all stays as it is.
"""

# ruff: noqa: RUF001 (the signs are the point)

from __future__ import annotations

import functools
import re
from typing import Any

from rag.papers.text.plain import clean
from rag.papers.text.tex_accents import accented, coded
from rag.papers.text.tex_formulas import formula
from rag.papers.text.tex_symbols import (
    CITED,
    COLOURED,
    DECLARATIONS,
    GREEK,
    KEPT,
    NUMBERS,
    SYMBOLS,
    UNITS,
)

_TEX = re.compile(r"[\\{}$~]|--|``|''")
# Characters of no text stand for what TeX would read as something else: comments, columns.
_BARE = {"%": "\ufdd0", "&": "\ufdd1"}
_BARE_SIGN = re.compile(r"(?<!\\)[%&]")
_BARE_DOLLAR = re.compile(r"(?<!\\)\$")
_LONE_SIGN = re.compile(r"\\([~^])\{\}")  # an accent on nothing is the sign itself
_UNIT = re.compile(r"\\([A-Za-z]+)|[~\s]+|[{}]")
# TeX in a text that is not TeX: formulas between dollars that hold a sign of TeX or are a name or
# a number, and macros with an argument. "costs $5 to $6" is no formula, "\d+" no macro.
_FORMULA = re.compile(
    r"(?<![\\$])\$(?![\s$])((?:[^$\\]|\\.){1,400}?)(?<![\s\\])\$(?![\d$])", re.DOTALL
)
_AMOUNT = re.compile(r"\d[\d.,]*[-–/]")
_LIKELY = re.compile(r"[\\^_{}]|[A-Za-z]'*\Z|[\d.,+\-−]+%?\Z|.*[=<>].*\Z", re.DOTALL)
_MACRO = re.compile(r"\\[A-Za-z]{2,}\*?(?:\s*\{(?:[^{}]|\{[^{}]*\})*\})+|\\(?:[%&#_$]|,)")
_ACCENT = re.compile(r"\\[`'^~=.\"uHrvdckb]\s*\{?\\?[^\W\d_]|\\[`'^~=.\"]\{")
_ONE_LETTER = re.compile(r"\{([^\W\d_])\}")
_LONGEST = 200_000
"""Characters. A longer text is no abstract; it stays as it is."""
_DEEPEST = 40
"""Braces in braces. Text is nested three deep or four; each costs the parser several calls."""


def plain(text: str) -> str:
    """A text of a source in TeX without its TeX, on one line."""
    if not _TEX.search(text):  # decoding takes milliseconds, and most abstracts are plain
        return clean(text)
    if len(text) > _LONGEST or _depth(text) > _DEEPEST:
        return clean(text)
    shown = _decoded_whole(accented(text))
    if "\\" in shown:  # programs that escape what was TeX before
        shown = without_tex(shown)
    return clean(shown)


def without_tex(text: str) -> str:
    """A text of another source with what is TeX in it as the text that it stands for."""
    if "\\" not in text and "$" not in text:
        return text
    if len(text) > _LONGEST or _depth(text) > _DEEPEST:
        return text
    if _ACCENT.search(text):
        text = _ONE_LETTER.sub(r"\1", accented(text))
    return _MACRO.sub(lambda found: _decoded_whole(found[0]), _FORMULA.sub(_likely, text))


def _likely(found: re.Match[str]) -> str:
    if not _LIKELY.match(found[1]) and not re.search(r"[\\^_{}]", found[1]):
        return found[0]
    made = formula(found[1])
    return found[0] if made is None else made


def _decoded_whole(text: str) -> str:
    source = _LONE_SIGN.sub(_lone_sign, coded(text))
    source = _BARE_SIGN.sub(lambda sign: _BARE[sign[0]], source)
    made = _decoded(source)
    if made is None:  # "$5 a day": the dollars are no mathematics
        made = _decoded(_BARE_DOLLAR.sub(r"\\$", source))
    if made is None:
        return text
    for sign, stand_in in _BARE.items():
        made = made.replace(stand_in, sign)
    return made


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
        """Writes formulas out, and leaves dollars that are none."""

        def math_node_to_text(self, node: Any) -> str:
            verbatim = str(super().math_node_to_text(node))
            inner = "".join(part.latex_verbatim() for part in node.nodelist)
            for sign, stand_in in _BARE.items():
                inner = inner.replace(stand_in, sign)
            made = formula(inner) if _is_formula(inner, node) else None
            return verbatim if made is None else made

    arguments = {
        **NUMBERS,
        **dict.fromkeys(("textsuperscript", "textsubscript", "textgreek", "ensuremath"), "{"),
        "href": "{{",
    }
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
    specs += [MacroTextSpec("ensuremath", simplify_repl=_ensured)]
    specs += [MacroTextSpec("textgreek", simplify_repl=_greek)]
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
    return name


def _is_formula(inner: str, node: Any) -> bool:
    """Whether what stands between dollars is one: "$5 a day and $6", "$5-$6" have two amounts."""
    if node.delimiters != ("$", "$"):
        return True
    return inner == inner.strip() and len(inner) <= 1000 and not _AMOUNT.fullmatch(inner)


def _cited(node: Any, l2tobj: Any) -> str:
    """What is referred to, by its key."""
    return f"[{_kept(node, l2tobj)}]" if _given(node) else ""


def _last(node: Any, l2tobj: Any) -> str:
    """The text in a macro whose other arguments only say how it looks."""
    given = _given(node)
    return str(l2tobj.nodelist_to_text(given[-1:])) if given else ""


def _ensured(node: Any, l2tobj: Any) -> str:
    r"""What `\ensuremath` holds is a formula without dollars."""
    source = "".join(part.latex_verbatim() for part in _given(node)).strip().removeprefix("{")
    made = formula(source.removesuffix("}"))
    return _kept(node, l2tobj) if made is None else made


def _greek(node: Any, l2tobj: Any) -> str:
    r"""`\textgreek{a}`: Latin letters that stand for Greek ones."""
    return _kept(node, l2tobj).translate(GREEK)


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
