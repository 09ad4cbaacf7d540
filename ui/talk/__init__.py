"""Conversations, whatever they are shown in: asking, waiting, keeping, taking along."""
