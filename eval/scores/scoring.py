"""From a record to what is measured of it. No model runs here: records are raw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eval.metrics.average_precision import average_precision
from eval.metrics.citation_precision import citation_precision
from eval.metrics.citation_recall import citation_recall
from eval.metrics.citation_validity import claims_cited, markers_valid
from eval.metrics.conciseness import conciseness
from eval.metrics.equivalence import equivalence
from eval.metrics.gold_recall import gold_recall
from eval.metrics.k_precision import k_precision
from eval.metrics.ndcg import ndcg
from eval.metrics.quote_exactness import quotes_exact
from eval.metrics.r_precision import r_precision
from eval.metrics.recall import recall
from eval.metrics.reciprocal_rank import reciprocal_rank
from eval.metrics.statements import Judge
from eval.metrics.words import word_count
from eval.runs.answers import ShownAnswer, read_answer
from eval.runs.records import FoundPaper, Record, Run
from eval.runs.rivals import rival_answer
from eval.scores.correctness import (
    LENGTHS,
    cited_papers,
    score,
    score_at_any_length,
    within_lengths,
)
from eval.scores.figures import Row
from eval.sets.questions import SHAPES, Question, normal_title


@dataclass(frozen=True, slots=True)
class Scored:
    """A question with what was measured of its answer, and of the trivial answer beside it.

    `rival` is empty where the run did not keep what the trivial answer is made of.
    """

    record: Record
    row: Row
    rival: Row = field(default_factory=dict)

    @property
    def question(self) -> Question:
        """The question that was asked."""
        return self.record.question


def score_run(
    run: Run,
    judge: Judge,
    *,
    gold: Mapping[str, Question] | None = None,
) -> tuple[Scored, ...]:
    """Score every record of a run, in the order in which they were asked.

    Args:
        run: as read from its folder.
        judge: says whether passages support a sentence.
        gold: question_id -> question, to score against another gold than the one of the run.

    Raises:
        InputError: a record's answer is not an answer object.
    """
    scored = []
    rivals = _keeps_rivals(run)
    for question_id, record in run.records.items():
        question = (gold or {}).get(question_id, record.question)
        row = score_record(record, question, judge, abstracts=run.abstracts)
        if question_id in run.judged and record.answer is not None:
            said = run.judged[question_id]
            row = {
                **row,
                "judge_rating": said.get("rating"),
                "judge_equivalence": said.get("equivalence"),
            }
        rival = score_rival(record, question) if rivals else {}
        scored.append(Scored(record=record, row=row, rival=rival))
    return tuple(scored)


def score_rival(record: Record, question: Question) -> Row:
    """What is measured of the trivial answer to a question; empty where the question failed."""
    if record.answer is None:
        return {}
    return {"failed": 0.0, **_shown(question, rival_answer(question, record.hits))}


def _keeps_rivals(run: Run) -> bool:
    """Whether the run kept the sentences that trivial answers are made of."""
    return any(hit.sentences for record in run.records.values() for hit in record.hits)


def score_record(
    record: Record,
    question: Question,
    judge: Judge,
    *,
    abstracts: Mapping[str, str],
) -> Row:
    """Everything that is measured of one record; a failed one has failed and nothing else."""
    if record.answer is None:
        return {"failed": 1.0}
    answer = read_answer(record.answer)
    return {
        "failed": 0.0,
        **_shown(question, answer),
        **_retrieval(question, record.hits),
        **_citations(question, answer, judge, abstracts),
        **_cost(record, answer),
    }


def _shown(question: Question, answer: ShownAnswer) -> Row:
    """What the gold says of what a reader was shown."""
    return {
        **_answer(question, answer),
        **_papers(question, answer),
        **_honesty(question, answer),
    }


def _answer(question: Question, answer: ShownAnswer) -> Row:
    fits = within_lengths(question, answer)
    words = word_count(answer.text)
    limit = LENGTHS.get(question.type)
    spoken = not answer.abstained
    evidence = [quote.text for quote in answer.quotes]
    evidence += [title for _, title in answer.sources.values()]
    shown = answer.shown if spoken else ()  # silence shows no answer, whatever words it uses
    return {
        "score": score(question, answer),
        "score_at_any_length": score_at_any_length(question, answer),
        "gold_recall": gold_recall(shown, question.answers),
        "equivalence": equivalence(shown, question.answers),
        "k_precision": k_precision(answer.text, evidence) if spoken else None,
        "within_lengths": float(fits) if fits is not None and spoken else None,
        "conciseness": conciseness(words, limit=limit.words) if limit and spoken else None,
        "verbose": float(words > limit.words) if limit and spoken else None,
        "words": float(words) if spoken else None,
        "shape_right": _shape_right(question, answer),
    }


def _shape_right(question: Question, answer: ShownAnswer) -> float | None:
    """Whether the kind of the answer is of the shape that the question asks for."""
    if not question.shape or not answer.kind:
        return None
    return float(SHAPES.get(answer.kind) == question.shape)


def _papers(question: Question, answer: ShownAnswer) -> Row:
    papers = cited_papers(question, answer) if question.answerable else None
    return {
        "cited_f1": papers.f1 if papers else None,
        "cited_precision": papers.precision if papers else None,
        "cited_recall": papers.recall if papers else None,
    }


def _retrieval(question: Question, hits: Sequence[FoundPaper]) -> Row:
    """Figures of what search found, papers in also_ok left out of the ranking."""
    if not hits or not question.answerable:
        return {}
    spare = {normal_title(name) for name in question.also_ok}
    relevance = {normal_title(name): 1 for name in question.papers}
    ranking = []
    for hit in hits:
        title, paper_id = normal_title(hit.title), normal_title(hit.paper_id)
        if not {title, paper_id} & spare:
            ranking.append(paper_id if paper_id in relevance else title)
    return {
        "ndcg@10": ndcg(ranking, relevance, cutoff=10),
        "recall@10": recall(ranking, relevance, cutoff=10),
        "r_precision": r_precision(ranking, relevance),
        "mrr": reciprocal_rank(ranking, relevance),
        "map": average_precision(ranking, relevance),
    }


def _citations(
    question: Question, answer: ShownAnswer, judge: Judge, abstracts: Mapping[str, str]
) -> Row:
    statements = answer.statements(abstracts)
    written = [c.verdict == "supported" for c in answer.claims if c.verdict != "record"]
    return {
        "citation_recall": citation_recall(statements, judge),
        "citation_precision": citation_precision(statements, judge),
        "claims_cited": claims_cited(statements),
        "markers_valid": markers_valid(answer.text, answer.sources),
        "quotes_exact": quotes_exact(answer.quotes, abstracts),
        "written_share": sum(written) / len(written) if written else None,
    }


def _honesty(question: Question, answer: ShownAnswer) -> Row:
    spoken = not answer.abstained
    return {
        "abstained": float(answer.abstained),
        "unanswerable": float(not question.answerable),
        "over_refusal": float(answer.abstained) if question.answerable else None,
        "abstention_recall": None if question.answerable else float(answer.abstained),
        "confidence": answer.confidence,
        "right_as_answer": score(question, answer) if spoken else 0.0,
    }


def _cost(record: Record, answer: ShownAnswer) -> Row:
    seconds = answer.seconds
    return {
        "seconds_first": seconds.get("first_evidence"),
        "seconds_total": seconds.get("total", record.seconds or None),
        "tokens": float(sum(answer.tokens.values())) if answer.tokens else None,
        "peak_mb": record.peak_mb or None,
        **{f"stage:{name}": value for name, value in seconds.items()},
    }
