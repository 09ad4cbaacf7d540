"""BEIR-shaped folders: a corpus, queries, and who is relevant to what.

    corpus.jsonl[.gz|.xz]   {"_id" or "id", "title", "text"}
    queries.jsonl[.gz|.xz]  {"_id" or "id", "text"}
    qrels.tsv, or qrels/test.tsv (else dev, train)   query-id, corpus-id, score; TREC's four columns

Source: https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset
"""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rag.errors import InputError

_OPENERS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".xz": lzma.open}
_ENDINGS = ("", ".gz", ".xz")


@dataclass(frozen=True, slots=True)
class BeirFolder:
    """A retrieval benchmark.

    Attributes:
        name: of the folder.
        corpus: the file of documents.
        documents: ids of the documents.
        queries: query id -> text, of the queries that are judged.
        relevance: query id -> document id -> grade; above 0 is relevant.
    """

    name: str
    corpus: Path
    documents: frozenset[str]
    queries: Mapping[str, str]
    relevance: Mapping[str, Mapping[str, int]]


def read_beir(folder: Path) -> BeirFolder:
    """Read a folder.

    Raises:
        InputError: a file is missing or a line of one cannot be read: file and line are named.
    """
    corpus = _find(folder, "corpus.jsonl")
    relevance = _read_qrels(_find_qrels(folder))
    texts = {
        name: _text(tree, place)
        for place, name, tree in _json_lines(_find(folder, "queries.jsonl"))
    }
    queries = {name: texts[name] for name in relevance if name in texts}
    if not queries:
        raise InputError(f"{folder}: no query of queries.jsonl is judged in the qrels")
    return BeirFolder(
        name=folder.resolve().name,
        corpus=corpus,
        documents=frozenset(name for _, name, _ in _json_lines(corpus)),
        queries=queries,
        relevance=relevance,
    )


def _find(folder: Path, name: str) -> Path:
    for ending in _ENDINGS:
        path = folder / f"{name}{ending}"
        if path.is_file():
            return path
    raise InputError(f"{folder} has no {name} (nor {name}.gz, {name}.xz)")


def _find_qrels(folder: Path) -> Path:
    places = ["qrels.tsv", *(f"qrels/{split}.tsv" for split in ("test", "dev", "train"))]
    for place in places:
        if (folder / place).is_file():
            return folder / place
    raise InputError(f"{folder} has no qrels; looked for {', '.join(places)}")


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    relevance: dict[str, dict[str, int]] = {}
    with _opened(path) as file:
        for number, line in enumerate(file, start=1):
            cells = line.split("\t") if "\t" in line else line.split()
            cells = [cell.strip() for cell in cells]
            if not any(cells) or (number == 1 and not _is_whole(cells[-1])):
                continue  # an empty line, or the header
            if len(cells) == 4:  # TREC: query, iteration, document, grade
                cells = [cells[0], *cells[2:]]
            if len(cells) != 3 or not _is_whole(cells[2]):
                raise InputError(f"{path}:{number}: wants query-id, corpus-id and a whole score")
            relevance.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    return relevance


def _json_lines(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    with _opened(path) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            try:
                tree = json.loads(line)
                yield place, str(tree.get("_id", tree.get("id"))), tree
            except (ValueError, AttributeError) as error:
                raise InputError(f"{place}: not a JSON object: {error}") from error


def _text(tree: Mapping[str, Any], place: str) -> str:
    text = tree.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f'{place}: a query needs a "text"')
    return text


def _opened(path: Path) -> IO[str]:
    opener = _OPENERS.get(path.suffix, open)
    try:
        file: IO[str] = opener(path, "rt", encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    return file


def _is_whole(text: str) -> bool:
    return text.lstrip("-").isdigit()
