"""What papers and the things in them are called, and which a question names."""
