"""Cancel a booking."""

from dataclasses import dataclass
from datetime import timedelta

from application.owing import work_for
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.booking import cancel
from domain.errors import NotFound
from domain.events import Party
from domain.ids import BookingId
from domain.text import several_lines


@dataclass(frozen=True)
class CancelBooking:
    """Free the time, and tell both sides."""

    begin: Begin
    clock: Clock
    link_wait: timedelta

    async def __call__(self, booking_id: BookingId, by: Party, reason: str) -> None:
        """Raises NotFound or BookingClosed."""
        async with self.begin() as uow:
            booking = await uow.bookings.lock(booking_id)
            if booking is None:
                raise NotFound("There is no such booking.")
            cancelled, event = cancel(booking, by, several_lines(reason, 500), self.clock())
            uow.bookings.save(cancelled, event)
            uow.owed.owe(*work_for(event, self.link_wait))
            uow.owed.forgo("create_meeting", booking.id)
            uow.owed.forgo("stop_waiting", booking.id)
