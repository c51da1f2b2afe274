"""Remind a guest of a booking: one mail, built from how things stand when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.mail import BookingMail, Mailer, MailError, MailMisconfigured, MailTryLater, RecipientRefused
from application.ports.owed import Claim
from application.ports.storage import Begin
from application.ports.views import Views
from domain.awaited_meeting import as_announced
from domain.booking import Booking
from domain.events import ReminderAccepted, ReminderRefused
from domain.host import Host
from domain.ids import BookingId
from domain.retry import FIRST_REPEAT_OF_MAIL, next_try_at


@dataclass(frozen=True)
class RemindGuest:
    """Send the reminder that is owed for a booking's time; a moved booking owes it for the new time."""

    begin: Begin
    views: Views
    mailer: Mailer
    clock: Clock
    jitter: Callable[[], float]

    async def __call__(self, claim: Claim) -> None:
        async with self.begin() as uow:
            if not await uow.owed.take(claim):
                return
            booking = await uow.bookings.get(BookingId(claim.subject))
            host = await uow.hosts.get(booking.host_id) if booking else None
            page = await uow.pages.get(booking.page_id) if booking else None
            if booking is None or host is None or not booking.wants_reminder(self.clock()):
                uow.owed.settle(claim)
                return
        await self._send(claim, booking, host, page.brand_color if page else None)

    async def _send(self, claim: Claim, booking: Booking, host: Host, brand_color: str | None) -> None:
        earlier = await self.views.mailed(booking.id, "guest")
        try:
            await self.mailer.send(BookingMail("reminder", "guest", as_announced(booking), host, earlier, brand_color))
        except RecipientRefused as error:
            refused = ReminderRefused(booking_id=booking.id, at=self.clock(), reason=error.reason)
            async with self.begin() as uow:
                uow.bookings.note(refused)
                uow.owed.settle(claim)
        except (MailTryLater, MailMisconfigured) as error:
            await self._postpone(claim, booking, error)
        else:
            async with self.begin() as uow:
                uow.bookings.note(ReminderAccepted(booking_id=booking.id, at=self.clock()))
                uow.owed.settle(claim)

    async def _postpone(self, claim: Claim, booking: Booking, error: MailError) -> None:
        now = self.clock()
        again_at = next_try_at(claim.attempts + 1, now, wish=now + FIRST_REPEAT_OF_MAIL, jitter=self.jitter())
        async with self.begin() as uow:
            if again_at < booking.slot.start:
                uow.owed.postpone(claim, again_at)
                return
            uow.bookings.note(ReminderRefused(booking_id=booking.id, at=now, reason=error.reason))
            uow.owed.settle(claim)
