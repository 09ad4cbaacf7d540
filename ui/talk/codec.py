"""Answers to JSON and back, whole: the contract leaves the abstracts out, a conversation may not.

An answer read back is checked by its own type: every quote must still be words of its abstract.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rag.types import (
    Answer,
    Citation,
    Claim,
    Filters,
    Nearest,
    Paper,
    Passage,
    RecordCitation,
    Screened,
    Source,
    Suggestion,
    Trace,
)


def answer_to_text(answer: Answer) -> str:
    """The answer as one line of JSON that `answer_from_text` reads back to an equal answer."""
    return json.dumps(asdict(answer), default=_plain)


def answer_from_text(text: str) -> Answer:
    """The answer written by `answer_to_text`.

    Raises:
        ValueError: the text is not such an answer, or a quote is not words of its abstract.
    """
    try:
        tree = json.loads(text)
        return Answer(
            **{
                **tree,
                "claims": tuple(_claim(claim) for claim in tree["claims"]),
                "sources": tuple(
                    Source(**{**source, "paper": _paper(source["paper"])})
                    for source in tree["sources"]
                ),
                "nearest": tuple(
                    Nearest(paper=_paper(near["paper"]), score=near["score"])
                    for near in tree["nearest"]
                ),
                "perhaps": tuple(_suggestion(one) for one in tree.get("perhaps", ())),
                "also": tuple(_suggestion(one) for one in tree.get("also", ())),
                "screened": Screened(**tree["screened"]),
                "filters": _filters(tree["filters"]),
                "trace": Trace(**tree["trace"]),
                "notes": tuple(tree.get("notes", ())),
            }
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a stored answer: {error}") from error


def _filters(tree: Mapping[str, Any]) -> Filters:
    listed = {name: tuple(value) for name, value in tree.items() if isinstance(value, list)}
    return Filters(**{**tree, **listed})


def _claim(tree: Mapping[str, Any]) -> Claim:
    citations = tuple(
        RecordCitation(**citation) if "field" in citation else Citation(**citation)
        for citation in tree["citations"]
    )
    return Claim(**{**tree, "citations": citations})


def _suggestion(tree: Mapping[str, Any]) -> Suggestion:
    paper, passage = _paper(tree["paper"]), Passage(**tree["passage"])
    return Suggestion(paper=paper, score=tree["score"], passage=passage)


def _paper(tree: Mapping[str, Any]) -> Paper:
    listed = ("authors", "source", "keywords")
    return Paper(**{**tree, **{name: tuple(tree.get(name, ())) for name in listed}})


def _plain(value: object) -> object:
    """Numbers of numpy, which a score may be."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be stored")
