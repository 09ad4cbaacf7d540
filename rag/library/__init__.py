"""The papers of an index: files in, records stored and read back, filters over them."""
