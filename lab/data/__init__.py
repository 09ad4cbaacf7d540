"""What training and measuring are made from."""
