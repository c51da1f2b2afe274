"""Makes the tokens of unsubscribe links from a key."""

from base64 import urlsafe_b64encode
from hmac import digest

from domain.ids import BookingId


class KeyedUnsubscribeTokens:
    """Nothing here is stored: links that were mailed before the key changed are known by their digests."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, booking_id: BookingId, /) -> str:
        return urlsafe_b64encode(digest(self._key, booking_id.encode(), "sha256")).rstrip(b"=").decode()
