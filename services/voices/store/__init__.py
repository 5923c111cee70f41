"""Rows of mandates, activities, voices and watches."""
