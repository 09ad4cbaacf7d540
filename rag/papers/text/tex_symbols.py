"""Macros of TeX by what they stand for."""
# ruff: noqa: RUF001 (the signs are the point)

from __future__ import annotations

NUMBERS = {
    "SI": "[{[{", "SIrange": "[{{{", "SIlist": "[{{", "si": "[{", "num": "[{", "numrange": "[{{",
    "numlist": "[{", "qty": "[{{", "qtyrange": "[{{{", "qtylist": "[{{", "unit": "[{", "ang": "[{",
}  # fmt: skip
"""Macros of siunitx, and the arguments of each."""

COLOURED = ("textcolor", "colorbox", "fcolorbox")
KEPT = tuple(
    "url verb path input include includegraphics title author date keywords chapter section "
    "subsection subsubsection paragraph subparagraph".split()
)
CITED = tuple(
    "cite citet citep citealt citealp citeauthor citefullauthor citeyear citeyearpar Citet Citep "
    "Citealt Citealp Citeauthor ref autoref cref Cref eqref".split()
)

DECLARATIONS = frozenset(
    "bf it em rm sf tt sc sl bfseries mdseries itshape slshape scshape upshape rmfamily sffamily "
    "ttfamily normalfont tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge "
    "centering raggedright raggedleft noindent indent null protect relax ignorespaces xspace "
    "displaystyle textstyle scriptstyle limits nolimits nobreak allowbreak unskip leavevmode "
    "sloppy bgroup egroup begingroup endgroup textnormal boldmath unboldmath - / @".split()
)
"""Macros that only say how the text looks."""

SYMBOLS = {
    "textless": "<", "textgreater": ">", "textbar": "|", "textbardbl": "‖", "textpercent": "%",
    "textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\", "textunderscore": "_",
    "textdollar": "$", "textbraceleft": "{", "textbraceright": "}", "textquotedbl": '"',
    "textquotesingle": "'", "textbullet": "•", "textdegree": "°", "degree": "°", "textmu": "µ",
    "textmicro": "µ", "texttrademark": "™", "textregistered": "®", "textcopyright": "©",
    "textendash": "–", "textemdash": "—", "textellipsis": "…", "textperiodcentered": "·",
    "texteuro": "€", "euro": "€", "EUR": "€", "pounds": "£", "textsterling": "£", "textyen": "¥",
    "textcent": "¢", "textsection": "§", "textparagraph": "¶", "textonehalf": "½",
    "textonequarter": "¼", "textthreequarters": "¾", "textonesuperior": "¹",
    "texttwosuperior": "²", "textthreesuperior": "³", "textasteriskcentered": "*",
    "textexclamdown": "¡", "textquestiondown": "¿", "textquoteleft": "‘", "textquoteright": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "guillemotleft": "«",
    "guillemotright": "»", "guilsinglleft": "‹", "guilsinglright": "›", "quotedblbase": "„",
    "quotesinglbase": "‚", "textordmasculine": "º", "textordfeminine": "ª", "textohm": "Ω",
    "textminus": "−", "textnumero": "№", "celsius": "°C", "percent": "%", "par": " ",
    "newline": " ", "slash": "/", "textvisiblespace": " ", "textnospace": "", "linebreak": " ",
    "less": "<", "greater": ">", "textpm": "±", "texttimes": "×", "textperthousand": "‰",
    "S": "§", "P": "¶", "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "-": "",
}  # fmt: skip

GREEK = str.maketrans("abgdezhjiklmnxoprstufqyw", "αβγδεζηθικλμνξοπρστυφχψω")
r"""Letters of `\\textgreek` (Babel's transliteration) and what they stand for."""

FORMULA_SYMBOLS = {
    "leqslant": "≤", "geqslant": "≥", "|": "‖", "lVert": "‖", "rVert": "‖", "lvert": "|",
    "rvert": "|", "to": "→", "sim": "~",
    "log": "log", "exp": "exp", "min": "min", "max": "max", "backslash": "\\", "quad": " ",
    "qquad": " ", "cdot": "·", "ell": "ℓ", "degree": "°", "colon": ":", "lbrace": "{",
    "rbrace": "}", "{": "{", "}": "}", "%": "%", "#": "#", "&": "&", "_": "_", "$": "$",
    "displaystyle": "", "nonumber": "", "limits": "", "left": "", "right": "", "big": "",
    "Big": "", "bigg": "", "Bigg": "", "bigl": "", "bigr": "", "Bigl": "", "Bigr": "",
    "middle": "", "!": "", ",": " ", ";": " ", ":": " ", ">": " ", " ": " ", "notag": "",
}  # fmt: skip
"""What stands for what inside of formulas, where pylatexenc would drop it or has another sign."""

UNITS = {
    "percent": "%", "degree": "°", "degreeCelsius": "°C", "celsius": "°C", "kelvin": "K",
    "metre": "m", "meter": "m", "gram": "g", "kilogram": "kg", "second": "s", "minute": "min",
    "hour": "h", "day": "d", "ampere": "A", "mole": "mol", "candela": "cd", "hertz": "Hz",
    "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "volt": "V", "ohm": "Ω",
    "farad": "F", "coulomb": "C", "siemens": "S", "weber": "Wb", "tesla": "T", "henry": "H",
    "lumen": "lm", "lux": "lx", "becquerel": "Bq", "gray": "Gy", "sievert": "Sv", "litre": "l",
    "liter": "L", "tonne": "t", "hectare": "ha", "electronvolt": "eV", "dalton": "Da",
    "decibel": "dB", "bel": "B", "bit": "bit", "byte": "B", "bar": "bar", "arcminute": "′",
    "arcsecond": "″", "angstrom": "Å", "per": "/", "squared": "²", "square": "²", "cubed": "³",
    "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n", "micro": "µ",
    "milli": "m", "centi": "c", "deci": "d", "deca": "da", "hecto": "h", "kilo": "k",
    "mega": "M", "giga": "G", "tera": "T", "peta": "P", "exa": "E", "kibi": "Ki", "mebi": "Mi",
    "gibi": "Gi", "tebi": "Ti", "ms": "ms", "us": "µs", "ns": "ns", "kg": "kg", "mg": "mg",
    "ug": "µg", "km": "km", "cm": "cm", "mm": "mm", "um": "µm", "nm": "nm", "GHz": "GHz",
    "MHz": "MHz", "kHz": "kHz", "Hz": "Hz", "kW": "kW", "MW": "MW", "mW": "mW", "eV": "eV",
}  # fmt: skip
"""Units and prefixes of siunitx, as they are printed."""
