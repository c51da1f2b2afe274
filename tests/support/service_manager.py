"""A service manager that notes what it is told."""

import socket
from pathlib import Path


class Manager:
    def __init__(self, path: Path | None) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path) if path else "")
        self._socket.setblocking(False)

    @property
    def address(self) -> str:
        name = self._socket.getsockname()
        return name if isinstance(name, str) else "@" + name[1:].decode()

    def heard(self) -> list[str]:
        """What was said since it was last asked."""
        told: list[str] = []
        try:
            while True:
                told.append(self._socket.recv(1000).decode())
        except BlockingIOError:
            return told

    def close(self) -> None:
        self._socket.close()
