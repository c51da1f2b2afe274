"""Signs the links by which the operator answers messages to support."""

from datetime import UTC, datetime
from hmac import compare_digest, digest

_DIGITS_OF_END = 10
"""Seconds in hexadecimal; many more than anybody needs."""


class KeyedDeskLinks:
    """Nothing is stored: a link ends at the time that it names, and with the operator's address or the key.

    Args:
        operator_email: whoever has links to another address runs the server no longer.
    """

    def __init__(self, key: bytes, operator_email: str) -> None:
        self._key = key
        self._operator_email = operator_email

    def until(self, ends_at: datetime, /) -> str:
        end = f"{int(ends_at.timestamp()):0{_DIGITS_OF_END}x}"
        return end + self._signature(end)

    def ends_at(self, link: str, /) -> datetime | None:
        end, signature = link[:_DIGITS_OF_END], link[_DIGITS_OF_END:]
        # What isn't ASCII can't be compared, and can't be ours.
        if not link.isascii() or not compare_digest(signature, self._signature(end)):
            return None
        return datetime.fromtimestamp(int(end, 16), UTC)

    def _signature(self, end: str) -> str:
        return digest(self._key, f"{end} {self._operator_email}".encode(), "sha256").hex()
