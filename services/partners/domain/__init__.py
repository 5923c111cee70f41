"""Partners, what they send, their keys and webhooks. Pure."""
