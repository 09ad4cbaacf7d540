"""Runs: who is asked, what came back, and the trivial answers beside it."""
