"""Opaque codes, tokens and passcodes in Zoom's format."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from secrets import randbelow, token_bytes, token_hex
from string import ascii_letters, digits

import msgspec

from adapters.sandbox.opaque import base64url, drawn


def authorization_code() -> str:
    return base64url(token_bytes(36))


def jwt(user_id: str, now: datetime, life: timedelta) -> str:
    """Make a token of Zoom's length and looks (over 600 characters); its signature is noise."""
    issued = int(now.timestamp())
    head = {"sv": "000001", "alg": "HS512", "v": "2.0", "kid": token_hex(16)}
    claims = {
        "ver": 9,
        "auid": token_hex(16),
        "code": base64url(token_bytes(24)),
        "iss": f"zm:cid:{token_hex(11)}",
        "gno": 0,
        "type": 0,
        "tid": 0,
        "aud": "https://oauth.zoom.us",
        "uid": user_id,
        "nbf": issued,
        "exp": issued + int(life.total_seconds()),
        "iat": issued,
        "jti": token_hex(16),
        "pad": base64url(token_bytes(96)),
    }
    signature = base64url(token_bytes(64))
    return f"{base64url(msgspec.json.encode(head))}.{base64url(msgspec.json.encode(claims))}.{signature}"


def meeting_number() -> int:
    """Draw eleven digits: too large for 32 bits."""
    return 81_000_000_000 + randbelow(8_999_999_999)


def uuid() -> str:
    """Draw a meeting's uuid: base64 with `/` and `+` in it at times."""
    return urlsafe_b64encode(token_bytes(16)).decode().replace("-", "+").replace("_", "/")


def passcode() -> str:
    return drawn(ascii_letters + digits, 6)


def dial_in_passcode() -> str:
    return drawn(digits, 6)


def encrypted_passcode() -> str:
    return f"{drawn(ascii_letters + digits, 32)}.1"
