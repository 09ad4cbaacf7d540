# ruff: noqa: RUF001  letters that look like others are what this is about
"""Questions that nobody would ask: what trips programs that read text, put where a question can be.

Run by itself it asks many of them of an index (a copy: nothing is written) and counts the errors
that are not Quoth's own, and what is alive of the answers on any surface:

    python tests/rag/odd.py INDEX --count 400
"""

from __future__ import annotations

import argparse
import itertools
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rag.types import Turn

_DIGITS = ("9" * 400, "1" * 5_000, "0." + "3" * 400, "1,000" + ",000" * 140, "9" * 310 + "%")
_CASELESS = ("fıve", "laſt", "thouſand", "mıllion", "dozen\u017f", "\u212aelvin", "ſixth", "fırst")
_COUNTED = (
    "papers by fıve authors",
    "with ſeven or more authors",
    "papers from the laſt two yearſ",
    "in the paſt ſix months",
    "thıs year",
    "papers of the lasT decade\u017f",
    "the ſecond one",
    "what about the fırst paper?",
    "halveſ the cost by fıve mıllion and ſixty thouſand",
    "twıce the ſpeed, tenfold, a dozen, 5 mıllıon, 3 bıllion",
    "between one and ſix authors",
    "by a ſingle author, newest fırst",
    "newest fırſt",
    "papers from \u212aAIST",
    "is it true that ſeven of them halved it?",
)
_CONTROLS = (
    "\x00", "a\x00b\x01c", "\x1b[2J\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\r\n\t\v\f", "\x7f\x80\x9b31m",
    "\u2028line\u2029para", "\ufeffbom", "\ufffe\uffff", "\U0010ffff",
)  # fmt: skip
_SURROGATES = ("\ud800", "owls \udcff hear", "\udfff\ud800", "\ud83d", "x\udc80.txt")
_DIRECTIONS = (
    "\u202etxet", "\u2066a\u2069", "zero\u200bwidth\u200d\u2060joined", "\u200e\u200f", "\u00ad\u034f",
    "Z\u0301\u0302\u0303" * 200, "ﷺ" * 300, "e\u0301" * 50,
)  # fmt: skip
_SCRIPTS = (
    "什么论文研究大语言模型?", "كم عدد الأوراق؟", "ഏത് പ്രബന്ധങ്ങൾ?", "какие статьи о языковых моделях?",
    "🦉🦉🦉 👩‍👩‍👧‍👦", "𝕨𝕙𝕒𝕥 𝕚𝕤 𝔸𝕀?", "ｗｈａｔ？ １２３", "İstanbul'da ıssız", "ΣΊΣΥΦΟΣ ς", "ŉ ǰ ΐ ﬃ", "٣ authors since ٢٠٢٣",
    "² authors ½ ⅷ ௧ 〇",
)  # fmt: skip
_MARKUP = (
    "<script>alert(1)</script>", "</q><b>", "# head\n\n- [x](javascript:alert(1))", "| a | b |\n|---|---|",
    "[1] [2] [99999999999999999999]", "{{constructor}} ${x} %s %(x)s {0} {} \\1 \\g<1>", "\\begin{table}{{{",
    "=cmd()", "＝cmd()", "'; DROP TABLE turns; --", '{"question": 1}', "(((((" * 200, "[" * 400, "a(b" * 300, "*" * 300,
)  # fmt: skip
_OPTIONS = ("--help", "-c", "-", "--", "--index=/", "-k -1", "@file", "\\", "'", '"', "`", "$(id)")
_DATES = (
    "papers from 2024-13-45", "since 0000", "before 9999", "after 2025 and before 1990", "in the last 99 years",
    "in the last zero decades", "from 31 February 2023", "since 20255555", "in 99999", "before 1000 BC",
    "between 2099 and 1901", "in the 2020s and the 1890s", "last 0 months", "in the past hundred decades",
    "papers since １９９９", "papers since ٢٠٢٣",
)  # fmt: skip
_NUMBERED = (
    "the 99th paper", "paper 0", "#00", "what does [0] say?", "[99]", "the last one", "number 7 and number 8",
    "with 0 authors", "with 9999 authors", "more than 0 authors", "fewer than 0 authors", "-1 authors", "1e999 authors",
)  # fmt: skip
_EMPTY = (
    "",
    " ",
    "\n",
    "?",
    ".",
    "...",
    "?!?!",
    "a",
    "the",
    "which papers",
    "why",
    "and?",
    "compare",
    " vs ",
    "vs.",
    "or",
)
_LONG = (
    "a" * 1_000_000,
    "word " * 200_000,
    "? " * 50_000,
    "and " * 5_000,
    "é" * 100_000,
    "owls vs " * 3_000,
    "[" + "1" * 100_000,
    "owls" + " " * 100_000 + "hear",
    "\u06cc" + "\u200d" * 100_000 + "\u06cc",
)
_FRAMES = (
    "{}",
    "which papers study {}?",
    "compare {} and {}",
    "how many {} were used, and why is it not {}?",
    "is it true that {} outperforms {}?",
    "papers by {} authors from {} since 2023",
    "what does the {} paper say about {}",
    "and {}?",
)
_GROUPS = (
    _SURROGATES, _CASELESS, _COUNTED, _DIGITS, _CONTROLS, _DIRECTIONS, _SCRIPTS, _MARKUP, _OPTIONS, _DATES, _NUMBERED,
    _EMPTY, _LONG,
)  # fmt: skip


