"""Configuration to objects: the one file that names concrete classes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from index_store.snapshot import Snapshot
from rag.assistant import Assistant
from rag.config import BUNDLED, OFF, Config
from rag.errors import IndexMissingError
from rag.evidence.retrieval import Retriever
from rag.library.codec import open_index, stored_papers
from rag.library.corpus import Corpus
from rag.library.ingest import Ingestor
from rag.models.encoder import Encoder
from rag.models.entailment import Entailment
from rag.models.paper_reader import PaperReader
from rag.models.reader import Reader
from rag.models.writer.writer import Writer
from rag.types import Paper

# What libraries do unasked, closed before they are imported: their own channels to the outside.
_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    # bm25s imports jax where there is one, which then takes three quarters of a GPU's memory.
    "JAX_PLATFORMS": "cpu",
    "TRANSFORMERS_VERBOSITY": "error",
}


def quiet_libraries(config: Config) -> None:
    """No telemetry, no progress bars of libraries, no hub unless the user names a model there."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    named = (config.encoder.model, config.llm.model, config.answer.support_model)
    if not any(_from_hub(model) for model in named):
        os.environ.setdefault("HF_HUB_OFFLINE", "1")


def encoder(config: Config) -> Encoder:
    """The sentence encoder; nothing is loaded yet."""
    quiet_libraries(config)
    return Encoder(config.encoder)


def writer(config: Config) -> Writer | None:
    """The language model, None when it is off; nothing is loaded yet."""
    return None if config.llm.model == OFF else Writer(config.llm)


def reader(config: Config) -> Reader | None:
    """The cross-encoder, None when it is off; nothing is loaded yet."""
    if config.reader == OFF:
        return None
    return Reader() if config.reader == BUNDLED else Reader(Path(config.reader).expanduser())


def paper_reader(config: Config) -> PaperReader | None:
    """The reader of whole abstracts, None when reading is off; nothing is loaded yet."""
    return None if config.reader == OFF else PaperReader()


def ingestor(config: Config) -> Ingestor:
    """Brings files into the index of a configuration."""
    return Ingestor(config.index, encoder(config))


def papers(config: Config) -> Iterator[Paper]:
    """The papers of the index of a configuration, one at a time, in the order of their ids.

    Raises:
        IndexMissingError: there is no index yet.
        IndexMismatchError: it was made with another embedder.
        IndexDamagedError: it cannot be read.
    """
    return stored_papers(_snapshot(config, encoder(config)))


def sources(config: Config) -> frozenset[str]:
    """What the papers of an index are from; nothing where there is none yet.

    Raises:
        IndexMismatchError: it was made with another embedder.
        IndexDamagedError: it cannot be read.
    """
    try:
        return frozenset(source for paper in papers(config) for source in paper.source)
    except IndexMissingError:
        return frozenset()


def assistant(config: Config) -> Assistant:
    """Answers questions over the index of a configuration; models load when first used.

    Raises:
        IndexMissingError: there is no index yet.
        IndexMismatchError: it was made with another embedder.
    """
    embedder = encoder(config)
    retriever = Retriever(Corpus(_snapshot(config, embedder)), embedder, config.retrieval)
    named = config.answer.support_model
    return Assistant(
        retriever,
        writer(config),
        config=config.answer,
        reader=reader(config),
        paper_reader=paper_reader(config),
        entails=Entailment(named).probability if named else None,
    )


def _snapshot(config: Config, embedder: Encoder) -> Snapshot:
    try:
        return open_index(config.index, embedder=embedder.name)
    except IndexMissingError as error:
        raise IndexMissingError(
            f"no index in {config.index}: `quoth ingest PATH...` reads your papers, "
            "`quoth ingest` alone those in the box"
        ) from error


def _from_hub(model: str) -> bool:
    return "/" in model and not model.startswith((".", "/", "~"))
