"""The same questions, made harder by rule: what FailSafeQA does by hand, for any question set.

    questions   misspelled, incomplete, out_of_domain, paraphrased
    papers      missing, degraded, irrelevant, permuted

Perturbations of questions keep the gold. Of those of papers, `missing` takes the gold papers away,
so that silence is what is right; under the others the answers must stay as they are. Everything
is drawn from the seed and the question's or paper's own id: order and number do not matter.

Source: Kamble et al., "Expect the Unexpected: FailSafe Long Context QA for Finance", 2025.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from eval.metrics.words import is_function_word
from eval.sets.distractors import distractor
from eval.sets.questions import Question, normal_title
from eval.sets.rewording import layman, reword
from rag.errors import UsageError
from rag.types import Paper

_TOKEN = re.compile(r"[^\W\d_]+")
_NEIGHBOURS = {
    key: "".join(row[max(0, place - 1) : place] + row[place + 1 : place + 2])
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for place, key in enumerate(row)
}
_LOOK_ALIKES = (
    ("rn", "m"),
    ("m", "rn"),
    ("l", "1"),
    ("O", "0"),
    ("e", "c"),
    ("h", "b"),
    ("i", "l"),
)
SHORTEST_MISTYPED = 5  # letters; slips in shorter words make other words
WORDS_PER_SLIP = 6
SCAN_ERRORS = 0.03  # of the places where a scan could go wrong


def perturb_questions(
    questions: Sequence[Question], name: str, *, seed: int = 0
) -> tuple[Question, ...]:
    """The questions as they are asked under a perturbation; "" is none.

    Raises:
        UsageError: there is no such perturbation.
    """
    if name == "missing":
        return tuple(_unanswerable(question) for question in questions)
    if name in PAPERS or not name:
        return tuple(questions)
    change = QUESTIONS.get(name)
    if change is None:
        known = ", ".join(sorted({*QUESTIONS, *PAPERS}))
        raise UsageError(f"there is no perturbation {name!r}; there are: {known}")
    return tuple(
        replace(question, question=change(question.question, _draw(seed, question.question_id)))
        for question in questions
    )


def perturb_papers(
    papers: Sequence[Paper], questions: Iterable[Question], name: str, *, seed: int = 0
) -> tuple[Paper, ...]:
    """The papers under a perturbation.

    Args:
        papers: of the index.
        questions: as they were before `perturb_questions`: their gold says which papers matter.
        name: a perturbation; those of questions leave the papers as they are.
        seed: other noise and another order with another seed.
    """
    change = PAPERS.get(name)
    if change is None:
        return tuple(papers)
    gold = {normal_title(n) for q in questions for n in (*q.papers, *q.also_ok)}
    return tuple(change(papers, gold, seed))


def misspell(text: str, generator: random.Random) -> str:
    """A slip in one of every six words: letters swapped, dropped, doubled, or a neighbouring key.

    First letters stay, as they do in real slips.
    """
    words = [match for match in _TOKEN.finditer(text) if len(match[0]) >= SHORTEST_MISTYPED]
    count = max(1, round(len(text.split()) / WORDS_PER_SLIP))
    chosen = generator.sample(words, min(count, len(words)))
    for match in sorted(chosen, key=lambda one: one.start(), reverse=True):
        text = text[: match.start()] + _slip(match[0], generator) + text[match.end() :]
    return text


def _slip(word: str, generator: random.Random) -> str:
    place = generator.randrange(1, len(word) - 1)
    kind = generator.choice(("swap", "drop", "double", "neighbour"))
    if kind == "swap" and word[place] != word[place + 1]:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == "double":
        return word[:place] + word[place] + word[place:]
    near = _NEIGHBOURS.get(word[place].lower(), "")
    if kind == "neighbour" and near:
        return word[:place] + generator.choice(near) + word[place + 1 :]
    return word[:place] + word[place + 1 :]


def abbreviate(text: str, generator: random.Random) -> str:
    """The question as search terms: its function words and punctuation left out."""
    kept = [word.strip("?!.,;:") for word in text.split()]
    kept = [word for word in kept if word and not is_function_word(word)]
    return " ".join(kept) or text


def degrade(text: str, generator: random.Random) -> str:
    """The text as a bad scan reads it: look-alike letters, lost spaces, hyphens at line ends."""
    pieces = []
    for word in text.split(" "):
        if generator.random() < SCAN_ERRORS and len(word) > 6:
            half = len(word) // 2
            word = f"{word[:half]}-\n{word[half:]}"
        for written, read in _LOOK_ALIKES:
            if written in word and generator.random() < SCAN_ERRORS:
                word = word.replace(written, read, 1)
        pieces.append(word if generator.random() < SCAN_ERRORS else f"{word} ")
    return "".join(pieces).rstrip()


def _missing(papers: Sequence[Paper], gold: set[str], seed: int) -> list[Paper]:
    return [paper for paper in papers if not _in(paper, gold)]


def _degraded(papers: Sequence[Paper], gold: set[str], seed: int) -> list[Paper]:
    return [
        replace(paper, abstract=degrade(paper.abstract, _draw(seed, paper.paper_id)))
        if _in(paper, gold)
        else paper
        for paper in papers
    ]


def _irrelevant(papers: Sequence[Paper], gold: set[str], seed: int) -> list[Paper]:
    """As many papers of far-away fields again as there are."""
    return [*papers, *(distractor(number, seed=seed) for number in range(len(papers)))]


def _permuted(papers: Sequence[Paper], gold: set[str], seed: int) -> list[Paper]:
    shuffled = list(papers)
    random.Random(seed).shuffle(shuffled)
    return shuffled


def _in(paper: Paper, names: set[str]) -> bool:
    return normal_title(paper.title) in names or normal_title(paper.paper_id) in names


def _unanswerable(question: Question) -> Question:
    return replace(question, type="unanswerable", papers=(), also_ok=(), answers=(), history=())


def _draw(seed: int, name: str) -> random.Random:
    return random.Random(f"{seed}:{name}")


QUESTIONS: dict[str, Callable[[str, random.Random], str]] = {
    "misspelled": misspell,
    "incomplete": abbreviate,
    "out_of_domain": layman,
    "paraphrased": reword,
}
PAPERS: dict[str, Callable[[Sequence[Paper], set[str], int], list[Paper]]] = {
    "missing": _missing,
    "degraded": _degraded,
    "irrelevant": _irrelevant,
    "permuted": _permuted,
}
