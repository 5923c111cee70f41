"""Rows of councils and of what belongs to them."""
