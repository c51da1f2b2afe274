"""Makes secrets and their digests."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from secrets import choice, token_bytes
from typing import Any

import msgspec


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def s256(verifier: str) -> str:
    """Compute the PKCE challenge of a verifier."""
    return base64url(sha256(verifier.encode("ascii", "replace")).digest())


def drawn(characters: str, length: int) -> str:
    """Draw that many of the characters."""
    return "".join(choice(characters) for _ in range(length))


def digest(secret: str) -> str:
    """Compute what stands for a secret in the store, so that the store gives none away."""
    return sha256(secret.encode()).hexdigest()


def id_token(claims: Mapping[str, Any]) -> str:
    """Make a token that says who has signed in; its signature is noise."""
    head = {"alg": "RS256", "kid": base64url(token_bytes(20)), "typ": "JWT"}
    return ".".join(map(base64url, (msgspec.json.encode(head), msgspec.json.encode(claims), token_bytes(256))))
