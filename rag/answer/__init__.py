"""Answers: from the words of papers, cited, or from their records."""

from rag.answer.answering import Answerer
from rag.answer.clock import Clock
from rag.answer.scribe import Entails

__all__ = ["Answerer", "Clock", "Entails"]
