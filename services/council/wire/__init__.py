"""Pairs between the wire and the domain of councils, tested both ways."""
