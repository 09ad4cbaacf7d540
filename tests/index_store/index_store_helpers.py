"""A small corpus maker: documents whose vectors are a function of their text."""

from __future__ import annotations

import hashlib
import json

import numpy as np

from index_store.documents import Document, Sentence, row_id
from index_store.manifest import Settings
from index_store.writer import open_writer

SETTINGS = Settings(embedder="test", chunking="1")
_texts: dict[str, str] = {}


def vector_of(text):
    """An (8,) float32 unit vector that the text decides."""
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
    vector = np.random.default_rng(seed).normal(size=8)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _row(name, kind, text):
    row = row_id(embedder="test", document_id=name, kind=kind, text=text)
    _texts[row] = text
    return row


def document(name, sentences, payload=None):
    """A document with title `name`; its rows stand for "name whole" and "name sentence"."""
    rows = [_row(name, "sentence", f"{name} {text}") for text in sentences]
    spans = [Sentence(row, i, i + 1) for i, row in enumerate(rows)]
    payload = payload or {"title": name, "abstract": " ".join(sentences)}
    return Document(name, payload, _row(name, "whole", f"{name} whole"), tuple(spans))


def commit(folder, documents, dropped=()):
    """Embed what is missing and commit; `documents` by id."""
    entries = [documents[name] for name in sorted(documents)]
    with open_writer(folder, SETTINGS) as writer:
        missing = writer.missing_rows([row for entry in entries for row in entry.row_ids])
        if missing:
            writer.add_rows(missing, np.stack([vector_of(_texts[row]) for row in missing]))
        return writer.commit(entries, dropped=dropped)


def flip(path):
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def zero(path):
    """Overwrite the second half of a file with zeros."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))


def cut(path):
    """Cut a file in two."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def lose(path):
    """Remove a file."""
    path.unlink()


HARMS = {harm.__name__: harm for harm in (flip, zero, cut, lose)}


def as_made_before_sums(folder):
    """Take from an index what its version did not write: the sums of the documents' lines."""
    for manifest in folder.rglob("manifest.json"):
        tree = json.loads(manifest.read_text())
        tree["files"].pop("sums.npy", None)
        manifest.write_text(json.dumps(tree))
    for sums in folder.rglob("sums.npy"):
        sums.unlink()


def files_of(folder):
    """Every file below a folder and its bytes, the lock aside."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != "index.lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
