"""Answers told exactly: of records, letters and counts; nothing is read for them but a topic."""
