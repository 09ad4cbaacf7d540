"""The page: its tabs, their handlers, and the server that they run in."""
