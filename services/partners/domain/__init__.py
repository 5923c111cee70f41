"""Partners, what they send, and their keys. Pure."""
