"""What a small model may say of a sentence: its words, shortened and turned, never changed."""
