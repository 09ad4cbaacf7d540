"""Measurements by hand: speed, and what each part is worth."""
