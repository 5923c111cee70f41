"""Pairs between the wire and the domain of proposals, tested both ways."""
