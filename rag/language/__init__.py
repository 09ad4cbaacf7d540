"""Words and sentences: the one tokenizer, stemmer, lists of words, spelling, sane text."""
