"""What a line of a question set must be: each rule broken is one sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, get_args

QuestionType = Literal[
    "list",
    "fact",
    "paper",
    "compare",
    "followup",
    "filter",
    "overview",
    "metadata",
    "count",
    "unanswerable",
]
TYPES: tuple[QuestionType, ...] = get_args(QuestionType)

_KEYS = tuple("id type question papers also_ok answers history filter quotes today".split())
_WITH_ANSWERS = {"fact", "paper", "compare", "overview", "metadata", "count"}
_NOT_READ = ("hard", "note", "origin", "status")
_LISTS = {
    **dict.fromkeys(("papers", "also_ok"), "titles or paper_ids"),
    "quotes": "sentences of the papers",
}
_HISTORY = '"history" must be a list of {"role": "user" or "assistant", "content", "paper_ids"}'
_ANSWERS = '"answers" must be a list of lists of alternatives: [["93%", "93 percent"]]'


def problems_of(tree: Mapping[str, Any], *, draft: bool = False) -> list[str]:
    """All that is wrong with one object, in words; empty when it is a question.

    Args:
        tree: a line of a question set.
        draft: whether it waits for a person, who will fill in the gold.
    """
    return list(_shape(tree)) or ([] if draft else list(_gold(tree)))


def _shape(tree: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown_keys(tree)
    for key in ("id", "question"):
        if not isinstance(tree.get(key), str) or not tree[key].strip():
            yield f"{key!r} must be a text that is not empty"
    if tree.get("type") not in TYPES:
        yield f"type {tree.get('type')!r} is not one of {', '.join(TYPES)}"
    for key, what in _LISTS.items():
        if not _is_texts(tree.get(key, [])):
            yield f"{key!r} must be a list of {what}"
    answers = tree.get("answers", [])
    if not isinstance(answers, list) or not all(_is_texts(group) and group for group in answers):
        yield _ANSWERS
    if not _is_history(tree.get("history", [])):
        yield _HISTORY
    if not isinstance(tree.get("filter", {}), dict):
        yield '"filter" must be an object'
    if "today" in tree and not _is_day(tree["today"]):
        yield f'"today" must be a day such as "2026-11-30", not {tree["today"]!r}'


def _unknown_keys(tree: Mapping[str, Any]) -> Iterator[str]:
    for key in tree:
        if key not in (*_KEYS, *_NOT_READ):
            near = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.0)[0]
            yield f"unknown key {key!r}; did you mean {near!r}?"


def _gold(tree: Mapping[str, Any]) -> Iterator[str]:
    """What the type asks for and the gold does not have."""
    kind, papers = tree["type"], tree.get("papers", [])
    if kind == "unanswerable" and tree.get("answers") and not papers:
        yield "an unanswerable question has no answers, unless papers deny what it presumes"
    if kind != "unanswerable" and not papers:
        yield f"a {kind} question needs the papers that must be cited"
    if kind in _WITH_ANSWERS and not tree.get("answers"):
        yield f"a {kind} question needs answers"
    if kind == "compare" and len(papers) < 2:
        yield "a compare question needs two papers or more"
    if kind == "followup" and not tree.get("history"):
        yield "a followup question needs a history"
    if set(papers) & set(tree.get("also_ok", [])):
        yield "a paper is in papers and in also_ok"


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _is_history(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(turn, dict)
        and turn.get("role") in {"user", "assistant"}
        and isinstance(turn.get("content"), str)
        and _is_texts(turn.get("paper_ids", []))
        for turn in value
    )


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False
