"""Whether a sentence is carried by the words cited for it."""

from rag.support.check import check

__all__ = ["check"]
