"""Held bookings: the mail that asks for confirmation, and the end of those that nobody confirms."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from application.booking.confirmation_links import ConfirmationLinks
from application.decisions import ApplyDecision
from application.job_runner import Again, Backoff, Done, Outcome, Outside, Record, recorded
from application.jobs import AskToConfirmJob, ReleaseHoldJob
from application.ports.clock import Clock
from application.ports.idempotency_keys import KeyTaken
from application.ports.mail import (
    ConfirmationLink,
    ConfirmationMail,
    Mailer,
    MailMisconfigured,
    MailTryLater,
    RecipientRefused,
)
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from application.unsubscribe import UnsubscribeLinks
from domain.booking_mails import mail_refused
from domain.budgets import first_mail
from domain.errors import SlotTaken
from domain.ids import HostId
from domain.mail_problem import MailProblem, MailsStopped, TooManyGuestsMailed
from domain.retry import FIRST_REPEAT_OF_MAIL


@dataclass(frozen=True)
class AskToConfirm:
    """Each try has a link of its own, and all are good."""

    links: ConfirmationLinks
    unsubscribe: UnsubscribeLinks
    mailer: Mailer
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: AskToConfirmJob, attempts: int, /) -> Outcome | Outside:
        booking = await uow.bookings.get(job.booking_id)
        account = await uow.accounts.get(booking.host_id) if booking else None
        if booking is None or account is None or account.closed_at is not None:
            return Done()
        now = self.clock()
        # Where the key that sealed the guest's token is lost, there is no link to send.
        if booking.held_until is None or booking.is_expired(now) or booking.token is None:
            return Done()
        unsubscribe = await self.unsubscribe.token_for(uow, booking, now)
        if unsubscribe is None:
            await self.apply(uow, mail_refused(booking, "guest", booking.revision, MailsStopped(), now))
            return Done()
        # A quarter of an hour is too short to wait for room.
        if await self.spend.once_within(uow, *first_mail(booking.host_id, booking.id, "guest")):
            await self.apply(uow, mail_refused(booking, "guest", booking.revision, TooManyGuestsMailed(), now))
            return Done()
        page = await uow.pages.get(booking.page_id)
        link = ConfirmationLink(booking.token, self.links.proof_for(booking, booking.token))
        color = page.brand_color if page else None
        mail = ConfirmationMail(booking, account.host, link, booking.held_until, color, unsubscribe)
        return Outside(partial(self._call, mail, self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL)))

    async def _call(self, mail: ConfirmationMail, again: Again) -> Record:
        try:
            await self.mailer.send(mail)
        except RecipientRefused as error:
            return partial(self._refused, mail=mail, problem=error.problem)
        except (MailTryLater, MailMisconfigured):
            return recorded(again)
        return recorded(Done())

    async def _refused(self, uow: UnitOfWork, mail: ConfirmationMail, problem: MailProblem) -> Outcome:
        """Show it on the guest's page, where another address can be given."""
        current = await uow.bookings.lock(mail.booking.id)
        if current is not None and current.status == "held":
            await self.apply(uow, mail_refused(current, "guest", current.revision, problem, self.clock()))
        return Done()


@dataclass(frozen=True)
class ReleaseHold:
    """Leave no trace of a booking that nobody has confirmed in time."""

    clock: Clock

    async def __call__(self, uow: UnitOfWork, job: ReleaseHoldJob, _attempts: int, /) -> Outcome | Outside:
        booking = await uow.bookings.lock(job.booking_id)
        if booking is None or booking.held_until is None:
            return Done()
        if not booking.is_expired(self.clock()):
            return Again(booking.held_until)
        uow.bookings.remove(booking.id)
        return Done()


async def past_expired_holds(
    begin: Begin, host_id: HostId, now: datetime, take: Callable[[UnitOfWork], Awaitable[None]]
) -> None:
    """Take a time in a unit of work, and once more where a hold was in the way whose end no job has come to yet.

    Raises:
        SlotTaken, KeyTaken: something else was in the way.
    """
    try:
        async with begin() as uow:
            await take(uow)
    except (SlotTaken, KeyTaken):
        async with begin() as uow:
            if not await uow.bookings.remove_expired(host_id, now):
                raise
        async with begin() as uow:
            await take(uow)
