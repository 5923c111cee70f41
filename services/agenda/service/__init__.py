"""What can be done with the agenda; each method is one use case and one transaction."""
