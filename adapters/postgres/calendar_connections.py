"""Hosts' connections to calendar accounts, and the sealed ways into them."""

from functools import partial
from typing import Final

import msgspec

from adapters.postgres.table import to_json
from adapters.postgres.tables import CALENDAR_CONNECTIONS
from adapters.postgres.transaction import Transaction
from application.ports.calendar_reader import CalendarAccess
from application.ports.conflicts import Taken
from application.ports.vault import Vault
from domain.calendar import CalendarConnection, CalendarKind
from domain.ids import CalendarConnectionId, HostId

_ADD = f"""
    insert into calendar_connections ({CALENDAR_CONNECTIONS.columns}, sealed_access)
    values ({CALENDAR_CONNECTIONS.placeholders(beside=1)})
"""

_SAVE = f"""
    update calendar_connections set ({CALENDAR_CONNECTIONS.columns}) = ({CALENDAR_CONNECTIONS.placeholders()})
    where id = $1
"""

_OF_HOST = f"select {CALENDAR_CONNECTIONS.select} from calendar_connections as k where k.host_id = $1"

_REFUSALS: Final = {"calendar_connections_login_is_unique": partial(Taken, "calendar-login")}

_access: msgspec.json.Decoder[CalendarAccess] = msgspec.json.Decoder(CalendarAccess)


class PostgresCalendarConnections:
    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, connection: CalendarConnection, access: CalendarAccess) -> None:
        args = CALENDAR_CONNECTIONS.args(connection)
        self._transaction.write(_ADD, *args, self._sealed(connection.id, access), refusals=_REFUSALS)

    async def get(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None:
        row = await self._transaction.read(f"{_OF_HOST} and k.id = $2", host_id, connection_id)
        return None if row is None else CALENDAR_CONNECTIONS.read(row)

    async def of_login(self, host_id: HostId, kind: CalendarKind, login: str, /) -> CalendarConnection | None:
        row = await self._transaction.read(f"{_OF_HOST} and k.kind = $2 and k.login = $3", host_id, kind, login)
        return None if row is None else CALENDAR_CONNECTIONS.read(row)

    async def count(self, host_id: HostId, /) -> int:
        sql = "select count(*) from calendar_connections where host_id = $1"
        row = await self._transaction.read(sql, host_id)
        return 0 if row is None else int(row[0])

    async def hosts_on(self, kind: CalendarKind, login: str, /) -> list[HostId]:
        sql = "select host_id from calendar_connections where kind = $1 and login = $2 order by host_id"
        return [row["host_id"] for row in await self._transaction.read_all(sql, kind, login)]

    async def lock(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None:
        sql = f"{_OF_HOST} and k.id = $2 for no key update"
        row = await self._transaction.lock(sql, host_id, connection_id)
        return None if row is None else CALENDAR_CONNECTIONS.read(row)

    def save(self, connection: CalendarConnection) -> None:
        self._transaction.write(_SAVE, *CALENDAR_CONNECTIONS.args(connection))

    def put_access(self, connection_id: CalendarConnectionId, access: CalendarAccess) -> None:
        sql = "update calendar_connections set sealed_access = $2 where id = $1"
        self._transaction.write(sql, connection_id, self._sealed(connection_id, access))

    async def access(self, connection_id: CalendarConnectionId, /) -> CalendarAccess | None:
        row = await self._transaction.read(
            "select sealed_access from calendar_connections where id = $1", connection_id
        )
        if row is None:
            return None
        return _access.decode(self._vault.open(row[0], access_identity(connection_id)))

    def remove(self, host_id: HostId, connection_id: CalendarConnectionId) -> None:
        sql = "delete from calendar_connections where host_id = $1 and id = $2"
        self._transaction.write(sql, host_id, connection_id)

    def _sealed(self, connection_id: CalendarConnectionId, access: CalendarAccess) -> bytes:
        return self._vault.seal(to_json(access).encode(), access_identity(connection_id))


def access_identity(connection_id: CalendarConnectionId) -> str:
    """The row that a sealed way in belongs to; it can't be opened as another's."""
    return f"calendar_connections:{connection_id}"
