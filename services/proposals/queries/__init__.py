"""Questions about proposals and what belongs to them, answered from rows."""
