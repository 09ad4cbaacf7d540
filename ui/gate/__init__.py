"""Who comes in: hosts, log-ins, sessions, guesses."""
