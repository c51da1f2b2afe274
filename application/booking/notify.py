"""Tell guest and host where a booking stands: one mail per party and revision, in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from application.decisions import ApplyDecision
from application.ports.account_storage import Account
from application.ports.clock import Clock
from application.ports.mail import BookingMail, Mailer, MailKind, MailMisconfigured, MailTryLater, RecipientRefused
from application.ports.owed import Claim
from application.ports.storage import Begin
from application.ports.views import Mailed, Views
from domain.awaited_meeting import as_announced, wait_no_longer
from domain.booking import Booking
from domain.booking_mails import mail_accepted, mail_refused
from domain.events import Party
from domain.ids import BookingId
from domain.retry import FIRST_REPEAT_OF_MAIL, next_try_at


@dataclass(frozen=True)
class StopWaiting:
    """The link takes too long: let the mails that wait for it say that it follows."""

    begin: Begin
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, claim: Claim) -> None:
        async with self.begin() as uow:
            booking = await uow.bookings.lock(BookingId(claim.subject))
            if not await uow.owed.take(claim):
                return
            if booking is not None and booking.waits_for_link:
                self.apply(uow, wait_no_longer(booking, self.clock()))
            uow.owed.settle(claim)


@dataclass(frozen=True)
class MailParty:
    """Bring one party up to the booking's current revision.

    The ledger holds at most one such work per booking and party, and what is mailed is always the present revision: so
    mails leave in order, and a revision that was overtaken before it left is never sent.
    """

    party: Party
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
            account = await uow.accounts.get(booking.host_id) if booking else None
            page = await uow.pages.get(booking.page_id) if booking else None
        color = page.brand_color if page else None
        mail = await self._due(claim, booking, account, color) if booking and account else None
        if mail is None:
            async with self.begin() as uow:
                uow.owed.settle(claim)
            return
        await self._send(claim, mail)

    async def _due(self, claim: Claim, booking: Booking, account: Account, color: str | None) -> BookingMail | None:
        leaving = account.closed_at is not None
        # Whoever deletes an account was told what becomes of the bookings, and gets one mail about it all.
        if leaving and self.party == "host":
            return None
        # Nobody's calendar takes an invitation to what is over.
        if not booking.announced or booking.slot.end <= self.clock():
            return None
        told = await self.views.mailed(booking.id, self.party)
        if any(each.revision >= booking.revision and each.state == "accepted" for each in told):
            return None
        earlier = tuple(each for each in told if each.revision < booking.revision)
        # A claim before this one may have died with the invitation handed over.
        may_know = told or claim.attempts
        if booking.status == "cancelled" and not may_know:
            return None
        return BookingMail(
            _kind(booking, earlier),
            self.party,
            as_announced(booking),
            account.host,
            earlier,
            color,
            host_is_leaving=leaving,
        )

    async def _send(self, claim: Claim, mail: BookingMail) -> None:
        booking = mail.booking
        try:
            await self.mailer.send(mail)
        except RecipientRefused as error:
            await self._give_up(claim, booking, error.reason)
        except MailTryLater as error:
            await self._try_later(claim, booking, error)
        except MailMisconfigured:
            # The operator can mend this at any time, and nobody else can: the mail is kept for as long as it takes.
            async with self.begin() as uow:
                uow.owed.postpone(claim, self._again_at(claim))
        else:
            await self._accepted(claim, booking)

    async def _accepted(self, claim: Claim, booking: Booking) -> None:
        now = self.clock()
        async with self.begin() as uow:
            current = await uow.bookings.lock(booking.id)
            if current is not None:
                uow.bookings.mailed(booking, self.party, now)
                self.apply(uow, mail_accepted(current, self.party, booking.revision, now))
            uow.owed.settle(claim)

    async def _try_later(self, claim: Claim, booking: Booking, error: MailTryLater) -> None:
        again_at = self._again_at(claim)
        if again_at >= booking.slot.start:
            await self._give_up(claim, booking, error.reason)
            return
        async with self.begin() as uow:
            if error.unclear:
                uow.bookings.mailed(booking, self.party, self.clock(), "unclear")
            uow.owed.postpone(claim, again_at)

    async def _give_up(self, claim: Claim, booking: Booking, reason: str) -> None:
        """Show the host that this side doesn't know."""
        async with self.begin() as uow:
            current = await uow.bookings.lock(booking.id)
            if current is not None:
                self.apply(uow, mail_refused(current, self.party, booking.revision, reason, self.clock()))
            uow.owed.settle(claim)

    def _again_at(self, claim: Claim) -> datetime:
        now = self.clock()
        return next_try_at(claim.attempts + 1, now, wish=now + FIRST_REPEAT_OF_MAIL, jitter=self.jitter())


def _kind(booking: Booking, earlier: tuple[Mailed, ...]) -> MailKind:
    if booking.status == "cancelled":
        return "cancelled"
    if not earlier:
        return "confirmed"
    if earlier[-1].start != booking.slot.start:
        return "rescheduled"
    match booking.last_change:
        case "link_added" | "link_replaced" as kind:
            return kind
        case _:
            return "updated"
