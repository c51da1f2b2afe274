"""Opaque codes, tokens and ids in Google's format."""

from secrets import token_bytes
from string import ascii_letters, ascii_lowercase, digits, hexdigits

from adapters.sandbox.opaque import base64url, drawn


def authorization_code() -> str:
    """Make a code with a slash in it, which has to survive every form and address."""
    return f"4/0A{base64url(token_bytes(52))}"


def access_token() -> str:
    return f"ya29.a0{base64url(token_bytes(150))}"


def refresh_token() -> str:
    return f"1//0{base64url(token_bytes(74))}"


def space_id() -> str:
    return drawn(ascii_letters + digits, 12)


def meeting_code() -> str:
    return "-".join(drawn(ascii_lowercase, length) for length in (3, 4, 3))


def calendar_id() -> str:
    return f"{drawn(hexdigits.lower()[:16], 64)}@group.calendar.google.com"


def event_id() -> str:
    """Make an id of base32hex characters, as those that apps may choose."""
    return drawn(digits + ascii_lowercase[:22], 26)
