"""How a question and what was said before it are written down for the asker.

    [CLS] question [SEP] last question | last answer, each paper behind its number [SEP]

A paper that the answer does not name by its title stands behind it. Titles and answers are cut:
what a question leans on is mostly near.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from rag.language.wording import normalize

MOST_TOKENS = 96
"""Of the question; of what stands before it as many again and a third."""
MOST_BEFORE = 128
MOST_PAPERS = 10
_LONGEST_TITLE = 90
_LONGEST_SAID = 400
SHAPES = ("", "plain", "Capital", "CAPITALS", "miXed", "digits", "with digits", "mark", "quoted")
"""What the encoder does not see, which reads all in lower case."""


class Before(NamedTuple):
    """The last exchange: what was asked, what was said, and the titles of the papers of it."""

    asked: str = ""
    said: str = ""
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A question for the model.

    Attributes:
        ids: of the tokens.
        shapes: of the tokens, places of `SHAPES`; 0 of marks and of what was said before.
        first: where the tokens of the question begin; they are `len(spans)`.
        spans: (start, end) of the question's tokens, in characters.
        papers: (first, last) tokens of each paper of the last answer, in order, last not included;
            (0, 0) of one that was cut.
    """

    ids: list[int]
    shapes: list[int]
    first: int
    spans: tuple[tuple[int, int], ...]
    papers: tuple[tuple[int, int], ...]


def row(tokenizer: Any, question: str, before: Before) -> Row:
    """The row of a question; `tokenizer` as `tokenizers.Tokenizer`, without its own marks."""
    asked = tokenizer.encode(question, add_special_tokens=False)
    start, end = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
    spans = tuple(asked.offsets[:MOST_TOKENS])
    ids = [start, *asked.ids[:MOST_TOKENS], end]
    shapes = [0, *(_shape(question, *span) for span in spans), 0]
    text, stretches = _written(before)
    papers: list[tuple[int, int]] = []
    if text:
        told = tokenizer.encode(text, add_special_tokens=False)
        offsets = told.offsets[:MOST_BEFORE]
        for first, last in stretches:
            places = [i for i, (a, b) in enumerate(offsets) if a < last and b > first]
            papers.append((len(ids) + places[0], len(ids) + places[-1] + 1) if places else (0, 0))
        ids += [*told.ids[:MOST_BEFORE], end]
        shapes += [0] * (len(ids) - len(shapes))
    return Row(ids, shapes, 1, spans, tuple(papers))


def _written(before: Before) -> tuple[str, list[tuple[int, int]]]:
    """What was said before as one text, and where in it each paper stands."""
    said = normalize(before.said)[:_LONGEST_SAID]
    titles = [normalize(title)[:_LONGEST_TITLE] for title in before.titles[:MOST_PAPERS]]
    marks: list[tuple[int, int]] = []  # (place in `said`, number)
    missing: list[int] = []
    for number, title in enumerate(titles, start=1):
        place = said.lower().find(title.lower()[:30])
        if place < 0 or not title:
            missing.append(number)
        else:
            marks.append((place, number))
    parts, done = [normalize(before.asked)[-160:], " | "] if said or titles else [], 0
    starts: dict[int, int] = {}
    for place, number in sorted(marks):
        parts.append(said[done:place])
        starts[number] = sum(map(len, parts))
        parts.append(f"[{number}] ")
        done = place
    parts.append(said[done:])
    for number in missing:
        starts[number] = sum(map(len, parts)) + 1
        parts.append(f" [{number}] {titles[number - 1]}")
    text = "".join(parts)
    ordered = sorted(starts.items(), key=lambda item: item[1])
    ends = [*(start for _, start in ordered[1:]), len(text)][: len(ordered)]
    stretch = {number: (start, end) for (number, start), end in zip(ordered, ends, strict=True)}
    return text, [stretch[number] for number in sorted(stretch)]


def _shape(text: str, start: int, end: int) -> int:
    """How the word that a token belongs to is written."""
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    word = text[start:end]
    if not word.isalnum():
        return 7
    quoted = start > 0 and text[start - 1] in "\"'\u201c\u2018" and text.count(text[start - 1]) > 1
    if word.isdigit():
        return 5
    if any(letter.isdigit() for letter in word):
        return 6
    if quoted:
        return 8
    if word.islower():
        return 1
    if word.isupper() and len(word) > 1:
        return 3
    return 2 if (word[0].isupper() and word[1:].islower()) or len(word) == 1 else 4
