"""Do what a page says about entries that its host has deleted or moved in the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from application.actor import System
from application.booking.access import BookingById
from application.booking.decide_on_entry import AcceptEntryChange
from application.decisions import note_entry
from application.deliver import deliver
from application.job_runner import Backoff, Done, Outcome, Outside, Record, recorded
from application.jobs import FollowEntriesJob
from application.ports.conflicts import Busy
from application.ports.mail import Mailer, Notice
from application.ports.notices import About, EntriesChanged, EntryChanged
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.booking import Booking
from domain.calendar_entry import CalendarEntry
from domain.entry_changes import MOST_DELETED, leave_entry
from domain.errors import Refusal
from domain.host import Host
from domain.ids import BookingId
from domain.page_calendars import PageCalendars


@dataclass(frozen=True)
class FollowEntries:
    """Cancel, reschedule, ask or do nothing, each as its page wants it.

    Many deletions at once are a calendar that was tidied up, or lost, rather than so many cancellations: then the host
    is asked about all of them. So they are where a booking can't follow, such as to a time that is taken.
    """

    begin: Begin
    accept: AcceptEntryChange
    mailer: Mailer
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: FollowEntriesJob, attempts: int, /) -> Outcome | Outside:
        found = await uow.booking_search.in_calendars([job.calendar_id], job.at)
        changed = [each for each in found if each.entry.is_undecided and each.entry.changed_at == job.at]
        if not changed:
            return Done()
        deleted = sum(each.entry.state == "deleted_in_calendar" for each in changed)
        ids = [each.booking_id for each in changed]
        return Outside(partial(self._call, job, ids, attempts, asks_anyway=deleted > MOST_DELETED))

    async def _call(
        self, job: FollowEntriesJob, ids: Sequence[BookingId], attempts: int, *, asks_anyway: bool
    ) -> Record:
        asked = [each for each in ids if not await self._follow(each, job.at, asks_anyway=asks_anyway)]
        notice = await self._notice(asked, job)
        if notice is None:
            return recorded(Done())
        return await deliver(self.mailer, notice, recorded(Done()), self.backoff(attempts))

    async def _follow(self, booking_id: BookingId, changed_at: datetime, *, asks_anyway: bool) -> bool:
        """Do what needs no answer; False where the host has to be asked."""
        async with self.begin() as uow:
            booking = await uow.bookings.lock(booking_id)
            page = await uow.pages.get(booking.page_id) if booking else None
            if booking is None or booking.entry is None or booking.entry.changed_at != changed_at:
                return True
            what = _wish(booking.entry, page.calendars if page else PageCalendars())
            if what == "nothing":
                note_entry(uow, leave_entry(booking))
                return True
        is_deletion = booking.entry.state == "deleted_in_calendar"
        if what == "ask" or (asks_anyway and is_deletion):
            return False
        try:
            await self.accept(BookingById(System(), booking_id))
        except (Refusal, Busy):
            return False
        return True

    async def _notice(self, asked: Sequence[BookingId], job: FollowEntriesJob) -> Notice | None:
        """What to ask; nothing where the host was faster, or nobody reads it."""
        async with self.begin() as uow:
            found = [await uow.bookings.get(each) for each in asked]
            bookings = [each for each in found if each is not None and each.entry and each.entry.is_undecided]
            account = await uow.accounts.get(bookings[0].host_id) if bookings else None
            stored = await uow.calendars.get(job.calendar_id)
        if account is None or account.email_confirmed_at is None or account.closed_at is not None:
            return None
        about = _about(bookings, account.host, stored.calendar.name if stored else "")
        at = job.at.replace(microsecond=0)
        return Notice(f"entries.{job.calendar_id}.{at:%Y%m%dT%H%M%S}", at, account.host, about)


def _wish(entry: CalendarEntry, calendars: PageCalendars) -> str:
    return calendars.on_delete if entry.state == "deleted_in_calendar" else calendars.on_move


def _about(bookings: Sequence[Booking], host: Host, calendar: str) -> About:
    first, *others = bookings
    if others:
        return EntriesChanged(len(bookings), calendar)
    entry = first.entry
    assert entry is not None
    return EntryChanged(
        booking_id=first.id,
        title=first.title,
        guest=first.guest.name or "",
        start=first.slot.start,
        moved_to=entry.moved_to.start if entry.moved_to else None,
        timezone=host.timezone,
        calendar=calendar,
    )
