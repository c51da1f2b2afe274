"""Makes the tokens of links in mails from a key."""

from hmac import digest

from domain.ids import BookingId, SupportThreadId


class KeyedMailedTokens:
    """Nothing here is stored: links that were mailed before the key changed are known by their digests."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, subject: BookingId | SupportThreadId, place: int | None = None, /) -> str:
        named = subject if place is None else f"{subject}/{place}"
        return digest(self._key, named.encode(), "sha256").hex()
