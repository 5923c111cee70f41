"""Short-lived tokens (JWT, EdDSA): one algorithm, pinned keys, everything checked, closed on doubt."""

import base64
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from services.kit.actor import Actor, Role
from services.kit.errors import Kind, Refused

ISSUER, AUDIENCE, TYPE = "urn:madang:issuer", "urn:madang", "at+jwt"
MAX_BYTES, MAX_LIFETIME_S, LEEWAY_S, MAX_KNOWN = 8 * 1024, 900, 60, 1_000


def make_key() -> bytes:
    """A new Ed25519 private key as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def jwks_of(key_pem: bytes) -> dict[str, Any]:
    """The public half of a key as a JWK set (RFC 8037)."""
    raw = _private(key_pem).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": x[:8], "alg": "EdDSA", "use": "sig"}]}


def sign(key_pem: bytes, *, subject: str, role: str, scope: Mapping[str, str] | None = None, lifetime_s: int = 600) -> str:
    """A token that says who somebody is, for at most 15 minutes."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + lifetime_s, "role": role, "scope": dict(scope or {})}
    kid = jwks_of(key_pem)["keys"][0]["kid"]
    return jwt.encode(claims, _private(key_pem), algorithm="EdDSA", headers={"typ": TYPE, "kid": kid})


def _private(key_pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(key_pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the signing key is no Ed25519 key")
    return key


class Verifier:
    """Checks tokens against pinned keys, which it reads once."""

    def __init__(self, jwks: Mapping[str, Any]) -> None:
        self._keys = {key.key_id: key.key for key in jwt.PyJWKSet.from_dict(dict(jwks)).keys}
        self._known: dict[str, tuple[Actor, float]] = {}

    @classmethod
    def from_file(cls, path: str) -> "Verifier":
        """With the keys of a JWKS file."""
        return cls(json.loads(Path(path).read_text()))

    def actor_of(self, token: str) -> Actor:
        """The caller that a token names.

        Raises:
            Refused: UNAUTHENTICATED, without saying why: a forger learns nothing.
        """
        if known := self._known.get(token):
            actor, until = known
            if time.time() < until:
                return actor
        try:
            return self._remembered(token)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError):
            raise Refused(Kind.UNAUTHENTICATED, "UNAUTHENTICATED", "the token is not valid") from None

    def _remembered(self, token: str) -> Actor:
        """A checked token's caller, kept until the token ends: checking a signature costs more than most questions."""
        actor, until = self._checked(token)
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[token] = actor, until
        return actor

    def _checked(self, token: str) -> tuple[Actor, float]:
        if len(token) > MAX_BYTES:
            raise ValueError("too long")
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TYPE or set(header) - {"typ", "kid", "alg"}:
            raise ValueError("unexpected header")
        claims = jwt.decode(
            token, self._keys[header["kid"]], algorithms=["EdDSA"], issuer=ISSUER, audience=AUDIENCE, leeway=LEEWAY_S,
            options={"require": ["iss", "aud", "sub", "iat", "exp", "role"]},
        )  # fmt: skip
        if claims["exp"] - claims["iat"] > MAX_LIFETIME_S or not claims["sub"].strip():
            raise ValueError("lives too long, or belongs to nobody")
        scope = claims.get("scope") or {}
        actor = Actor(Role(claims["role"]), claims["sub"], {str(key): str(value) for key, value in scope.items()})
        return actor, claims["exp"] + LEEWAY_S
