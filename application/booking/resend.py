"""Send a booking's mails once more: both sides' for the host, the guest's own for the guest."""

from dataclasses import dataclass

from application.booking.owing import work_for
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.booking import refuse_closed
from domain.errors import NotFound
from domain.events import PARTIES, MailsWantedAgain, Party
from domain.ids import BookingId


@dataclass(frozen=True)
class ResendMails:
    """The present revision goes out again: the same mails, with nothing counted up."""

    begin: Begin
    clock: Clock

    async def __call__(self, booking_id: BookingId, by: Party = "host") -> None:
        """Send them again; the first ones, where they still wait for the link, leave soon and by themselves.

        Raises:
            NotFound, BookingClosed
        """
        now = self.clock()
        async with self.begin() as uow:
            booking = await uow.bookings.lock(booking_id)
            if booking is None:
                raise NotFound("There is no such booking.")
            refuse_closed(booking, now)
            if not booking.announced:
                return
            party: Party | None = "guest" if by == "guest" else None
            event = MailsWantedAgain(booking_id=booking.id, at=now, revision=booking.revision, party=party)
            uow.bookings.note(event)
            uow.bookings.mail_again(booking, (party,) if party else PARTIES)
            uow.owed.owe(*work_for(event))
