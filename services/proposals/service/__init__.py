"""What can be done with proposals and what belongs to them; each method is one use case and one transaction."""
