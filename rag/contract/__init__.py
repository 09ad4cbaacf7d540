"""What comes in and what goes out: questions, JSON, the terminal, `quoth.answer/1`."""

from rag.contract.answers import (
    SCHEMA,
    answer_to_json,
    authors_line,
    hit_to_json,
    plain_text,
    table_title,
    title_line,
    unmarked,
)

__all__ = [
    "SCHEMA",
    "answer_to_json",
    "authors_line",
    "hit_to_json",
    "plain_text",
    "table_title",
    "title_line",
    "unmarked",
]
