"""Tell a host by mail that the event of a cancelled booking is still in the calendar."""

from dataclasses import dataclass
from functools import partial

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outcome, Outside, recorded
from application.jobs import TellEntryLeftJob
from application.ports.mail import Mailer, Notice
from application.ports.notices import EntryLeft
from application.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class TellEntryLeft:
    """Send one mail about it, unless it could be removed meanwhile."""

    mailer: Mailer
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: TellEntryLeftJob, attempts: int, /) -> Outcome | Outside:
        booking = await uow.bookings.get(job.booking_id)
        entry = booking.entry if booking else None
        if booking is None or entry is None or not entry.may_be_left:
            return Done()
        if entry.problem is None or entry.failed_at is None:
            return Done()
        account = await uow.accounts.get(booking.host_id)
        if account is None or account.email_confirmed_at is None or account.closed_at is not None:
            return Done()
        stored = await uow.calendars.get(entry.calendar_id)
        about = EntryLeft(
            booking_id=booking.id,
            title=booking.title,
            guest=booking.guest.name or "",
            start=booking.slot.start,
            timezone=account.host.timezone,
            calendar=stored.calendar.name if stored else "",
            problem=entry.problem,
        )
        notice = Notice(f"entry-left.{booking.id}", entry.failed_at.replace(microsecond=0), account.host, about)
        return Outside(partial(deliver, self.mailer, notice, recorded(Done()), self.backoff(attempts)))
