"""Tokens: what is not exactly right is refused without a word why."""

import time
from datetime import datetime, tzinfo
from typing import Any

import jwt
import pytest

from services.kit import tokens
from services.kit.actor import Role
from services.kit.errors import Kind, Refused

KEY, OTHER = tokens.make_key(), tokens.make_key()
VERIFIER = tokens.Verifier(tokens.jwks_of(KEY))
NOW = int(time.time())
CLAIMS = {"iss": tokens.ISSUER, "aud": tokens.AUDIENCE, "sub": "kim", "iat": NOW, "exp": NOW + 600, "role": "officer"}
KID = tokens.jwks_of(KEY)["keys"][0]["kid"]


def forged(claims: dict[str, Any] | None = None, key: Any = None, algorithm: str = "EdDSA", **headers: Any) -> str:
    signer = key if key is not None else tokens._private(KEY)
    return jwt.encode(CLAIMS | (claims or {}), signer, algorithm=algorithm, headers={"typ": tokens.TYPE, "kid": KID} | headers)


def test_a_token_names_its_caller_and_what_binds_it() -> None:
    actor = VERIFIER.actor_of(tokens.sign(KEY, subject="kim", role="secretary", scope={"council": "c1"}))
    assert (actor.role, actor.subject, actor.scope) == (Role.SECRETARY, "kim", {"council": "c1"})


def test_a_token_that_was_checked_is_refused_once_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    now = int(time.time())
    token, later = forged({"iat": now, "exp": now + 600}), now + 600 + tokens.LEEWAY_S + 1

    class Later(datetime):
        """PyJWT's clock, after the token's end."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Later":
            return cls.fromtimestamp(later, tz)

    assert VERIFIER.actor_of(token).subject == "kim"
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(jwt.api_jwt, "datetime", Later)
    with pytest.raises(Refused):
        VERIFIER.actor_of(token)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "x" * 9000,
        forged({"exp": NOW - 120}),
        forged({"exp": NOW + 5000}),
        forged({"iat": NOW + 3600, "exp": NOW + 4000}),
        forged({"aud": "somebody-else"}),
        forged({"iss": "somebody-else"}),
        forged({"sub": " "}),
        forged({"sub": None}),
        forged({"role": "emperor"}),
        forged(typ="JWT"),
        forged(kid="unknown"),
        forged(jwk={"kty": "OKP"}),
        forged(key=tokens._private(OTHER)),
        forged(key="a" * 64, algorithm="HS256"),
        forged(key=None, algorithm="EdDSA")[:-4] + "AAAA",
        jwt.encode(CLAIMS, "", algorithm="none", headers={"typ": tokens.TYPE, "kid": KID}),
    ],
)
def test_what_is_not_exactly_right_is_refused_without_a_reason(token: str) -> None:
    with pytest.raises(Refused) as refused:
        VERIFIER.actor_of(token)
    assert (refused.value.kind, refused.value.code, refused.value.details) == (Kind.UNAUTHENTICATED, "UNAUTHENTICATED", {})
    assert refused.value.message == "the token is not valid"
