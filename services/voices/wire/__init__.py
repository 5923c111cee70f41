"""Pairs between the wire and the domain of voices, tested both ways."""
