"""Cancel a booking."""

from dataclasses import dataclass

from application.decisions import ApplyDecision
from application.people import long_text
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.booking import cancel
from domain.errors import NotFound
from domain.events import Party
from domain.ids import BookingId


@dataclass(frozen=True)
class CancelBooking:
    """Free the time, and tell both sides."""

    begin: Begin
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, booking_id: BookingId, by: Party, reason: str) -> None:
        """Raises NotFound, or BookingClosed where it is cancelled already, which changes nothing."""
        async with self.begin() as uow:
            booking = await uow.bookings.lock(booking_id)
            if booking is None:
                raise NotFound("booking")
            self.apply(uow, cancel(booking, by, long_text(reason, "reason", 500), self.clock()))
