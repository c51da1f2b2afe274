"""Tell guest and host where a booking stands: one mail per party and revision, in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.owing import work_for
from application.ports.clock import Clock
from application.ports.mail import BookingMail, Mailer, MailKind, MailMisconfigured, MailTryLater, RecipientRefused
from application.ports.owed import Claim
from application.ports.storage import Begin
from application.ports.views import Mailed, Views
from domain.booking import Booking, wait_no_longer
from domain.events import MailAccepted, MailRefused, Party
from domain.host import Host
from domain.ids import BookingId
from domain.retry import next_try_at

FIRST_REPEAT = timedelta(seconds=10)
"""A mail server that greylists or is busy wants to be left alone for at least this long."""


@dataclass(frozen=True)
class StopWaiting:
    """The link takes too long: let the first mails say that it follows."""

    begin: Begin
    clock: Clock
    link_wait: timedelta

    async def __call__(self, claim: Claim) -> None:
        async with self.begin() as uow:
            booking = await uow.bookings.lock(BookingId(claim.subject))
            if not await uow.owed.take(claim):
                return
            if booking is not None and booking.waits_for_link and not booking.announced:
                waited, event = wait_no_longer(booking, self.clock())
                uow.bookings.save(waited, event)
                uow.owed.owe(*work_for(event, self.link_wait))
            uow.owed.settle(claim)


@dataclass(frozen=True)
class MailParty:
    """Bring one party up to the booking's current revision.

    The ledger holds at most one such work per booking and party, and what is mailed is always the present state: so
    mails leave in order, and a revision that was overtaken before it left is never sent.
    """

    party: Party
    begin: Begin
    views: Views
    mailer: Mailer
    clock: Clock
    chance: Callable[[], float]

    async def __call__(self, claim: Claim) -> None:
        async with self.begin() as uow:
            if not await uow.owed.take(claim):
                return
            booking = await uow.bookings.get(BookingId(claim.subject))
            host = await uow.hosts.get(booking.host_id) if booking else None
        mail = await self._due(booking, host) if booking and host else None
        if mail is None:
            async with self.begin() as uow:
                uow.owed.settle(claim)
            return
        await self._send(claim, mail)

    async def _due(self, booking: Booking, host: Host) -> BookingMail | None:
        earlier = await self.views.mailed(booking.id, self.party)
        if not booking.announced or (earlier and earlier[-1].revision >= booking.revision):
            return None
        if booking.status == "cancelled" and not earlier:
            return None
        return BookingMail(_kind(booking, earlier), self.party, booking, host, earlier)

    async def _send(self, claim: Claim, mail: BookingMail) -> None:
        booking = mail.booking
        try:
            await self.mailer.send(mail)
        except RecipientRefused as error:
            async with self.begin() as uow:
                uow.bookings.note(self._refused(booking, error.reason))
                uow.owed.settle(claim)
        except MailTryLater as error:
            await self._postpone(claim, booking, error.reason, until=booking.slot.end)
        except MailMisconfigured as error:
            # The operator can mend this at any time, and nobody else can: the mail is kept for as long as it takes.
            await self._postpone(claim, booking, error.reason, until=None)
        else:
            now = self.clock()
            accepted = MailAccepted(booking_id=booking.id, at=now, party=self.party, revision=booking.revision)
            async with self.begin() as uow:
                uow.bookings.mailed(booking, self.party, now)
                uow.bookings.note(accepted)
                uow.owed.settle(claim)

    async def _postpone(self, claim: Claim, booking: Booking, reason: str, *, until: datetime | None) -> None:
        now = self.clock()
        again_at = next_try_at(claim.attempts + 1, now, wish=now + FIRST_REPEAT, chance=self.chance())
        async with self.begin() as uow:
            if until is None or again_at < until:
                uow.owed.postpone(claim, again_at)
                return
            uow.bookings.note(self._refused(booking, reason))
            uow.owed.settle(claim)

    def _refused(self, booking: Booking, reason: str) -> MailRefused:
        return MailRefused(
            booking_id=booking.id, at=self.clock(), party=self.party, revision=booking.revision, reason=reason
        )


def _kind(booking: Booking, earlier: tuple[Mailed, ...]) -> MailKind:
    if not earlier:
        return "confirmed"
    if booking.status == "cancelled":
        return "cancelled"
    if earlier[-1].start != booking.slot.start:
        return "rescheduled"
    return "link_added" if booking.last_change == "link_added" else "updated"
