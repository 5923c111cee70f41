"""What can be done with councils and what belongs to them; each method is one use case and one transaction."""
