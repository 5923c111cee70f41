"""The use cases of the partners service; each method is one use case and one transaction."""
