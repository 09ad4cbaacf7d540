"""How good search alone is."""
