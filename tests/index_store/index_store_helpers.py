"""A small corpus maker: documents whose vectors are a function of their text."""

from __future__ import annotations

import hashlib

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
