"""Hosts' calendars in memory."""

from datetime import datetime

from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.calendars import StoredCalendar
from domain.ids import BookingId, CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot


class MemoryCalendars:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def ids_of(self, host_id: HostId, /) -> frozenset[CalendarId]:
        calendars = (each.calendar for each in (await self._transaction.read()).calendars.values())
        return frozenset(each.id for each in calendars if each.host_id == host_id)

    def add(self, *calendars: StoredCalendar) -> None:
        self._transaction.stage(lambda tables: tables.calendars.update({each.calendar.id: each for each in calendars}))

    async def lock_all(self, connection_id: CalendarConnectionId, /) -> list[StoredCalendar]:
        calendars = (await self._transaction.read()).calendars.values()
        ids = sorted(each.calendar.id for each in calendars if each.calendar.connection_id == connection_id)
        return [found for each in ids if (found := await self.lock(each)) is not None]

    def remove(self, calendar_id: CalendarId) -> None:
        def change(tables: Tables) -> None:
            drop_calendar(tables, calendar_id)

        self._transaction.stage(change, _row(calendar_id))

    async def get(self, calendar_id: CalendarId, /) -> StoredCalendar | None:
        return (await self._transaction.read()).calendars.get(calendar_id)

    async def lock(self, calendar_id: CalendarId, /) -> StoredCalendar | None:
        await self._transaction.lock(_row(calendar_id))
        found = await self.get(calendar_id)
        if found is None:
            self._transaction.unlock(_row(calendar_id))
        return found

    def save(self, stored: StoredCalendar) -> None:
        def change(tables: Tables) -> None:
            if stored.calendar.id in tables.calendars:
                tables.calendars[stored.calendar.id] = stored

        self._transaction.stage(change, _row(stored.calendar.id))

    async def horizon(self, calendar_id: CalendarId, /) -> int:
        pages = (await self._transaction.read()).pages.values()
        using = (each for each in pages if calendar_id in (*each.calendars.blocking, each.calendars.writes_to))
        return max((each.rules.horizon_days for each in using), default=0)

    async def bookings_under(self, calendar_id: CalendarId, within: Slot, now: datetime, /) -> tuple[BookingId, ...]:
        tables = await self._transaction.read()
        blocked = {each.id for each in tables.pages.values() if calendar_id in each.calendars.blocking}
        return tuple(
            sorted(
                each.id
                for each in tables.bookings.values()
                if each.page_id in blocked and each.is_open(now) and each.slot.overlaps(within)
            )
        )


def drop_calendar(tables: Tables, calendar_id: CalendarId) -> None:
    tables.calendars.pop(calendar_id, None)
    for watch_id, (watch, _) in list(tables.calendar_watches.items()):
        if watch.calendar_id == calendar_id:
            del tables.calendar_watches[watch_id]


def _row(calendar_id: CalendarId) -> RowKey:
    return ("calendar", calendar_id)