def odd_texts(count: int) -> Iterator[str]:
    """`count` different texts: every kind in every frame before any frame has every piece."""
    frames = itertools.cycle(_FRAMES)
    groups = [itertools.cycle(group) for group in _GROUPS]
    seen: set[str] = set()
    while len(seen) < count:
        frame = next(frames)
        for group in groups:
            piece = next(group)
            text = piece if len(piece) > 90_000 else frame.replace("{}", piece)
            if text not in seen and len(seen) < count:
                seen.add(text)
                yield text


def odd_histories(text: str) -> tuple[tuple[Turn, ...], ...]:
    """What may have been said before: nothing, the text itself, a long talk, ids of no paper."""
    talk = (Turn("user", text), Turn("assistant", f"“{text}” [1]", ("no such paper", text[:200])))
    return ((), talk, (*(talk * 3), Turn("user", "and then?")))


def ask_all(assistant, texts, *, after=lambda answer: None):
    """The errors that are not Quoth's own, by kind and place, of asking and searching each text."""
    from rag.errors import QuothError

    found: Counter[str] = Counter()
    for number, text in enumerate(texts):
        history = odd_histories(text)[number % 3]
        try:
            assistant.search(text, k=3)
            after(assistant.ask(text, history=history))
        except QuothError:
            continue
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
            found[place] += 1
            sys.stderr.write(f"{place}: {text[:60]!a}: {str(error)[:100]!a}\n")
    return found


def shown_dead(answer) -> None:
    """Show an answer everywhere; an AssertionError names a surface that something alive is on."""
    from hostile import ALIVE

    from rag.contract import answer_to_json
    from rag.contract.wire import json_text
    from ui.doors.openai import content_of
    from ui.html.answer import answer_html
    from ui.talk.codec import answer_from_text, answer_to_text
    from ui.talk.exports import FORMATS, exported

    surfaces = {form: exported(answer, format=form) for form in FORMATS}
    surfaces |= {"chat": content_of(answer), "contract": json_text(answer_to_json(answer))}
    surfaces["page"] = str(answer_html(answer, turn="t"))
    for name, text in surfaces.items():
        text.encode()
        found = ALIVE.search(text.replace("\r\n", "").replace("\n", ""))
        assert found is None, f"{name}: {found[0]!a}"
    assert answer_from_text(answer_to_text(answer)) == answer


def main() -> int:
    """Ask; 1 when a foreign error was met, or something came alive."""
    from rag import build
    from rag.config import load_config

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--set", action="append", default=[])
    options = parser.parse_args()
    config = load_config(None, settings=["llm.model=off", *options.set], index=options.index)
    texts = list(odd_texts(options.count))
    sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))
    found = ask_all(build.assistant(config), texts, after=shown_dead)
    sys.stdout.write(f"{len(texts)} questions, {sum(found.values())} foreign errors\n")
    for place, number in found.most_common():
        sys.stdout.write(f"{number:5} {place}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
