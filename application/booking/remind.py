"""Remind a guest of a booking: one mail, built from how things stand when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from application.decisions import ApplyDecision
from application.ports.clock import Clock
from application.ports.mail import BookingMail, Mailer, MailError, MailMisconfigured, MailTryLater, RecipientRefused
from application.ports.owed import Claim
from application.ports.storage import Begin
from application.ports.views import Views
from domain.awaited_meeting import as_announced
from domain.booking import Booking, Decision
from domain.booking_mails import reminder_accepted, reminder_refused
from domain.events import Event
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
    apply: ApplyDecision
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
            await self._note(claim, booking, partial(reminder_refused, reason=error.reason, now=self.clock()))
        except (MailTryLater, MailMisconfigured) as error:
            await self._postpone(claim, booking, error)
        else:
            await self._note(claim, booking, partial(reminder_accepted, now=self.clock()))

    async def _note(self, claim: Claim, booking: Booking, decide: Callable[[Booking], Decision[Event]]) -> None:
        async with self.begin() as uow:
            current = await uow.bookings.lock(booking.id)
            if current is not None:
                self.apply(uow, decide(current))
            uow.owed.settle(claim)

    async def _postpone(self, claim: Claim, booking: Booking, error: MailError) -> None:
        now = self.clock()
        again_at = next_try_at(claim.attempts + 1, now, wish=now + FIRST_REPEAT_OF_MAIL, jitter=self.jitter())
        if again_at >= booking.slot.start:
            await self._note(claim, booking, partial(reminder_refused, reason=error.reason, now=now))
            return
        async with self.begin() as uow:
            uow.owed.postpone(claim, again_at)
