"""A vault that keeps what it is given."""

from itertools import count

from application.ports.vault import Unopenable


class MemoryVault:
    """Opens what it has sealed itself, in the same context."""

    def __init__(self) -> None:
        self._sealed: dict[bytes, tuple[bytes, str]] = {}
        self._serial = count(1)

    def seal(self, plain: bytes, context: str, /) -> bytes:
        sealed = f"sealed {next(self._serial)}".encode()
        self._sealed[sealed] = (plain, context)
        return sealed

    def open(self, sealed: bytes, context: str, /) -> bytes:
        plain, sealed_for = self._sealed.get(sealed, (b"", None))
        if sealed_for != context:
            raise Unopenable("This was not sealed here, or for another place.")
        return plain

    def is_current(self, sealed: bytes, /) -> bool:
        return sealed in self._sealed
