"""Rows of innovation agendas and of what moves them."""
