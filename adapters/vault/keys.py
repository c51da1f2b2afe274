"""Encryption keys of stored secrets."""

from base64 import b64decode
from typing import Final

KEY_BYTES: Final = 32


class BadKeys(ValueError):
    """The setting with the keys can't be used; the message is one line and names no key."""


def parse_keys(text: str) -> list[bytes]:
    """Read comma-separated base64 keys of 32 bytes; the first one encrypts, all of them decrypt.

    Raises:
        BadKeys: there is none, or one isn't base64 or has another length.
    """
    parts = [part.strip() for part in text.split(",")]
    if parts == [""]:
        raise BadKeys("no key is given; make one with: openssl rand -base64 32")
    return [_parse(part, f"key {number} of {len(parts)}") for number, part in enumerate(parts, start=1)]


def _parse(part: str, which: str) -> bytes:
    # Tools differ in the padding and in the last two letters of the alphabet.
    digits = part.rstrip("=").translate(_FROM_URL_SAFE)
    try:
        key = b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except ValueError:
        raise BadKeys(f"{which} is not base64") from None
    if len(key) != KEY_BYTES:
        raise BadKeys(f"{which} has {len(key)} bytes instead of {KEY_BYTES}; make one with: openssl rand -base64 32")
    return key


_FROM_URL_SAFE: Final = str.maketrans("-_", "+/")
