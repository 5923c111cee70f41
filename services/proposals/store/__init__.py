"""Rows of proposals and of what belongs to them."""
