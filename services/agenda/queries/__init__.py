"""Questions about the agenda, answered out of the store."""
