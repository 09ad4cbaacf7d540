"""Question sets: read and checked, drafted from papers, changed by rule."""
