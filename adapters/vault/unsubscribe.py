"""Makes the tokens of unsubscribe links from a key."""

from hmac import digest

from domain.ids import BookingId


class KeyedUnsubscribeTokens:
    """Nothing here is stored: links that were mailed before the key changed are known by their digests."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, booking_id: BookingId, /) -> str:
        return digest(self._key, booking_id.encode(), "sha256").hex()
