"""What makes the learned parts of Quoth from `../shared/train`."""
