"""Hosts' calendars in memory."""

from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.calendars import FeedAddress, StoredCalendar
from application.ports.vault import Unopenable
from domain.calendar import CalendarConnection
from domain.ids import CalendarConnectionId, CalendarId, HostId


class MemoryCalendars:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, connection: CalendarConnection, access: FeedAddress, *calendars: StoredCalendar) -> None:
        def change(tables: Tables) -> None:
            tables.calendar_connections[connection.id] = (connection, access)
            tables.calendars.update({each.calendar.id: each for each in calendars})

        self._transaction.stage(change)

    async def connection(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None:
        found = (await self._transaction.read()).calendar_connections.get(connection_id)
        return found[0] if found is not None and found[0].host_id == host_id else None

    async def access(self, connection_id: CalendarConnectionId, /) -> FeedAddress | None:
        found = (await self._transaction.read()).calendar_connections.get(connection_id)
        if found is None:
            return None
        if found[1] is None:
            raise Unopenable("The key that sealed this address is gone.")
        return found[1]

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

    def remove(self, host_id: HostId, connection_id: CalendarConnectionId) -> None:
        def change(tables: Tables) -> None:
            found = tables.calendar_connections.get(connection_id)
            if found is None or found[0].host_id != host_id:
                return
            del tables.calendar_connections[connection_id]
            for calendar_id, stored in list(tables.calendars.items()):
                if stored.calendar.connection_id == connection_id:
                    del tables.calendars[calendar_id]

        self._transaction.stage(change)

    async def horizon(self, calendar_id: CalendarId, /) -> int:
        pages = (await self._transaction.read()).pages.values()
        return max((each.rules.horizon_days for each in pages if calendar_id in each.calendars.blocking), default=0)


def _row(calendar_id: CalendarId) -> RowKey:
    return ("calendar", calendar_id)
