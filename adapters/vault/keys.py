"""Encryption keys of stored secrets."""

from base64 import b64decode
from typing import Final

KEY_BYTES: Final = 32

FEWEST_DIFFERENT_BYTES: Final = 8
"""Of 32 random bytes some 30 differ; that only seven do happens once in 10^40 keys."""


class BadKeys(ValueError):
    """The setting with the keys can't be used; the message is one line and names no key."""


def parse_keys(text: str) -> list[bytes]:
    """Read comma-separated base64 keys of 32 bytes; the first one encrypts, all of them decrypt.

    Raises:
        BadKeys: there is none, or one isn't base64, has another length, or is obviously not random.
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
    if len(set(key)) < FEWEST_DIFFERENT_BYTES:
        raise BadKeys(f"{which} can be guessed, as it isn’t random; make one with: openssl rand -base64 32")
    return key


_FROM_URL_SAFE: Final = str.maketrans("-_", "+/")
