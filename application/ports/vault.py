"""Sealing of secrets before they are stored."""

from typing import Protocol


class Unopenable(Exception):
    """A sealed secret can't be opened: its key is gone, or it was changed or moved to another place."""


class Vault(Protocol):
    """Seals secrets; `context` is the row's identity, and MUST open nothing but its own."""

    def seal(self, plain: bytes, context: str, /) -> bytes: ...

    def open(self, sealed: bytes, context: str, /) -> bytes:
        """Return what was sealed for the same context.

        Raises:
            Unopenable: the message names no secret.
        """
        ...

    def is_current(self, sealed: bytes, /) -> bool:
        """Whether it is sealed with the key that seals now."""
        ...
