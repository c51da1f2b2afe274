"""Guests' tokens at rest: a digest to find the booking by, and a sealed copy that opens for this booking alone."""

from collections.abc import Iterable, Iterator

import msgspec
import structlog

from adapters.postgres.digests import digest_of
from adapters.postgres.pool import Row
from adapters.postgres.tables import BOOKINGS
from application.ports.vault import Unopenable, Vault
from domain.booking import Booking
from domain.ids import BookingId, GuestToken

_log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)


class StoredBookings:
    """Reads rows of bookings with their tokens."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def read(self, row: Row, token: GuestToken | None = None) -> Booking:
        """Build a booking from the columns `BOOKINGS.select`; the `token` that it was found by needs no opening."""
        booking = BOOKINGS.read(row)
        return msgspec.structs.replace(booking, token=token or self._opened(row["b_sealed_token"], booking.id))

    def readable(self, rows: Iterable[Row]) -> Iterator[tuple[Row, Booking]]:
        """Yield rows with their bookings; one that can't be read, such as a later release's, hides no other."""
        for row in rows:
            try:
                booking = self.read(row)
            except (ValueError, msgspec.DecodeError) as error:
                # The reason names a rule or a member, and repeats nothing that anybody typed.
                _log.error("booking_unreadable", booking_id=row["b_id"], reason=str(error))
            else:
                yield row, booking

    def token_columns(self, booking: Booking) -> tuple[bytes, bytes]:
        """The columns `token_digest` and `sealed_token` of a new booking."""
        if booking.token is None:
            raise ValueError("a new booking has a token")
        return digest_of(booking.token), self._vault.seal(booking.token.encode(), token_identity(booking.id))

    def _opened(self, sealed: bytes, booking_id: BookingId) -> GuestToken | None:
        try:
            return GuestToken(self._vault.open(sealed, token_identity(booking_id)).decode())
        except Unopenable:
            return None


def token_identity(booking_id: BookingId) -> str:
    """The row that a sealed token belongs to; it can't be opened as another's."""
    return f"bookings:{booking_id}"
