"""Tagged phrases to bounds, by exact rules: numbers, dates, wishes."""
