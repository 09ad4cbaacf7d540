"""Training and measuring: not in the wheel, and nothing imports it."""
