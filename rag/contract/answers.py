"""`quoth.answer/1` and the other JSON that leaves the program: nouns to plain dicts."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from rag.language.sane import LINE_ENDS, one_line
from rag.types import Answer, AnyCitation, Claim, Hit, Paper, RecordCitation, Suggestion

SCHEMA = "quoth.answer/1"
_ENDS_A_LINE = re.compile(rf"[{LINE_ENDS}\t]")
# No digit before the first: what could be told in two ways would be tried in all.
_MOST_NAMES = 12
"""Authors that are all named; of more, as in collaborations of thousands, the first are."""
_SHOWN_NAMES = 3
_MARKER = re.compile(r"[\[\uff3b]([\s,;\u2013-]*\d[\d\s,;\u2013-]*)[\]\uff3d]")


def answer_to_json(answer: Answer, *, question_id: str | None = None) -> dict[str, Any]:
    """The answer as one JSON object of the contract `quoth.answer/1`.

    Args:
        answer: any answer.
        question_id: the id of the batch line it answers, copied to "id" when given.
    """
    return {
        "schema": SCHEMA,
        **({"id": question_id} if question_id is not None else {}),
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "kind": answer.kind,
        "outcome": answer.outcome,
        "text": answer.text,
        "claims": [_claim(claim) for claim in answer.claims],
        "sources": [
            {
                "label": source.label,
                "paper_id": source.paper.paper_id,
                "title": source.paper.title,
                "date": source.paper.date,
                "authors": authors_line(source.paper),
                "url": source.paper.url,
                "score": round(source.score, 6),
                "parts": {name: round(value, 6) for name, value in source.parts.items()},
            }
            for source in answer.sources
        ],
        "nearest": [
            {
                "paper_id": near.paper.paper_id,
                "title": near.paper.title,
                "date": near.paper.date,
                "score": round(near.score, 6),
            }
            for near in answer.nearest
        ],
        **({"perhaps": [_suggestion(one) for one in answer.perhaps]} if answer.perhaps else {}),
        **({"also": [_suggestion(one) for one in answer.also]} if answer.also else {}),
        "screened": asdict(answer.screened),
        "filters": {
            name: value
            for name, value in asdict(answer.filters).items()
            if value not in (None, 0, ()) and (name, value) != ("order", "relevance")
        },
        "confidence": round(answer.confidence, 6),
        "reason": answer.reason,
        **({"notes": list(answer.notes)} if answer.notes else {}),
        "trace": {
            "llm": answer.trace.llm,
            "embedder": answer.trace.embedder,
            "prompts": dict(answer.trace.prompts),
            "index": answer.trace.index,
            "seconds": {name: round(value, 4) for name, value in answer.trace.seconds.items()},
            "tokens": dict(answer.trace.tokens),
        },
    }


def hit_to_json(hit: Hit) -> dict[str, Any]:
    """One line of a search result: the paper, its fused score, and its best sentences."""
    return {
        "paper_id": hit.paper.paper_id,
        "title": hit.paper.title,
        "score": round(hit.score, 6),
        "date": hit.paper.date,
        "authors": authors_line(hit.paper),
        "url": hit.paper.url,
        "parts": {name: round(value, 6) for name, value in hit.parts.items()},
        "passages": [
            {"text": p.text(hit.paper.abstract), "start": p.start, "end": p.end}
            for p in hit.passages
        ],
    }


def authors_line(paper: Paper) -> str:
    """Who wrote it, as well as the source says: names, else a count, else the organisation."""
    if len(paper.authors) > _MOST_NAMES:
        others = max(paper.author_count or 0, len(paper.authors)) - _SHOWN_NAMES
        return f"{', '.join(paper.authors[:_SHOWN_NAMES])} and {others:,} others"
    if paper.authors:
        return ", ".join(paper.authors)
    if paper.author_count is not None:
        return f"{paper.author_count} author{'s' if paper.author_count != 1 else ''}"
    return paper.organization or ""


def title_line(paper: Paper) -> str:
    """The title of a paper, or its id where it has none, as it stands beside words of ours."""
    return unmarked(paper.title) or unmarked(paper.paper_id)


def unmarked(words: str) -> str:
    """Words of a record or a person, on one line of an answer, with none that look like markers.

    A "[2]" of their own becomes "(2)": beside words of ours it would be taken for a source.
    """
    return _MARKER.sub(r"(\1)", one_line(words))


def table_title(paper: Paper) -> str:
    """The title as the head of a column: a bar in it would begin another."""
    return title_line(paper).replace("|", "/")


def plain_text(answer: Answer) -> str:
    """The text for a surface that knows lines only: a claim stays on its line, whatever is in it.

    Each character stands where it stood, so that the places of claims hold for it too.
    """
    text = answer.text
    for claim in answer.claims:
        if _ENDS_A_LINE.search(claim.text):
            words = _ENDS_A_LINE.sub(" ", claim.text)
            text = text[: claim.start] + words + text[claim.end :]
    return text


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "paper_id": one.paper.paper_id,
        "title": one.paper.title,
        "date": one.paper.date,
        "score": round(one.score, 6),
        "quote": one.passage.text(one.paper.abstract),
        "start": one.passage.start,
        "end": one.passage.end,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "verdict": claim.verdict,
        "citations": [_citation(citation) for citation in claim.citations],
    }


def _citation(citation: AnyCitation) -> dict[str, Any]:
    if isinstance(citation, RecordCitation):
        return {
            "label": citation.label,
            "paper_id": citation.paper_id,
            "field": citation.field,
            "value": citation.value,
        }
    return {
        "label": citation.label,
        "paper_id": citation.paper_id,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }
