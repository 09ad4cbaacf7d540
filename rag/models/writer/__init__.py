"""The language model: its weights, what it may write, how it rates a reply."""
