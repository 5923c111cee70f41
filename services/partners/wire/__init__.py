"""Pairs between the wire and the domain of partners."""
