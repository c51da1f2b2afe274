"""Hosts' calendars, their busy times, and the sealed ways into them."""

import msgspec

from adapters.postgres.pool import Row
from adapters.postgres.table import to_json
from adapters.postgres.tables import CALENDAR_CONNECTIONS, CALENDARS
from adapters.postgres.transaction import Transaction
from application.ports.calendars import FeedAddress, LastSeen, StoredCalendar
from application.ports.safe_fetcher import Validators
from application.ports.vault import Vault
from domain.busy import BusyTime
from domain.calendar import CalendarConnection
from domain.ids import CalendarConnectionId, CalendarId, HostId

_ADD_CONNECTION = f"""
    insert into calendar_connections ({CALENDAR_CONNECTIONS.columns}, sealed_access)
    values ({CALENDAR_CONNECTIONS.placeholders()}, ${CALENDAR_CONNECTIONS.after})
"""

_BESIDE = "times, blocked_from, blocked_until, etag, last_modified, digest"
_BESIDE_PLACEHOLDERS = ", ".join(f"${CALENDARS.after + place}" for place in range(6))

_ADD = f"""
    insert into calendars ({CALENDARS.columns}, {_BESIDE})
    values ({CALENDARS.placeholders()}, {_BESIDE_PLACEHOLDERS})
"""

_SAVE = f"""
    update calendars set ({CALENDARS.columns}, {_BESIDE}) = ({CALENDARS.placeholders()}, {_BESIDE_PLACEHOLDERS})
    where id = $1
"""

_GET = f"select {CALENDARS.select}, c.times, c.etag, c.last_modified, c.digest from calendars as c where c.id = $1"

_times: msgspec.msgpack.Decoder[tuple[BusyTime, ...]] = msgspec.msgpack.Decoder(tuple[BusyTime, ...])


class PostgresCalendars:
    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, connection: CalendarConnection, access: FeedAddress, *calendars: StoredCalendar) -> None:
        sealed = self._vault.seal(to_json(access).encode(), access_identity(connection.id))
        self._transaction.write(_ADD_CONNECTION, *CALENDAR_CONNECTIONS.args(connection), sealed)
        for each in calendars:
            self._transaction.write(_ADD, *_args(each))

    async def connection(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None:
        sql = f"""
            select {CALENDAR_CONNECTIONS.select} from calendar_connections as k where k.host_id = $1 and k.id = $2
        """
        row = await self._transaction.read(sql, host_id, connection_id)
        return None if row is None else CALENDAR_CONNECTIONS.read(row)

    async def access(self, connection_id: CalendarConnectionId, /) -> FeedAddress | None:
        row = await self._transaction.read(
            "select sealed_access from calendar_connections where id = $1", connection_id
        )
        if row is None:
            return None
        return msgspec.json.decode(self._vault.open(row[0], access_identity(connection_id)), type=FeedAddress)

    async def get(self, calendar_id: CalendarId, /) -> StoredCalendar | None:
        row = await self._transaction.read(_GET, calendar_id)
        return None if row is None else _stored(row)

    async def lock(self, calendar_id: CalendarId, /) -> StoredCalendar | None:
        row = await self._transaction.lock(f"{_GET} for no key update", calendar_id)
        return None if row is None else _stored(row)

    def save(self, stored: StoredCalendar) -> None:
        self._transaction.write(_SAVE, *_args(stored))

    def remove(self, host_id: HostId, connection_id: CalendarConnectionId) -> None:
        sql = "delete from calendar_connections where host_id = $1 and id = $2"
        self._transaction.write(sql, host_id, connection_id)

    async def horizon(self, calendar_id: CalendarId, /) -> int:
        sql = """
            select coalesce(max(p.horizon_days), 0) from calendars as c
            join booking_pages as p on p.host_id = c.host_id and p.calendars -> 'blocking' ? c.id
            where c.id = $1
        """
        row = await self._transaction.read(sql, calendar_id)
        return 0 if row is None else row[0]


def access_identity(connection_id: CalendarConnectionId) -> str:
    """The row that a sealed way in belongs to; it can't be opened as another's."""
    return f"calendar_connections:{connection_id}"


def _args(stored: StoredCalendar) -> list[object]:
    blocked = stored.calendar.blocked(stored.times)
    return [
        *CALENDARS.args(stored.calendar),
        msgspec.msgpack.encode(stored.times),
        [each.start.timestamp() for each in blocked],
        [each.end.timestamp() for each in blocked],
        stored.seen.validators.etag,
        stored.seen.validators.last_modified,
        stored.seen.digest,
    ]


def _stored(row: Row) -> StoredCalendar:
    seen = LastSeen(Validators(row["etag"], row["last_modified"]), row["digest"])
    return StoredCalendar(CALENDARS.read(row), _times.decode(row["times"]), seen)
