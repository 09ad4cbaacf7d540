"""From a question to what an answer may be made of: retrieval, reading, shape, silence."""
