"""Page tokens: the place where a page ended, signed, so that nobody makes one up (AIP-158)."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from services.kit.errors import invalid

DEFAULT_SIZE = 50


class PageTokens:
    """Signs and checks page tokens; every replica of a service has the same key."""

    def __init__(self, signing_key_file: str) -> None:
        self._key = hashlib.sha256(b"page-tokens:" + Path(signing_key_file).read_bytes()).digest()

    def sign(self, place: list[Any], query: str) -> str:
        """A token for a place in the answer to a query; another query cannot use it."""
        body = json.dumps(place, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._mac(body, query) + body).decode().rstrip("=")

    def read(self, token: str, query: str) -> list[Any] | None:
        """The place in a token, none for an empty one. Raises Refused: PAGE_TOKEN_INVALID."""
        if not token:
            return None
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            raw = b""
        mac, body = raw[:16], raw[16:]
        if not hmac.compare_digest(mac, self._mac(body, query)):
            raise invalid("PAGE_TOKEN_INVALID", "this page_token was not made for this query", "page_token")
        place = json.loads(body)
        assert isinstance(place, list)
        return place

    def _mac(self, body: bytes, query: str) -> bytes:
        return hmac.digest(self._key, query.encode() + b"\x00" + body, "sha256")[:16]
