"""What papers and the things in them are called, and which a question names."""

from rag.names.coined import definitions, is_name_like
from rag.names.index import key_of
from rag.names.resolve import Mention, Names

__all__ = ["Mention", "Names", "definitions", "is_name_like", "key_of"]
