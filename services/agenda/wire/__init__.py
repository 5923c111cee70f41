"""Pairs between the wire and the agenda's domain, tested both ways; and answers out of the store's rows, which have no way back."""
