"""Tell a host by mail which events overlap bookings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outside, Record, recorded
from application.jobs import TellOverlapsJob
from application.ports.calendars import HostCalendars
from application.ports.clock import Clock
from application.ports.mail import Mailer, Notice
from application.ports.notices import BookingsOverlapped, OverlappedBooking
from application.ports.offers import Offers
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.booking import Booking, Overlap
from domain.calendar import Calendar
from domain.host import Host
from domain.slot import Slot

AHEAD = timedelta(days=3650)

MOST_LISTED = 20
"""A longer mail isn't read; the others are among the bookings that need attention."""


@dataclass(frozen=True)
class TellOverlaps:
    """Send one mail for all that was found at an instant, as far as it is still so."""

    begin: Begin
    offers: Offers
    calendars: HostCalendars
    mailer: Mailer
    clock: Clock
    backoff: Backoff

    async def __call__(self, _uow: UnitOfWork, job: TellOverlapsJob, attempts: int, /) -> Outside:
        return Outside(partial(self._call, job, attempts))

    async def _call(self, job: TellOverlapsJob, attempts: int) -> Record:
        now = self.clock()
        async with self.begin() as uow:
            account = await uow.accounts.get(job.host_id)
        coming = await self.offers.occupying(job.host_id, Slot(now, now + AHEAD), now)
        overlapped = [each for each in coming if each.is_open(now) and _found_at(job.at, each)]
        if account is None or account.email_confirmed_at is None or not overlapped:
            return recorded(Done())
        notice = _notice(job, account.host, overlapped, await self.calendars.calendars(job.host_id))
        return await deliver(self.mailer, notice, recorded(Done()), self.backoff(attempts))


def _notice(job: TellOverlapsJob, host: Host, overlapped: Sequence[Booking], calendars: Sequence[Calendar]) -> Notice:
    names = {each.id: each.name for each in calendars}
    listed = tuple(
        OverlappedBooking(
            booking_id=booking.id,
            title=booking.title,
            guest=booking.guest.name or "",
            start=booking.slot.start,
            calendar=names.get(overlap.calendar_id, ""),
            event=overlap.slot,
        )
        for booking in overlapped[:MOST_LISTED]
        for overlap in _found_at(job.at, booking)[:1]
    )
    about = BookingsOverlapped(listed, len(overlapped) - len(listed), host.timezone)
    at = job.at.replace(microsecond=0)
    return Notice(f"overlaps.{job.host_id}.{job.at:%Y%m%dT%H%M%S%f}", at, host, about)


def _found_at(at: datetime, booking: Booking) -> list[Overlap]:
    return [each for each in booking.overlapped if each.found_at == at]
