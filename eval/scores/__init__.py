"""From records to figures, with intervals, and from two runs to what changed."""
