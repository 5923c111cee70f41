"""Free loopback ports, kept for the life of a stack."""

import socket
from collections.abc import Iterable

# Below the range from which systems take ports for outgoing connections: a port stays free while its process restarts.
FIRST, LAST = 20_000, 32_000


def choose(names: Iterable[str], kept: dict[str, int], seed: int) -> dict[str, int]:
    """A free port for each name: the one it had, else the next free one, starting at a place that `seed` spreads."""
    others = (
        port for offset in range(LAST - FIRST) if (port := FIRST + (seed + offset) % (LAST - FIRST)) not in kept.values() and is_free(port)
    )
    return {name: kept[name] if name in kept and is_free(kept[name]) else next(others) for name in names}


def consecutive(names: Iterable[str], first: int) -> dict[str, int]:
    """Ports from a given one on."""
    return {name: first + offset for offset, name in enumerate(names)}


def is_free(port: int) -> bool:
    """Whether a process could listen there now."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
