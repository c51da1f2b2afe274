"""Send a booking's mails once more."""

from dataclasses import dataclass

from application.owing import work_for
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.booking import refuse_closed
from domain.errors import NotFound
from domain.events import MailsWantedAgain
from domain.ids import BookingId


@dataclass(frozen=True)
class ResendMails:
    """The present revision goes out again to both sides: the same mails, with nothing counted up."""

    begin: Begin
    clock: Clock

    async def __call__(self, booking_id: BookingId) -> None:
        """Raises NotFound or BookingClosed."""
        now = self.clock()
        async with self.begin() as uow:
            booking = await uow.bookings.lock(booking_id)
            if booking is None:
                raise NotFound("There is no such booking.")
            refuse_closed(booking, now)
            event = MailsWantedAgain(booking_id=booking.id, at=now, revision=booking.revision)
            uow.bookings.note(event)
            uow.bookings.mail_again(booking)
            uow.owed.owe(*work_for(event))
