"""Single values of a record: dates, identifiers, names, and what stands for none."""
