"""An experiment: reading papers in one pass, and deciding by it. See README.md here."""
