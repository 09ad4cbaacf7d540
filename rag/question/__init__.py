"""What is asked: the slots of a question, its filters, its kind, what it leans on."""
