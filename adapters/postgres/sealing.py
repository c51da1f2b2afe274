"""What the adapters need of a vault."""

from typing import Protocol


class Vault(Protocol):
    """Seals secrets before they are stored; `context` is the row's identity, and opens nothing but its own."""

    def seal(self, plain: bytes, context: str) -> bytes: ...

    def open(self, sealed: bytes, context: str) -> bytes: ...

    def is_current(self, sealed: bytes) -> bool:
        """Whether it is sealed with the key that seals now."""
        ...
