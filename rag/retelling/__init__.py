"""What a small model may say of a sentence: its words, shortened and turned, never changed."""

from rag.retelling.closeness import keeps_close
from rag.retelling.retells import retells

__all__ = ["keeps_close", "retells"]
