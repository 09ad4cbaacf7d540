"""How much of a figure is luck, and how figures are written."""
