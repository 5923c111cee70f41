"""SQL of the partners service."""
