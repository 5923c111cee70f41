"""Proposals and what belongs to them. Pure: time, ids and calendars are handed in, new states and facts come back."""
