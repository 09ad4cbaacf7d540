"""The steps of `quoth eval`, each imported when it runs."""
