"""Writes rag/data/common_words.txt: the words that scientific English is made of.

Counts only: a word that is written in lower case in several abstracts of a large, mixed pool is
plain English and not a coined name. Run by hand: `python -m lab.data.common_words POOL OUT`.
"""

from __future__ import annotations

import json
import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_LOWER_WORD: Final = re.compile(r"(?<![\w-])[a-z]{2,24}(?!\w)")
_PROPER_WORD: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,24}(?![\w-])")
FEWEST_ABSTRACTS: Final = 3
"""In a pool of 100,000 misspellings that occur three times are rarer than words that do."""
FEWEST_FOR_PROPER: Final = 20
"""Capitalised words count when many write them ("English", "Bayesian"): most are coined names."""


def texts(path: Path) -> Iterator[str]:
    """The abstracts of a JSON Lines file (.xz too)."""
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as lines:
        for line in lines:
            yield json.loads(line)["text"]


def common_words(abstracts: Iterable[str]) -> list[str]:
    """The words that enough of the abstracts write in lower case or as proper words, sorted."""
    counts: Counter[str] = Counter()
    proper: Counter[str] = Counter()
    for abstract in abstracts:
        counts.update(set(_LOWER_WORD.findall(abstract)))
        proper.update(set(_PROPER_WORD.findall(abstract)))
    plain = {word for word, count in counts.items() if count >= FEWEST_ABSTRACTS}
    return sorted(
        plain | {word.lower() for word, count in proper.items() if count >= FEWEST_FOR_PROPER}
    )


if __name__ == "__main__":
    found = common_words(texts(Path(sys.argv[1])))
    Path(sys.argv[2]).write_text("\n".join(found) + "\n", encoding="utf-8")
