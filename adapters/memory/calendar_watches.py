"""Watches of calendars in memory."""

from collections.abc import Collection, Mapping

from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.calendar_watches import WatchedCalendar
from domain.calendar_watch import CalendarWatch
from domain.ids import CalendarConnectionId, CalendarId, WatchId


class MemoryCalendarWatches:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, watch: CalendarWatch, secret: str) -> None:
        self._transaction.stage(lambda tables: tables.calendar_watches.update({watch.id: (watch, secret)}))

    def save(self, watch: CalendarWatch) -> None:
        def change(tables: Tables) -> None:
            if watch.id in tables.calendar_watches:
                tables.calendar_watches[watch.id] = (watch, tables.calendar_watches[watch.id][1])

        self._transaction.stage(change)

    def remove(self, *watch_ids: WatchId) -> None:
        def change(tables: Tables) -> None:
            for each in watch_ids:
                tables.calendar_watches.pop(each, None)

        self._transaction.stage(change)

    async def of_calendar(self, calendar_id: CalendarId, /) -> list[CalendarWatch]:
        return await self._of({calendar_id})

    async def of_connection(self, connection_id: CalendarConnectionId, /) -> list[CalendarWatch]:
        calendars = (await self._transaction.read()).calendars.values()
        return await self._of({each.calendar.id for each in calendars if each.calendar.connection_id == connection_id})

    async def by_secret(self, secrets: Collection[str], /) -> Mapping[str, WatchedCalendar]:
        tables = await self._transaction.read()
        return {
            secret: WatchedCalendar(watch, tables.calendars[watch.calendar_id].calendar)
            for watch, secret in tables.calendar_watches.values()
            if secret in secrets and watch.calendar_id in tables.calendars
        }

    async def _of(self, calendar_ids: Collection[CalendarId]) -> list[CalendarWatch]:
        stored = (await self._transaction.read()).calendar_watches.values()
        found = (watch for watch, _ in stored if watch.calendar_id in calendar_ids)
        return sorted(found, key=lambda each: (each.begun_at, each.id))
