"""What of the server can be reached: routes for programs, files, uploads, events."""
