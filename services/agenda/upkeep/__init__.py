"""Whether the store is what the log says: comparison, rebuild, repair of gaps."""
