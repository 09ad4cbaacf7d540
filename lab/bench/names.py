"""How well papers are found by name: `python -m lab.bench.names FILE...` (any format we read).

Each paper is named in three ways: by its title with one slip of a letter, by the name it coins in
its title, in lower case, and by three content words of its title.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from rag.language.spelling import is_common
from rag.language.wording import content_words
from rag.names.coined import is_name_like, title_names
from rag.names.resolve import Names
from rag.papers import read
from rag.types import Paper

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST: Final = 5  # letters of a word that gets a slip
_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Score:
    """One way of naming: questions asked, answered with any paper, and with the right one.

    Attributes:
        asked: questions.
        found: questions for which some paper was found.
        right: questions for which the right paper was among them.
        alone: questions for which the right paper was the only one.
        seconds: a question, mean.
    """

    asked: int
    found: int
    right: int
    alone: int
    seconds: float

    @property
    def recall(self) -> float:
        """Right / asked."""
        return self.right / self.asked if self.asked else 0.0

    @property
    def precision(self) -> float:
        """Right / found."""
        return self.right / self.found if self.found else 0.0


def with_slip(title: str, rng: random.Random) -> str | None:
    """`title` with one letter dropped, doubled, changed or swapped inside one longer word."""
    spans = [match.span() for match in re.finditer(rf"[a-zA-Z]{{{_SHORTEST},}}", title)]
    if not spans:
        return None
    start, end = rng.choice(spans)
    place = rng.randrange(start + 1, end - 1)
    changed = {
        "drop": title[:place] + title[place + 1 :],
        "double": title[:place] + title[place] + title[place:],
        "change": title[:place] + rng.choice(_LETTERS) + title[place + 1 :],
        "swap": title[:place] + title[place + 1] + title[place] + title[place + 2 :],
    }
    return changed[rng.choice(sorted(changed))]


def coined(title: str) -> str | None:
    """The one-word name before the colon of a title, in lower case."""
    head = title.split(":")[0].strip()
    if ":" not in title or " " in head or head not in title_names(title):
        return None
    return head.lower() if is_name_like(head) or not is_common(head.lower()) else None


def three_words(title: str, rng: random.Random) -> str | None:
    """Three content words of a title, in its order."""
    words = list(dict.fromkeys(content_words(title)))
    if len(words) < _WORDS:
        return None
    chosen = set(rng.sample(words, _WORDS))
    return " ".join(word for word in words if word in chosen)


def questions(paper: Paper, rng: random.Random) -> Iterator[tuple[str, str]]:
    """The ways of naming a paper, each with a question that names it so."""
    makers: tuple[tuple[str, Callable[[], str | None], str], ...] = (
        ("title with a slip", lambda: with_slip(paper.title, rng), "{}: what does it propose?"),
        ("coined name, lower case", lambda: coined(paper.title), "what does {} propose?"),
        ("three words of the title", lambda: three_words(paper.title, rng), "the {} paper please"),
    )
    for way, make, frame in makers:
        name = make()
        if name:
            yield way, frame.format(name)


def measure(papers: list[Paper], *, most: int, seed: int) -> dict[str, Score]:
    """Scores of each way of naming over at most `most` papers."""
    names = Names(papers)
    rng = random.Random(seed)
    counts: dict[str, list[float]] = {}
    for paper in rng.sample(papers, min(most, len(papers))):
        for way, question in questions(paper, rng):
            started = perf_counter()
            found = {one for mention in names.resolve(question) for one in mention.paper_ids}
            row = counts.setdefault(way, [0, 0, 0, 0, 0.0])
            right = paper.paper_id in found
            added = (1, bool(found), right, right and len(found) == 1, perf_counter() - started)
            counts[way] = [one + more for one, more in zip(row, added, strict=True)]
    return {
        way: Score(int(n), int(found), int(right), int(alone), seconds / n)
        for way, (n, found, right, alone, seconds) in counts.items()
    }


def main(arguments: list[str]) -> None:
    """Reads the files, builds the names, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args(arguments)
    papers = {
        item.paper_id: item
        for path in chosen.files
        for item in read(path)
        if isinstance(item, Paper)
    }
    started = perf_counter()
    Names(papers.values())
    built = perf_counter() - started
    sys.stdout.write(f"{len(papers)} papers, names built in {built:.2f} s\n")
    sys.stdout.write("way | questions | recall | precision | right alone | ms a question\n")
    scores = measure(list(papers.values()), most=chosen.most, seed=chosen.seed)
    for way, score in scores.items():
        sys.stdout.write(
            f"{way} | {score.asked} | {score.recall:.3f} | {score.precision:.3f} | "
            f"{score.alone / score.asked:.3f} | {1000 * score.seconds:.2f}\n"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
