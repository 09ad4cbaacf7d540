"""Each learned part, made anew by one command."""
