"""Mandates, activities, voices and their lives. Pure: time and ids are handed in, new states and facts come back."""
