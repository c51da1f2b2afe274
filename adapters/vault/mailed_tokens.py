"""Makes the tokens of links in mails from a key."""

from hmac import digest

from domain.ids import BookingId


class KeyedMailedTokens:
    """Nothing here is stored: links that were mailed before the key changed are known by their digests."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, booking_id: BookingId, place: int | None = None, /) -> str:
        subject = booking_id if place is None else f"{booking_id}/{place}"
        return digest(self._key, subject.encode(), "sha256").hex()
