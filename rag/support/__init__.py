"""Whether a sentence is carried by the words cited for it."""
