"""Show what was read of a calendar."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from application.actor import HostActor
from application.ports.calendars import HostCalendars, StoredCalendar
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from domain.busy import BusyTime
from domain.calendar import Calendar
from domain.errors import NotFound
from domain.ids import CalendarConnectionId, CalendarId


class NextTime(msgspec.Struct, frozen=True):
    """A busy time, and the calendar that it is in."""

    calendar: Calendar
    time: BusyTime


@dataclass(frozen=True)
class ShowNextTimes:
    """The next busy times, by which a host recognises a calendar; titles aren't stored."""

    begin: Begin
    views: HostCalendars
    clock: Clock

    async def __call__(self, actor: HostActor, calendar_id: CalendarId, count: int) -> list[BusyTime]:
        """Those that block and aren't over, ascending. Raises Forbidden or NotFound."""
        host_id = actor.require("account:read")
        async with self.begin() as uow:
            stored = await uow.calendars.get(calendar_id)
        if stored is None or stored.calendar.host_id != host_id:
            raise NotFound("calendar")
        return [each.time for each in self._next([stored], count)]

    async def of_connection(self, actor: HostActor, connection_id: CalendarConnectionId, count: int) -> list[NextTime]:
        """The next ones of all calendars of a connection together. Raises Forbidden."""
        host_id = actor.require("account:read")
        calendars = [each for each in await self.views.calendars(host_id) if each.connection_id == connection_id]
        async with self.begin() as uow:
            stored = [await uow.calendars.get(each.id) for each in calendars]
        return self._next([each for each in stored if each is not None], count)

    def _next(self, calendars: Sequence[StoredCalendar], count: int) -> list[NextTime]:
        now = self.clock()
        coming = (
            NextTime(each.calendar, time)
            for each in calendars
            for time in each.times
            if time.slot.end > now and each.calendar.rules.blocks(time)
        )
        return heapq.nsmallest(count, coming, key=lambda each: each.time.slot)
