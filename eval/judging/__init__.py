"""Who judges an answer: the support check, and a language model."""
