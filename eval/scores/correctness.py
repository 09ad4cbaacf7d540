"""When an answer counts as right, by type of question. The rule of the project's acceptance table.

fact        not silent, every gold answer shown, a gold paper cited, within the lengths
paper       the same, with its own lengths
followup    the same, without lengths; without gold answers it is a list
metadata    the same, without lengths
compare     the same, and all gold papers cited
list, filter    F1 of the cited papers, also_ok left out of both sides
overview    mean of the gold answers shown and of the gold papers cited
count       not silent, the gold number in the answer's own words
unanswerable    silent, or the false premise denied: said so, and the sentence quoted for it
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from eval.metrics.gold_recall import gold_recall
from eval.metrics.words import without_markers, word_count
from eval.runs.answers import ShownAnswer
from eval.sets.questions import Question, normal_title
from rag.language.sentences import split


@dataclass(frozen=True, slots=True)
class Lengths:
    """What an answer of a type may be at most; None: no limit."""

    words: int
    papers: int | None
    sentences: int


LENGTHS = {
    "fact": Lengths(words=60, papers=2, sentences=3),
    "paper": Lengths(words=90, papers=None, sentences=5),
}


@dataclass(frozen=True, slots=True)
class CitedPapers:
    """Precision, recall and F1 of the cited papers; precision is None when none is counted."""

    precision: float | None
    recall: float
    f1: float


def score(question: Question, answer: ShownAnswer) -> float:
    """How right an answer is, in [0, 1]: 0 or 1 but for lists, filters and overviews."""
    if within_lengths(question, answer) is False:
        return 0.0
    return score_at_any_length(question, answer)


def score_at_any_length(question: Question, answer: ShownAnswer) -> float:
    """How right an answer is, however long: what it knows, apart from how it says it."""
    if question.listing:
        papers = cited_papers(question, answer)
        return papers.f1 if papers is not None else 0.0
    return float(_RULES[question.type](question, answer))


def within_lengths(question: Question, answer: ShownAnswer) -> bool | None:
    """Whether the answer keeps to its type's lengths; None where there are none."""
    limit = LENGTHS.get(question.type)
    if limit is None:
        return None
    return (
        word_count(answer.text) <= limit.words
        and (limit.papers is None or len(answer.sources) <= limit.papers)
        and quoted_sentences(answer) <= limit.sentences
    )


def quoted_sentences(answer: ShownAnswer) -> int:
    """How many sentences of papers the answer quotes, each counted once."""
    return sum(len(split(quote.text)) for quote in answer.quotes)


def cited_papers(question: Question, answer: ShownAnswer) -> CitedPapers | None:
    """The cited papers against the gold ones, also_ok left out of both.

        P = |cited and gold| / |cited|, R = |cited and gold| / |gold|, F1 = 2PR / (P + R)

    A silent answer cites nothing. None when the question has no gold papers.
    """
    spare = {normal_title(name) for name in question.also_ok}
    gold = {normal_title(name) for name in question.papers} - spare
    if not gold:
        return None
    # Gold names are titles or ids; a cited paper is whichever of its two names is asked for.
    cited = [] if answer.abstained else list(answer.sources.values())
    counted = [names for names in cited if not _is(names, spare)]
    hits = sum(_is(names, gold) for names in counted)
    precision = hits / len(counted) if counted else None
    recall = hits / len(gold)
    f1 = 2 * hits / (len(counted) + len(gold))
    return CitedPapers(precision=precision, recall=recall, f1=f1)


def _is(names: tuple[str, str], wanted: set[str]) -> bool:
    paper_id, title = names
    return normal_title(title) in wanted or normal_title(paper_id) in wanted


def _answered(question: Question, answer: ShownAnswer) -> bool:
    papers = cited_papers(question, answer)
    return (
        not answer.abstained
        and gold_recall(answer.shown, question.answers) == 1.0
        and papers is not None
        and papers.recall > 0
    )


def _compared(question: Question, answer: ShownAnswer) -> bool:
    papers = cited_papers(question, answer)
    return _answered(question, answer) and papers is not None and papers.recall == 1.0


def _overviewed(question: Question, answer: ShownAnswer) -> float:
    papers = cited_papers(question, answer)
    if answer.abstained or papers is None:
        return 0.0
    return ((gold_recall(answer.shown, question.answers) or 0.0) + papers.recall) / 2


def _counted(question: Question, answer: ShownAnswer) -> bool:
    own = _own_words(answer)
    return not answer.abstained and all(
        any(_stands_in(alternative, own) for alternative in alternatives)
        for alternatives in question.answers
    )


def _own_words(answer: ShownAnswer) -> str:
    """The text without what it took from papers: their sentences and titles, and the markers.

    A "4" in a sentence of a paper, or in "[4]", counts nothing.
    """
    own = answer.text
    taken = [claim.text for claim in answer.claims if claim.quotes]
    for text in [*taken, *(title for _, title in answer.sources.values())]:
        own = own.replace(text, " ")
    return without_markers(own)


def _stands_in(words: str, text: str) -> bool:
    """Whether words stand in a text by themselves: "4" does not in "14", "4.5" or "4,000"."""
    return bool(
        re.search(rf"(?<![\w.,]){re.escape(words)}(?!\w|[.,]\d)", text, flags=re.IGNORECASE)
    )


def _silent_or_denied(question: Question, answer: ShownAnswer) -> bool:
    return answer.abstained or premise_denied(question, answer)


def premise_denied(question: Question, answer: ShownAnswer) -> bool:
    """Whether an answer says that a question presumes what a paper denies, and quotes the paper.

    It has words of its own before its first claim ("The paper says otherwise:"), and that claim
    quotes the gold sentence. The sentence alone is told as if the premise held: the best sentences
    of a paper often hold it with nothing understood.
    """
    if answer.abstained or not answer.claims:
        return False
    first = answer.claims[0]
    said = any(character.isalpha() for character in answer.text.partition(first.text)[0])
    quoted = [_plain(quote.text) for quote in first.quotes]
    return said and any(_plain(gold) in quote for gold in question.quotes for quote in quoted)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


_RULES: dict[str, Callable[[Question, ShownAnswer], float]] = {
    "fact": _answered,
    "paper": _answered,
    "followup": _answered,
    "compare": _compared,
    "metadata": _answered,
    "overview": _overviewed,
    "count": _counted,
    "unanswerable": _silent_or_denied,
}
