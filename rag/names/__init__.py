"""What papers and the things in them are called, and which a question names."""

from rag.names.resolve import Mention, Names

__all__ = ["Mention", "Names"]
