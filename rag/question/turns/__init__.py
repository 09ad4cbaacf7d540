"""What was said before: the papers of earlier turns, and what is wished of the list shown last."""
