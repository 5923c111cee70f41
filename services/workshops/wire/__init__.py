"""Pairs between the wire and the domain, one file a noun, tested both ways."""
