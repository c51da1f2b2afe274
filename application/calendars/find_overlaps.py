"""Find events that lie over bookings, and note them so that their host hears of each once.

A booking and a reading of a calendar can meet in the same moment. Whoever stores events holds the calendar's row and
looks at the bookings then; whoever stores a booking looks at the calendars afterwards, and waits for that row: one of
the two sees the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.decisions import ApplyDecision
from application.job_runner import Done, Outcome
from application.jobs import CheckOverlapsJob, FindOverlapsJob
from application.ports.calendars import StoredCalendar
from application.ports.clock import Clock
from application.ports.storage import UnitOfWork
from domain.booking import Booking, Decision
from domain.busy import BusyTime
from domain.calendar import Calendar
from domain.events import OverlapEnded, OverlapFound
from domain.ids import BookingId, CalendarId
from domain.overlaps import end_overlaps, note_overlaps, over
from domain.slot import Slot


class _Seen(msgspec.Struct, frozen=True):
    """What a calendar shows that it didn't show before, and what it shows no longer."""

    calendar: Calendar
    brought: frozenset[BusyTime]
    gone: frozenset[Slot] = frozenset()


@dataclass(frozen=True)
class FindOverlaps:
    """Look at the bookings under calendars that the unit of work has locked."""

    clock: Clock
    apply: ApplyDecision

    async def after_reading(self, uow: UnitOfWork, before: StoredCalendar, after: StoredCalendar) -> None:
        """Note what a reading has brought, and what it has taken away.

        Events that were known before are no news: bookings were taken over them by the rules of the time.
        """
        known, read = frozenset(before.times), frozenset(after.times)
        gone = frozenset(each.slot for each in known) - frozenset(each.slot for each in read)
        if gone or read - known:
            seen = _Seen(after.calendar, read - known, gone)
            for each in await self._under(uow, seen):
                await self._look(uow, each, [seen])

    async def of_new_calendars(self, uow: UnitOfWork, job: FindOverlapsJob, _attempts: int, /) -> Outcome:
        """Look at all bookings under calendars that were connected after these had been taken."""
        seen = await self._all_of(uow, job.calendar_ids)
        under = {booking_id for each in seen for booking_id in await self._under(uow, each)}
        for booking_id in sorted(under):
            await self._look(uow, booking_id, seen)
        return Done()

    async def of_booking(self, uow: UnitOfWork, job: CheckOverlapsJob, _attempts: int, /) -> Outcome:
        """Look at all calendars over a booking that was stored a moment ago."""
        booking = await uow.bookings.get(job.booking_id)
        page = await uow.pages.get(booking.page_id) if booking else None
        if page is not None:
            await self._look(uow, job.booking_id, await self._all_of(uow, page.calendars.blocking))
        return Done()

    async def _all_of(self, uow: UnitOfWork, calendar_ids: Iterable[CalendarId]) -> list[_Seen]:
        """Locked in one order, so that nobody waits in a circle."""
        found = [await uow.calendars.lock(each) for each in sorted(calendar_ids)]
        return [_Seen(each.calendar, frozenset(each.times)) for each in found if each is not None]

    async def _under(self, uow: UnitOfWork, seen: _Seen) -> tuple[BookingId, ...]:
        slots = {*(each.slot for each in seen.brought), *seen.gone}
        if not slots:
            return ()
        span = Slot(min(each.start for each in slots), max(each.end for each in slots))
        return await uow.calendars.bookings_under(seen.calendar.id, span, self.clock())

    async def _look(self, uow: UnitOfWork, booking_id: BookingId, seen: Sequence[_Seen]) -> None:
        # Most bookings lie under nothing, and need no lock.
        booking, now = await uow.bookings.get(booking_id), self.clock()
        if booking is None or not _decided(booking, seen, now).events:
            return
        booking = await uow.bookings.lock(booking_id)
        if booking is not None:
            self.apply(uow, _decided(booking, seen, now))


def _decided(booking: Booking, seen: Sequence[_Seen], now: datetime) -> Decision[OverlapFound | OverlapEnded]:
    events: list[OverlapFound | OverlapEnded] = []
    for each in seen:
        booking, ended = end_overlaps(booking, each.calendar, each.gone, now)
        booking, found = note_overlaps(booking, each.calendar, over(booking, each.brought, each.calendar), now)
        events.extend((*ended, *found))
    return Decision(booking, tuple(events))
