"""Hosts' calendars in memory."""

from datetime import datetime

from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.calendar_reader import CalendarAccess
from application.ports.calendars import StoredCalendar
from application.ports.storage import Taken
from application.ports.vault import Unopenable
from domain.calendar import CalendarConnection, CalendarKind
from domain.ids import BookingId, CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot


class MemoryCalendars:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, connection: CalendarConnection, access: CalendarAccess, *calendars: StoredCalendar) -> None:
        def change(tables: Tables) -> None:
            if connection.login and _find(tables, connection.host_id, connection.kind, connection.login):
                raise Taken("calendar-login")
            tables.calendar_connections[connection.id] = (connection, access)
            tables.calendars.update({each.calendar.id: each for each in calendars})

        self._transaction.stage(change)

    async def connection(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None:
        found = (await self._transaction.read()).calendar_connections.get(connection_id)
        return found[0] if found is not None and found[0].host_id == host_id else None

    async def connection_of(self, host_id: HostId, kind: CalendarKind, login: str, /) -> CalendarConnection | None:
        return _find(await self._transaction.read(), host_id, kind, login)

    async def how_many_connections(self, host_id: HostId, /) -> int:
        connections = (await self._transaction.read()).calendar_connections.values()
        return sum(each.host_id == host_id for each, _ in connections)

    async def ids_of(self, host_id: HostId, /) -> frozenset[CalendarId]:
        calendars = (each.calendar for each in (await self._transaction.read()).calendars.values())
        return frozenset(each.id for each in calendars if each.host_id == host_id)

    async def hosts_on(self, kind: CalendarKind, login: str, /) -> list[HostId]:
        connections = (each for each, _ in (await self._transaction.read()).calendar_connections.values())
        return sorted(each.host_id for each in connections if (each.kind, each.login) == (kind, login))

    async def lock_connection(
        self, host_id: HostId, connection_id: CalendarConnectionId, /
    ) -> CalendarConnection | None:
        row = _connection_row(connection_id)
        await self._transaction.lock(row)
        found = await self.connection(host_id, connection_id)
        if found is None:
            self._transaction.unlock(row)
        return found

    def save_connection(self, connection: CalendarConnection) -> None:
        def change(tables: Tables) -> None:
            if connection.id in tables.calendar_connections:
                tables.calendar_connections[connection.id] = (connection, tables.calendar_connections[connection.id][1])

        self._transaction.stage(change, _connection_row(connection.id))

    def put_access(self, connection_id: CalendarConnectionId, access: CalendarAccess) -> None:
        def change(tables: Tables) -> None:
            if connection_id in tables.calendar_connections:
                tables.calendar_connections[connection_id] = (tables.calendar_connections[connection_id][0], access)

        self._transaction.stage(change, _connection_row(connection_id))

    def add_calendars(self, *calendars: StoredCalendar) -> None:
        self._transaction.stage(lambda tables: tables.calendars.update({each.calendar.id: each for each in calendars}))

    async def lock_all(self, connection_id: CalendarConnectionId, /) -> list[StoredCalendar]:
        calendars = (await self._transaction.read()).calendars.values()
        ids = sorted(each.calendar.id for each in calendars if each.calendar.connection_id == connection_id)
        return [found for each in ids if (found := await self.lock(each)) is not None]

    def drop(self, calendar_id: CalendarId) -> None:
        def change(tables: Tables) -> None:
            _drop(tables, calendar_id)

        self._transaction.stage(change, _row(calendar_id))

    async def access(self, connection_id: CalendarConnectionId, /) -> CalendarAccess | None:
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
                    _drop(tables, calendar_id)

        self._transaction.stage(change)

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


def _drop(tables: Tables, calendar_id: CalendarId) -> None:
    tables.calendars.pop(calendar_id, None)
    for watch_id, (watch, _) in list(tables.calendar_watches.items()):
        if watch.calendar_id == calendar_id:
            del tables.calendar_watches[watch_id]


def _find(tables: Tables, host_id: HostId, kind: CalendarKind, login: str) -> CalendarConnection | None:
    for connection, _ in tables.calendar_connections.values():
        if (connection.host_id, connection.kind, connection.login) == (host_id, kind, login):
            return connection
    return None


def _connection_row(connection_id: CalendarConnectionId) -> RowKey:
    return ("calendar connection", connection_id)


def _row(calendar_id: CalendarId) -> RowKey:
    return ("calendar", calendar_id)
