"""The lexical index: BM25 over stemmed words, kept by bm25s.

Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond";
the variant is Lucene's (Kamphuis et al. 2020), k1=1.5 and b=0.75. bm25s: Lù 2024,
https://arxiv.org/abs/2407.03618.
"""

from __future__ import annotations

import logging
import re
import threading
from array import array
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.files import Files

WORDS = "words"
"""The folder of the lexical index in that of a generation."""
_ARRAYS = ("data", "indices", "indptr")
_WORD = re.compile(r"\b\w\w+\b")


def words(text: str) -> list[str]:
    """The words of a text as they are indexed and asked for: lower case, stemmed, no stop words."""
    stop_words = _english.stop_words
    return list(
        _english.stem([word for word in _WORD.findall(text.lower()) if word not in stop_words])
    )


class _English(threading.local):
    """Stemmer and stop words, imported when first used; a stemmer may not be shared by threads."""

    def __getattr__(self, name: str) -> Any:
        import Stemmer
        from bm25s.stopwords import STOPWORDS_EN

        self.stem = Stemmer.Stemmer("english").stemWords
        self.stop_words = frozenset(STOPWORDS_EN)
        return self.__dict__[name]


_english = _English()


def _bm25s() -> Any:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for DEBUG when imported
    return bm25s


class WordsBuilder:
    """Collects the words of documents, in their order, then writes the index."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._documents: list[array[int]] = []

    def add(self, text: str) -> None:
        """The next document."""
        vocabulary = self._vocabulary
        # Numbers in order of first sight: the same documents give the same files.
        numbers = (vocabulary.setdefault(word, len(vocabulary)) for word in words(text))
        self._documents.append(array("i", numbers))

    def save(self, folder: Path) -> None:
        """Write the index; nothing at all when no document has a word, as bm25s needs one."""
        folder.mkdir(parents=True)
        if not self._vocabulary:
            return
        index = _bm25s().BM25()
        index.index(
            (self._documents, self._vocabulary), create_empty_token=False, show_progress=False
        )
        index.save(folder, show_progress=False)


class Words:
    """The lexical index of a generation."""

    def __init__(self, files: Files, *, documents: int) -> None:
        self._documents = documents
        self._index: Any = None
        # What was written decides, not what is there: a lost file is damage, not an index of none.
        if f"{WORDS}/params.index.json" in files:
            self._index = _bm25s().BM25.load(files.folder / WORDS, mmap=True, show_progress=False)
            for name in _ARRAYS:
                self._index.scores[name] = files.array(f"{WORDS}/{name}.csc.index.npy")

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 of every document: (n,) float32, 0 where no word of the question occurs."""
        known = self._index.get_tokens_ids(words(question)) if self._index is not None else []
        if not known:
            return np.zeros(self._documents, dtype=np.float32)
        return np.asarray(self._index.get_scores_from_ids(known), dtype=np.float32)

    def frequency(self, word: str) -> int:
        """In how many documents a word occurs, as `words` gives it; 0 when in none."""
        number = self._index.vocab_dict.get(word) if self._index is not None else None
        if number is None:
            return 0
        begins = self._index.scores["indptr"]
        return int(begins[number + 1] - begins[number])
