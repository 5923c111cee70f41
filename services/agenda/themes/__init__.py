"""Emerging themes: the log into counts of words by window, and the process that judges which of them rise."""
