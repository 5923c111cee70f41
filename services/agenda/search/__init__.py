"""The search rows behind the projection: what of a text is found, and the process that keeps it."""
