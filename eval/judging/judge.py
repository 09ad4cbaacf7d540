"""A language model as a judge of answers: never the only figure, and never without its agreement.

A small judge is a weak one, and every judge prefers what comes first. So both orders are asked
and averaged, the rating is the expectation over the grades' probabilities and not the grade that
is likeliest, and what the judge says is reported beside how far it agrees with the gold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from eval.metrics.equivalence import equivalence
from eval.runs.answers import ShownAnswer, read_answer
from eval.runs.records import Run
from eval.sets.questions import Question
from rag.models import prompts
from rag.models.prompts import Message

GRADES = ("1", "2", "3", "4", "5")
RATING_PROMPT = "judge_rating.v1"
PREFERENCE_PROMPT = "judge_preference.v1"
EQUIVALENCE_PROMPT = "judge_equivalence.v1"


class Rater(Protocol):
    """What tells how likely a model finds each of a few replies.

    `rag.models.writer.rating.Rater` is one.
    """

    def probabilities(
        self, messages: Sequence[Message], replies: Sequence[str]
    ) -> tuple[float, ...]:
        """The probability of each reply, given that it is one of them."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What the judge says of one answer.

    Attributes:
        rating: expected grade, brought to [0, 1].
        preference: probability in [0, 1] that it is the better one of two; None: none to compare.
        equivalence: mean over the gold answers of how surely it says them; None: there are none.
    """

    rating: float
    preference: float | None = None
    equivalence: float | None = None


def rate(rater: Rater, question: Question, answer: ShownAnswer) -> float:
    """The expected grade of an answer, brought to [0, 1].

        rating = (sum over grades g of g * P(g) - 1) / 4

    Source: TrustJudge, "TrustJudge: Inconsistencies of LLM-as-a-Judge and How to Alleviate Them",
    2025: continuous expectations lose less than the likeliest discrete grade.
    """
    messages = prompts.load(RATING_PROMPT).fill(
        question=question.question, gold=gold_of(question), answer=answer.text
    )
    shares = rater.probabilities(messages, GRADES)
    expected = sum(int(grade) * share for grade, share in zip(GRADES, shares, strict=True))
    return (expected - 1) / (len(GRADES) - 1)


def prefer(rater: Rater, question: Question, one: ShownAnswer, other: ShownAnswer) -> float:
    """The probability that the first answer is the better one, both orders averaged.

        preference = (P(A | one, other) + P(B | other, one)) / 2

    Source: balanced position calibration of Wang et al., "Large Language Models are not Fair
    Evaluators", ACL 2024.
    """
    prompt = prompts.load(PREFERENCE_PROMPT)
    gold = gold_of(question)
    fields = {"question": question.question, "gold": gold}
    ahead = prompt.fill(**fields, first=one.text, second=other.text)
    behind = prompt.fill(**fields, first=other.text, second=one.text)
    first, _ = rater.probabilities(ahead, ("A", "B"))
    _, second = rater.probabilities(behind, ("A", "B"))
    return (first + second) / 2


def said(rater: Rater, question: Question, answer: ShownAnswer) -> float | None:
    """Answer equivalence with the model as its learned tier, asked where strings do not match.

    Returns:
        In [0, 1]; None when there are no gold answers; 0 for silence.
    """

    def learned(asked: str, gold: str, text: str) -> float:
        messages = prompts.load(EQUIVALENCE_PROMPT).fill(question=asked, gold=gold, text=text)
        return rater.probabilities(messages, ("Yes", "No"))[0]

    shown = () if answer.abstained else answer.shown
    return equivalence(shown, question.answers, question=question.question, learned=learned)


def judge_run(
    run: Run,
    rater: Rater,
    *,
    against: Run | None = None,
    path: Path | None = None,
    progress: Callable[[], object] = lambda: None,
) -> dict[str, Judged]:
    """Judge every answer of a run that has one, and write what the judge says to RUN/judge.jsonl.

    Args:
        run: whose answers are rated.
        rater: the model.
        against: another run over the same questions, to prefer one of the two answers.
        path: where to write instead.
        progress: called after each question.
    """
    judged = {}
    for name, record in run.records.items():
        progress()
        if record.answer is None:
            continue
        answer = read_answer(record.answer)
        preference = None
        rival = against.records.get(name) if against is not None else None
        if rival is not None and rival.answer is not None:
            preference = prefer(rater, record.question, answer, read_answer(rival.answer))
        judged[name] = Judged(
            rating=rate(rater, record.question, answer),
            preference=preference,
            equivalence=said(rater, record.question, answer),
        )
    lines = [json.dumps({"id": name, **asdict(one)}) for name, one in judged.items()]
    target = path or run.path / "judge.jsonl"
    temporary = target.with_suffix(".new")
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(target)
    return judged


def gold_of(question: Question) -> str:
    """What a right answer says, in words for the judge."""
    if not question.answerable:
        return "that the papers do not answer this, or that the question presumes something false"
    parts = [" or ".join(group) for group in question.answers]
    parts += [f"the paper {name}" for name in question.papers]
    return "; ".join(parts)
