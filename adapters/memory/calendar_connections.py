"""Hosts' connections to calendar accounts, in memory."""

from adapters.memory.calendars import drop_calendar
from adapters.memory.locks import RowKey
from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.calendar_reader import CalendarAccess
from application.ports.conflicts import Taken
from application.ports.vault import Unopenable
from domain.calendar import CalendarConnection, CalendarKind
from domain.ids import CalendarConnectionId, HostId


class MemoryCalendarConnections:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, connection: CalendarConnection, access: CalendarAccess) -> None:
        def change(tables: Tables) -> None:
            if connection.login and _find(tables, connection.host_id, connection.kind, connection.login):
                raise Taken("calendar-login")
            tables.calendar_connections[connection.id] = (connection, access)

        self._transaction.stage(change)

    async def get(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None:
        found = (await self._transaction.read()).calendar_connections.get(connection_id)
        return found[0] if found is not None and found[0].host_id == host_id else None

    async def of_login(self, host_id: HostId, kind: CalendarKind, login: str, /) -> CalendarConnection | None:
        return _find(await self._transaction.read(), host_id, kind, login)

    async def count(self, host_id: HostId, /) -> int:
        connections = (await self._transaction.read()).calendar_connections.values()
        return sum(each.host_id == host_id for each, _ in connections)

    async def hosts_on(self, kind: CalendarKind, login: str, /) -> list[HostId]:
        connections = (each for each, _ in (await self._transaction.read()).calendar_connections.values())
        return sorted(each.host_id for each in connections if (each.kind, each.login) == (kind, login))

    async def lock(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None:
        row = _row(connection_id)
        await self._transaction.lock(row)
        found = await self.get(host_id, connection_id)
        if found is None:
            self._transaction.unlock(row)
        return found

    def save(self, connection: CalendarConnection) -> None:
        def change(tables: Tables) -> None:
            if connection.id in tables.calendar_connections:
                tables.calendar_connections[connection.id] = (connection, tables.calendar_connections[connection.id][1])

        self._transaction.stage(change, _row(connection.id))

    def put_access(self, connection_id: CalendarConnectionId, access: CalendarAccess) -> None:
        def change(tables: Tables) -> None:
            if connection_id in tables.calendar_connections:
                tables.calendar_connections[connection_id] = (tables.calendar_connections[connection_id][0], access)

        self._transaction.stage(change, _row(connection_id))

    async def access(self, connection_id: CalendarConnectionId, /) -> CalendarAccess | None:
        found = (await self._transaction.read()).calendar_connections.get(connection_id)
        if found is None:
            return None
        if found[1] is None:
            raise Unopenable("The key that sealed this address is gone.")
        return found[1]

    def remove(self, host_id: HostId, connection_id: CalendarConnectionId) -> None:
        def change(tables: Tables) -> None:
            found = tables.calendar_connections.get(connection_id)
            if found is None or found[0].host_id != host_id:
                return
            del tables.calendar_connections[connection_id]
            for calendar_id, stored in list(tables.calendars.items()):
                if stored.calendar.connection_id == connection_id:
                    drop_calendar(tables, calendar_id)

        self._transaction.stage(change)


def _find(tables: Tables, host_id: HostId, kind: CalendarKind, login: str) -> CalendarConnection | None:
    for connection, _ in tables.calendar_connections.values():
        if (connection.host_id, connection.kind, connection.login) == (host_id, kind, login):
            return connection
    return None


def _row(connection_id: CalendarConnectionId) -> RowKey:
    return ("calendar connection", connection_id)
