"""What do Google's codes, tokens and ids look like? Long, and nobody's business but Google's."""

from collections.abc import Mapping
from secrets import choice, token_bytes
from string import ascii_letters, ascii_lowercase, digits
from typing import Any

import msgspec

from adapters.sandbox.opaque import base64url


def authorization_code() -> str:
    """Make a code with a slash in it, which has to survive every form and address."""
    return f"4/0A{base64url(token_bytes(52))}"


def access_token() -> str:
    return f"ya29.a0{base64url(token_bytes(150))}"


def refresh_token() -> str:
    return f"1//0{base64url(token_bytes(74))}"


def id_token(claims: Mapping[str, Any]) -> str:
    """Make a token that says who has signed in; its signature is noise."""
    head = {"alg": "RS256", "kid": base64url(token_bytes(20)), "typ": "JWT"}
    return ".".join(map(base64url, (msgspec.json.encode(head), msgspec.json.encode(claims), token_bytes(256))))


def space_id() -> str:
    return _drawn(ascii_letters + digits, 12)


def meeting_code() -> str:
    return "-".join(_drawn(ascii_lowercase, length) for length in (3, 4, 3))


def _drawn(characters: str, length: int) -> str:
    return "".join(choice(characters) for _ in range(length))
