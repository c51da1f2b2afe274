"""The keys by which a submit that is repeated is known."""

import msgspec

LONGEST_IDEMPOTENCY_KEY = 255


class IdempotencyKey(msgspec.Struct, frozen=True):
    """A client's name for one submit; `fingerprint` tells whether a repeat is the same submit."""

    scope: str
    key: str
    fingerprint: str


class KeyTaken(Exception):
    """Another submit with the same idempotency key was stored first."""
