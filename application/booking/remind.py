"""Remind guests of a booking: one mail, built from how things stand when it is sent."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import msgspec

from application.booking.leave_links import LeaveLinks
from application.decisions import ApplyDecision
from application.job_runner import Again, Backoff, Done, Outcome, Outside, Record, recorded
from application.jobs import RemindGuestJob
from application.ports.clock import Clock
from application.ports.mail import BookingMail, Mailer, MailMisconfigured, MailTryLater, RecipientRefused
from application.ports.mailed_revisions import MailedRevisions
from application.ports.unit_of_work import UnitOfWork
from application.spend_budget import SpendBudget
from application.unsubscribe import UnsubscribeLinks
from domain.awaited_meeting import as_announced
from domain.booking import Booking
from domain.booking_mails import reminder_accepted, reminder_refused
from domain.budgets import REMINDERS_COUNTED, first_mail, mails_to_guest
from domain.mail_problem import MailedTooOften, MailProblem, MailsStopped, TooManyGuestsMailed
from domain.retry import FIRST_REPEAT_OF_MAIL

CLOCKS_AGREE_WITHIN = timedelta(minutes=1)
"""The store's clock, by which a job is due, may be ahead of this one."""


@dataclass(frozen=True)
class RemindGuest:
    """Send a reminder for a booking's time; a moved booking gets others for its new time.

    One that the guest's budget of mails has no room for waits until there is some, as long as it is still of use.
    """

    revisions: MailedRevisions
    unsubscribe: UnsubscribeLinks
    leaving: LeaveLinks
    mailer: Mailer
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: RemindGuestJob, attempts: int, /) -> Outcome | Outside:
        booking = await uow.bookings.get(job.booking_id)
        host = await uow.hosts.get(booking.host_id) if booking else None
        page = await uow.pages.get(booking.page_id) if booking else None
        now = self.clock()
        if booking is None or host is None or not booking.wants_reminder(job.at, now):
            return Done()
        place = job.place
        if place is not None and place not in booking.invited:
            return Done()
        if now < job.at - CLOCKS_AGREE_WITHIN:
            return Again(job.at)
        unsubscribe = await self.unsubscribe.token_for(uow, booking, now, place)
        if unsubscribe is None:
            await self.apply(uow, reminder_refused(booking, MailsStopped(), now, place))
            return Done()
        counted = REMINDERS_COUNTED.of(job.key)
        email = booking.contact.email if place is None else booking.invited[place].email
        wait = await self.spend.once_within(uow, counted, *mails_to_guest(booking.host_id, email))
        if wait is not None:
            if now + wait < booking.slot.start:
                return Again(now + wait)
            await self.apply(uow, reminder_refused(booking, MailedTooOften(), now, place))
            return Done()
        mail = BookingMail(
            "reminder",
            "guest",
            as_announced(booking),
            host,
            brand_color=page.brand_color if page else None,
            unsubscribe=unsubscribe,
            remind_at=job.at,
            invitee=None if place is None else self.leaving.invitee(uow, booking, place),
        )
        return Outside(partial(self._call, booking, mail, attempts))

    async def _call(self, booking: Booking, mail: BookingMail, attempts: int) -> Record:
        earlier = await self.revisions.mailed(booking.id, mail.recipient)
        if not earlier and await self.spend.once(*first_mail(booking.host_id, booking.id, mail.recipient)):
            return partial(self._refused, mail=mail, problem=TooManyGuestsMailed())
        again = self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL)
        try:
            await self.mailer.send(msgspec.structs.replace(mail, earlier=earlier))
        except (MailTryLater, MailMisconfigured) as error:
            if again.at < booking.slot.start:
                return recorded(again)
            return partial(self._refused, mail=mail, problem=error.problem)
        except RecipientRefused as error:
            return partial(self._refused, mail=mail, problem=error.problem)
        return partial(self._accepted, mail=mail)

    async def _accepted(self, uow: UnitOfWork, mail: BookingMail) -> Outcome:
        booking = await uow.bookings.lock(mail.booking.id)
        if booking is not None:
            await self.apply(uow, reminder_accepted(booking, self.clock(), mail.invitee and mail.invitee.place))
        return Done()

    async def _refused(self, uow: UnitOfWork, mail: BookingMail, problem: MailProblem) -> Outcome:
        booking = await uow.bookings.lock(mail.booking.id)
        if booking is not None:
            place = mail.invitee and mail.invitee.place
            await self.apply(uow, reminder_refused(booking, problem, self.clock(), place))
        return Done()
