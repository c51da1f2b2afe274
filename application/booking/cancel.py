"""Cancel a booking."""

from dataclasses import dataclass
from datetime import timedelta

from application.booking.owing import work_for
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
    link_wait: timedelta

    async def __call__(self, booking_id: BookingId, by: Party, reason: str) -> None:
        """Raises NotFound, or BookingClosed where it is cancelled already, which changes nothing."""
        async with self.begin() as uow:
            booking = await uow.bookings.lock(booking_id)
            if booking is None:
                raise NotFound("There is no such booking.")
            cancelled, event = cancel(booking, by, long_text(reason, "reason", 500), self.clock())
            uow.bookings.save(cancelled, event)
            uow.owed.owe(*work_for(event, self.link_wait))
            uow.owed.forgo("create_meeting", booking.id)
            uow.owed.forgo("stop_waiting", booking.id)
            uow.owed.forgo("remind_guest", booking.id)
