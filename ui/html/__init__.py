"""HTML as pure functions: everything that is not markup is escaped."""
