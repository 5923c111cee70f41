"""The stack's own issuer: one key, with which the command line and the processes sign their short-lived tokens."""

import json
from pathlib import Path

from services.kit import tokens
from services.local.layout import Layout


def signing_key(layout: Layout) -> Path:
    """The private half (PEM)."""
    return layout.keys / "signing.pem"


def jwks(layout: Layout) -> Path:
    """The public half, as every process reads it."""
    return layout.keys / "jwks.json"


def prepare(layout: Layout) -> None:
    """Make the key once."""
    key = signing_key(layout)
    if not key.exists():
        part = key.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_bytes(tokens.make_key())
        part.replace(key)
    jwks(layout).write_text(json.dumps(tokens.jwks_of(key.read_bytes())), encoding="utf-8")
