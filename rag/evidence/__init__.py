"""From candidates to what an answer may be made of: reading, shape, selection, silence."""
