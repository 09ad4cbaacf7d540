"""Papers out again: RIS, CSL-JSON, BibTeX, a table, Markdown, a paper at a time.

What is written is read back by `rag.papers.read` as it was, but for what a format has no place for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from rag.exports.bibtex import to_bibtex
from rag.exports.csl import to_csl
from rag.exports.markdown import to_markdown
from rag.exports.ris import to_ris
from rag.exports.table import to_table
from rag.types import Paper

EXPORTS: Mapping[str, Callable[[Iterable[Paper]], Iterator[str]]] = {
    "bib": to_bibtex,
    "csl": to_csl,
    "csv": to_table,
    "md": to_markdown,
    "ris": to_ris,
}
"""What writes papers, by the ending of the file: pieces of text, a paper or so each."""

__all__ = ["EXPORTS", "to_bibtex", "to_csl", "to_markdown", "to_ris", "to_table"]
