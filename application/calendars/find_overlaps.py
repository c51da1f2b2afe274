"""Find events that lie over bookings, and note them so that their host hears of each once.

A booking and a reading of a calendar can meet in the same moment. Whoever stores events holds the calendar's row and
looks for bookings then; whoever stores a booking owes a look at the calendars afterwards, which waits for that row: one
of the two sees the other.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from application.decisions import ApplyDecision
from application.effects import carry_out, overlaps_changed
from application.job_runner import Done, Outcome, Outside, apart
from application.jobs import CheckOverlapsJob, FindOverlapsJob
from application.ports.calendars import StoredCalendar
from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork
from domain.busy import BusyTime
from domain.calendar import Calendar
from domain.ids import BookingId, CalendarId
from domain.overlaps import near, over, settle
from domain.slot import Slot

FURTHEST = timedelta(days=3650)
"""No booking is further ahead."""


@dataclass(frozen=True)
class FindOverlaps:
    """Look for events over bookings, and note what is found on the bookings."""

    clock: Clock
    apply: ApplyDecision

    async def after_reading(self, uow: UnitOfWork, before: StoredCalendar, after: StoredCalendar) -> None:
        """Owe a look at the bookings that a reading has brought events over, or freed of some.

        Events that were known before are no news: bookings were taken over them by the rules of the time.
        """
        changed = _between_same_ends(before.times, after.times)
        under = await self._under(uow, after.calendar, [each.slot for each in changed])
        bookings = [booking for each in under if (booking := await uow.bookings.get(each)) is not None]
        # There can be tens of thousands of events, and the calendar is locked.
        slots = [each.slot for each in bookings]
        known, read = frozenset(near(before.times, slots)), frozenset(near(after.times, slots))
        gone = frozenset(each.slot for each in known - read) - frozenset(each.slot for each in read)
        touched = [
            booking.id
            for booking in bookings
            if over(booking, read - known, after.calendar) or any(found.slot in gone for found in booking.overlaps)
        ]
        carry_out(uow, overlaps_changed(touched, self.clock()))

    async def of_new_calendars(self, _uow: UnitOfWork, job: FindOverlapsJob, _attempts: int, /) -> Outside:
        """Look at all bookings under calendars that were connected after these had been taken."""
        return apart(partial(self._look_under, calendar_ids=job.calendar_ids))

    async def _look_under(self, uow: UnitOfWork, calendar_ids: Sequence[CalendarId]) -> Outcome:
        found: set[BookingId] = set()
        for each in calendar_ids:
            stored = await uow.calendars.get(each)
            if stored is not None:
                found.update(await self._under(uow, stored.calendar, {time.slot for time in stored.times}))
        return await self._look(uow, found)

    async def before_leaving(self, uow: UnitOfWork, calendar_ids: Iterable[CalendarId]) -> None:
        """Owe a look at the bookings over which calendars have events that are about to be disconnected."""
        now = self.clock()
        touched: set[BookingId] = set()
        for each in calendar_ids:
            for booking_id in await uow.calendars.bookings_under(each, Slot(now, now + FURTHEST), now):
                booking = await uow.bookings.get(booking_id)
                if booking is not None and any(found.calendar_id == each for found in booking.overlapped):
                    touched.add(booking_id)
        carry_out(uow, overlaps_changed(sorted(touched), now))

    async def of_bookings(self, _uow: UnitOfWork, job: CheckOverlapsJob, _attempts: int, /) -> Outside:
        """Look at bookings that were stored a moment ago, or that a reading concerns."""
        return apart(partial(self._look, booking_ids=job.booking_ids))

    async def _under(self, uow: UnitOfWork, calendar: Calendar, slots: Collection[Slot]) -> tuple[BookingId, ...]:
        if not slots:
            return ()
        span = Slot(min(each.start for each in slots), max(each.end for each in slots))
        return await uow.calendars.bookings_under(calendar.id, span, self.clock())

    async def _look(self, uow: UnitOfWork, booking_ids: Iterable[BookingId]) -> Outcome:
        """Lock calendars, then bookings, each in one order, so that nobody waits in a circle."""
        blocking: dict[BookingId, tuple[CalendarId, ...]] = {}
        for each in sorted(booking_ids):
            booking = await uow.bookings.get(each)
            page = await uow.pages.get(booking.page_id) if booking else None
            blocking[each] = page.calendars.blocking if page else ()
        calendars: dict[CalendarId, tuple[Calendar, tuple[BusyTime, ...]]] = {}
        for each in sorted({each for ids in blocking.values() for each in ids}):
            stored = await uow.calendars.lock(each)
            if stored is not None:
                calendars[each] = stored.calendar, stored.times
        now = self.clock()
        bookings = [booking for each in blocking if (booking := await uow.bookings.lock(each)) is not None]
        slots = [each.slot for each in bookings]
        by_id = {each: (calendar, near(times, slots)) for each, (calendar, times) in calendars.items()}
        for booking in bookings:
            found = [by_id[each] for each in blocking[booking.id] if each in by_id]
            await self.apply(uow, settle(booking, found, now))
        return Done()


def _between_same_ends(before: Sequence[BusyTime], after: Sequence[BusyTime]) -> list[BusyTime]:
    """All of both that differs: what they have in common at either end is left out."""
    least = min(len(before), len(after))
    first = next((place for place in range(least) if before[place] != after[place]), least)
    last = next((back for back in range(least - first) if before[-1 - back] != after[-1 - back]), least - first)
    return [*before[first : len(before) - last], *after[first : len(after) - last]]
