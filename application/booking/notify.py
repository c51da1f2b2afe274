"""Tell guests and host where a booking stands: one mail per recipient and revision, in order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from application.booking.leave_links import LeaveLinks
from application.decisions import ApplyDecision
from application.job_runner import Again, Backoff, Done, Outcome, Outside, Record, recorded
from application.jobs import MailBookingJob, StopWaitingJob
from application.ports.account_storage import Account
from application.ports.clock import Clock
from application.ports.mail import (
    BookingMail,
    Invitee,
    Mailer,
    MailKind,
    MailMisconfigured,
    MailTryLater,
    RecipientRefused,
)
from application.ports.mailed_revisions import Mailed, MailedRevisions
from application.ports.unit_of_work import UnitOfWork
from application.spend_budget import SpendBudget
from application.unsubscribe import UnsubscribeLinks
from domain.awaited_meeting import as_announced, wait_no_longer
from domain.booking import Booking, ErasedGuest
from domain.booking_mails import is_news, leaves_at, mail_accepted, mail_refused
from domain.budgets import HOUR, first_mail, mails_to_guest, news_of
from domain.events import Party, Recipient
from domain.mail_problem import MailedTooOften, MailProblem, MailsStopped, TooManyGuestsMailed
from domain.retry import FIRST_REPEAT_OF_MAIL


@dataclass(frozen=True)
class StopWaiting:
    """The link takes too long: let the mails that wait for it say that it follows."""

    clock: Clock
    apply: ApplyDecision

    async def __call__(self, uow: UnitOfWork, job: StopWaitingJob, _attempts: int, /) -> Outcome:
        booking = await uow.bookings.lock(job.booking_id)
        if booking is not None and booking.waits_for_link:
            await self.apply(uow, wait_no_longer(booking, self.clock()))
        return Done()


@dataclass(frozen=True)
class MailBooking:
    """Bring one recipient up to the booking's current revision.

    The outbox holds at most one such job per booking and recipient, and what is mailed is always the present revision:
    so mails leave in order, and a revision that was overtaken before it left is never sent.

    News that no act has counted waits for room in the guest's budget of mails, and the first mail for room in its
    host's; the guest's page has it all meanwhile.

    `coalesces` lets changes that follow each other wait for one another, but for a cancellation.
    """

    revisions: MailedRevisions
    unsubscribe: UnsubscribeLinks
    leaving: LeaveLinks
    mailer: Mailer
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision
    backoff: Backoff
    coalesces: bool

    async def __call__(self, uow: UnitOfWork, job: MailBookingJob, attempts: int, /) -> Outcome | Outside:
        booking = await uow.bookings.get(job.booking_id)
        account = await uow.accounts.get(booking.host_id) if booking else None
        page = await uow.pages.get(booking.page_id) if booking else None
        if booking is None or account is None or not self._is_due(job.party, booking, account):
            return Done()
        color = page.brand_color if page else None
        if job.party == "host":
            return Outside(partial(self._call, "host", booking, account, color, None, None, attempts))
        place = job.party if isinstance(job.party, int) else None
        token = await self.unsubscribe.token_for(uow, booking, self.clock(), place)
        invitee = None if place is None else self.leaving.invitee(uow, booking, place)
        return Outside(partial(self._call, "guest", booking, account, color, token, invitee, attempts))

    def _is_due(self, party: Recipient, booking: Booking, account: Account) -> bool:
        # Whoever deletes an account was told what becomes of the bookings, and gets one mail about it all.
        if account.closed_at is not None and party == "host":
            return False
        if isinstance(booking.guest, ErasedGuest):
            return False
        # Nobody's calendar takes an invitation to what is over.
        return booking.announced and booking.slot.end > self.clock()

    async def _call(
        self,
        party: Party,
        booking: Booking,
        account: Account,
        color: str | None,
        unsubscribe: str | None,
        invitee: Invitee | None,
        attempts: int,
    ) -> Record:
        has_left = invitee is not None and invitee.left_at is not None
        mailed = await self.revisions.mailed(booking.id, party if invitee is None else invitee.place)
        if not has_left and any(each.revision >= booking.revision and each.state == "accepted" for each in mailed):
            return recorded(Done())
        earlier = tuple(each for each in mailed if each.revision < booking.revision)
        # A lease before this one may have died with the invitation handed over.
        may_know = mailed or attempts
        ends = booking.status == "cancelled" or has_left
        if ends and not may_know:
            return recorded(Done())
        now = self.clock()
        leaves = leaves_at([each.sent_at for each in mailed], now)
        if self.coalesces and leaves > now and not ends:
            return recorded(Again(leaves))
        leaving = account.closed_at is not None
        mail = BookingMail(
            "left" if has_left else _kind(booking, earlier),
            party,
            as_announced(booking),
            account.host,
            earlier,
            color,
            host_is_leaving=leaving,
            unsubscribe=unsubscribe,
            entry_is_late=party == "host" and _is_entry_late(booking, now),
            invitee=invitee,
        )
        if party == "guest" and unsubscribe is None:
            return partial(self._refused, mail=mail, problem=MailsStopped())
        if party == "guest" and not ends:
            is_first = not mailed
            wait = await (self._wait_of_first(mail) if is_first else self._wait_of_news(mail))
            if wait is not None and now + wait < booking.slot.start:
                return recorded(Again(now + wait))
            if wait is not None:
                problem = TooManyGuestsMailed() if is_first else MailedTooOften()
                return partial(self._refused, mail=mail, problem=problem)
        return await self._send(mail, self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL))

    async def _wait_of_first(self, mail: BookingMail) -> timedelta | None:
        """Count a first mail for its host; the recipient's was counted with the booking."""
        booking = mail.booking
        wait = await self.spend.once(*first_mail(booking.host_id, booking.id, mail.recipient))
        # Thousands may wait, and each look finds room for one.
        return wait and max(wait, HOUR)

    async def _wait_of_news(self, mail: BookingMail) -> timedelta | None:
        """Count a mail of news for its recipient, unless the act that caused it has done so."""
        booking, invitee = mail.booking, mail.invitee
        if not mail.earlier or not is_news(booking):
            return None
        counted = news_of(booking.id, booking.revision, mail.recipient)
        email = booking.contact.email if invitee is None else invitee.email
        return await self.spend.once(counted, *mails_to_guest(booking.host_id, email))

    async def _send(self, mail: BookingMail, again: Again) -> Record:
        try:
            await self.mailer.send(mail)
        except RecipientRefused as error:
            return partial(self._refused, mail=mail, problem=error.problem)
        except MailTryLater as error:
            if again.at >= mail.booking.slot.start:
                return partial(self._refused, mail=mail, problem=error.problem)
            return partial(self._unclear, mail=mail, again=again) if error.unclear else recorded(again)
        except MailMisconfigured:
            # The operator can mend this at any time, and nobody else can: the mail is kept for as long as it takes.
            return recorded(again)
        return partial(self._accepted, mail=mail)

    async def _accepted(self, uow: UnitOfWork, mail: BookingMail) -> Outcome:
        now = self.clock()
        current = await uow.bookings.lock(mail.booking.id)
        if current is not None:
            uow.booking_mails.mailed(mail.booking, mail.recipient, now)
            await self.apply(uow, mail_accepted(current, mail.recipient, mail.booking.revision, now))
        return Done()

    async def _unclear(self, uow: UnitOfWork, mail: BookingMail, again: Again) -> Outcome:
        """The server may have taken the mail."""
        uow.booking_mails.mailed(mail.booking, mail.recipient, self.clock(), "unclear")
        return again

    async def _refused(self, uow: UnitOfWork, mail: BookingMail, problem: MailProblem) -> Outcome:
        """Show the host that this recipient doesn't know."""
        current = await uow.bookings.lock(mail.booking.id)
        if current is not None:
            refused = mail_refused(current, mail.recipient, mail.booking.revision, problem, self.clock())
            await self.apply(uow, refused)
        return Done()


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


def _is_entry_late(booking: Booking, now: datetime) -> bool:
    # What stays of a cancelled booking is told in a mail of its own.
    return booking.status == "confirmed" and booking.entry is not None and booking.entry.is_late(now)
