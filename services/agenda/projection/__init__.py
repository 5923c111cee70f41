"""The log into the store: what an event says about rows, and the process that applies it."""
