"""A small index of papers with full and with poor records."""

from pathlib import Path

import pytest

from rag import build
from rag.config import Config, LlmConfig


@pytest.fixture(scope="session")
def records(tmp_path_factory):
    """An assistant over nine papers with full and with poor records; no language model writes."""
    config = Config(index=tmp_path_factory.mktemp("records") / "index", llm=LlmConfig(model="off"))
    report = build.ingestor(config).run([Path(__file__).parents[1] / "fixtures" / "records.jsonl"])
    assert report.papers == 9
    return build.assistant(config)
