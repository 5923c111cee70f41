"""What can be done with innovation agendas and what moves them; each method is one use case and one transaction."""
