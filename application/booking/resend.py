"""Send a booking's mails once more: both sides' for the host, the guest's own for the guest."""

from dataclasses import dataclass
from datetime import timedelta

from application.actor import Actor, GuestActor
from application.booking.access import lock_permitted, party_of, permitted
from application.decisions import ApplyDecision
from application.ports.accounts import RateLimiter
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.booking_mails import want_mails_again
from domain.errors import TooManyRequests
from domain.events import PARTIES
from domain.ids import BookingId

AT_MOST, WINDOW = 3, timedelta(hours=1)
"""For the guest of one booking."""


@dataclass(frozen=True)
class ResendMails:
    """The present revision goes out again: the same mails, with nothing counted up."""

    begin: Begin
    limiter: RateLimiter
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, actor: Actor, booking_id: BookingId) -> None:
        """Send them again; the first ones, where they still wait for the link, leave soon and by themselves.

        Raises:
            NotFound, Forbidden, BookingClosed
            TooManyRequests: the guest had it sent too often.
        """
        if isinstance(actor, GuestActor):
            await self._count(actor, booking_id)
        async with self.begin() as uow:
            booking = await lock_permitted(uow, actor, booking_id)
            by = party_of(actor)
            decision = want_mails_again(booking, by, self.clock())
            if decision.events:
                uow.bookings.mail_again(booking, ("guest",) if by == "guest" else PARTIES)
            self.apply(uow, decision)

    async def _count(self, guest: GuestActor, booking_id: BookingId) -> None:
        async with self.begin() as uow:
            booking = permitted(guest, await uow.bookings.get(booking_id), "bookings:write")
        if wait := await self.limiter.hit(f"mail-again:{booking.id}", AT_MOST, WINDOW, self.clock()):
            raise TooManyRequests(wait)
