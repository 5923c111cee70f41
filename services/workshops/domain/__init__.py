"""Innovation agendas and what moves them. Pure: time, ids and what other aggregates prove are handed in."""
