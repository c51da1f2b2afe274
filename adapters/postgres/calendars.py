"""Hosts' calendars, their busy times, and the sealed ways into them."""

from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from adapters.postgres.pool import Row
from adapters.postgres.table import to_json
from adapters.postgres.tables import CALENDAR_CONNECTIONS, CALENDARS
from adapters.postgres.transaction import Transaction
from application.ports.calendar_reader import CalendarAccess, LastSeen
from application.ports.calendars import StoredCalendar
from application.ports.safe_fetcher import Validators
from application.ports.storage import Taken
from application.ports.vault import Vault
from domain.busy import BusyTime
from domain.calendar import CalendarConnection, CalendarKind
from domain.ids import BookingId, CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot

_ADD_CONNECTION = f"""
    insert into calendar_connections ({CALENDAR_CONNECTIONS.columns}, sealed_access)
    values ({CALENDAR_CONNECTIONS.placeholders(beside=1)})
"""

_SAVE_CONNECTION = f"""
    update calendar_connections set ({CALENDAR_CONNECTIONS.columns}) = ({CALENDAR_CONNECTIONS.placeholders()})
    where id = $1
"""

_CONNECTION = f"select {CALENDAR_CONNECTIONS.select} from calendar_connections as k where k.host_id = $1"

_REFUSALS: Final = {"calendar_connections_login_is_unique": partial(Taken, "calendar-login")}

_ADD = f"""
    insert into calendars ({CALENDARS.columns}, etag, last_modified, digest, times, blocked_from, blocked_until)
    values ({CALENDARS.placeholders(beside=6)})
"""

_SAVE = f"""
    update calendars set ({CALENDARS.columns}, etag, last_modified, digest, times, blocked_from, blocked_until) =
        ({CALENDARS.placeholders(beside=6)})
    where id = $1
"""

_SAVE_STATE = f"""
    update calendars set ({CALENDARS.columns}, etag, last_modified, digest) = ({CALENDARS.placeholders(beside=3)})
    where id = $1
"""

_GET = f"select {CALENDARS.select}, c.times, c.etag, c.last_modified, c.digest from calendars as c where c.id = $1"

_times: msgspec.msgpack.Decoder[tuple[BusyTime, ...]] = msgspec.msgpack.Decoder(tuple[BusyTime, ...])
_access: msgspec.json.Decoder[CalendarAccess] = msgspec.json.Decoder(CalendarAccess)


class PostgresCalendars:
    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault
        self._locked: dict[CalendarId, int] = {}
        """Revisions, which nobody else changes before this unit ends."""

    def add(self, connection: CalendarConnection, access: CalendarAccess, *calendars: StoredCalendar) -> None:
        args = CALENDAR_CONNECTIONS.args(connection)
        self._transaction.write(_ADD_CONNECTION, *args, self._sealed(connection.id, access), refusals=_REFUSALS)
        self.add_calendars(*calendars)

    async def connection(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None:
        row = await self._transaction.read(f"{_CONNECTION} and k.id = $2", host_id, connection_id)
        return None if row is None else CALENDAR_CONNECTIONS.read(row)

    async def connection_of(self, host_id: HostId, kind: CalendarKind, login: str, /) -> CalendarConnection | None:
        row = await self._transaction.read(f"{_CONNECTION} and k.kind = $2 and k.login = $3", host_id, kind, login)
        return None if row is None else CALENDAR_CONNECTIONS.read(row)

    async def how_many_connections(self, host_id: HostId, /) -> int:
        sql = "select count(*) from calendar_connections where host_id = $1"
        row = await self._transaction.read(sql, host_id)
        return 0 if row is None else int(row[0])

    async def ids_of(self, host_id: HostId, /) -> frozenset[CalendarId]:
        rows = await self._transaction.read_all("select id from calendars where host_id = $1", host_id)
        return frozenset(row["id"] for row in rows)

    async def hosts_on(self, kind: CalendarKind, login: str, /) -> list[HostId]:
        sql = "select host_id from calendar_connections where kind = $1 and login = $2 order by host_id"
        return [row["host_id"] for row in await self._transaction.read_all(sql, kind, login)]

    async def lock_connection(
        self, host_id: HostId, connection_id: CalendarConnectionId, /
    ) -> CalendarConnection | None:
        sql = f"{_CONNECTION} and k.id = $2 for no key update"
        row = await self._transaction.lock(sql, host_id, connection_id)
        return None if row is None else CALENDAR_CONNECTIONS.read(row)

    def save_connection(self, connection: CalendarConnection) -> None:
        self._transaction.write(_SAVE_CONNECTION, *CALENDAR_CONNECTIONS.args(connection))

    def put_access(self, connection_id: CalendarConnectionId, access: CalendarAccess) -> None:
        sql = "update calendar_connections set sealed_access = $2 where id = $1"
        self._transaction.write(sql, connection_id, self._sealed(connection_id, access))

    def add_calendars(self, *calendars: StoredCalendar) -> None:
        for each in calendars:
            self._transaction.write(_ADD, *_state(each), *_times_of(each))

    async def lock_all(self, connection_id: CalendarConnectionId, /) -> list[StoredCalendar]:
        sql = f"""
            select {CALENDARS.select}, c.times, c.etag, c.last_modified, c.digest from calendars as c
            where c.connection_id = $1 order by c.id for no key update
        """
        return [self._noted(row) for row in await self._transaction.lock_all(sql, connection_id)]

    def drop(self, calendar_id: CalendarId) -> None:
        self._transaction.write("delete from calendars where id = $1", calendar_id)

    async def access(self, connection_id: CalendarConnectionId, /) -> CalendarAccess | None:
        row = await self._transaction.read(
            "select sealed_access from calendar_connections where id = $1", connection_id
        )
        if row is None:
            return None
        return _access.decode(self._vault.open(row[0], access_identity(connection_id)))

    async def get(self, calendar_id: CalendarId, /) -> StoredCalendar | None:
        row = await self._transaction.read(_GET, calendar_id)
        return None if row is None else _stored(row)

    async def lock(self, calendar_id: CalendarId, /) -> StoredCalendar | None:
        row = await self._transaction.lock(f"{_GET} for no key update", calendar_id)
        return None if row is None else self._noted(row)

    def save(self, stored: StoredCalendar) -> None:
        """Most readings find what the last one did: busy times are written with another revision alone."""
        calendar = stored.calendar
        if self._locked.get(calendar.id) == calendar.revision:
            self._transaction.write(_SAVE_STATE, *_state(stored))
        else:
            self._transaction.write(_SAVE, *_state(stored), *_times_of(stored))

    def remove(self, host_id: HostId, connection_id: CalendarConnectionId) -> None:
        sql = "delete from calendar_connections where host_id = $1 and id = $2"
        self._transaction.write(sql, host_id, connection_id)

    async def horizon(self, calendar_id: CalendarId, /) -> int:
        sql = """
            select coalesce(max(p.horizon_days), 0) from calendars as c
            join booking_pages as p on p.host_id = c.host_id
                and (p.calendars -> 'blocking' ? c.id or p.calendars ->> 'writes_to' = c.id)
            where c.id = $1
        """
        row = await self._transaction.read(sql, calendar_id)
        return 0 if row is None else row[0]

    async def bookings_under(self, calendar_id: CalendarId, within: Slot, now: datetime, /) -> tuple[BookingId, ...]:
        sql = """
            select array_agg(b.id order by b.id) from calendars as c
            join booking_pages as p on p.host_id = c.host_id and p.calendars -> 'blocking' ? c.id
            join bookings as b on b.host_id = c.host_id and b.page_id = p.id
            where c.id = $1 and b.status = 'confirmed' and b.end_at > $4 and b.start_at < $3 and b.end_at > $2
                -- The index goes by the occupied time, and a meeting with its buffers lasts no longer than this.
                and b.occupied_from > least($2, $4) - interval '3 days' and b.occupied_from < $3
        """
        row = await self._transaction.read(sql, calendar_id, within.start, within.end, now)
        return () if row is None else tuple(row[0] or ())

    def _noted(self, row: Row) -> StoredCalendar:
        stored = _stored(row)
        self._locked[stored.calendar.id] = stored.calendar.revision
        return stored

    def _sealed(self, connection_id: CalendarConnectionId, access: CalendarAccess) -> bytes:
        return self._vault.seal(to_json(access).encode(), access_identity(connection_id))


def access_identity(connection_id: CalendarConnectionId) -> str:
    """The row that a sealed way in belongs to; it can't be opened as another's."""
    return f"calendar_connections:{connection_id}"


def _state(stored: StoredCalendar) -> list[object]:
    seen = stored.seen
    return [*CALENDARS.args(stored.calendar), seen.validators.etag, seen.validators.last_modified, seen.digest]


def _times_of(stored: StoredCalendar) -> list[object]:
    blocked = stored.calendar.blocked(stored.times)
    return [
        msgspec.msgpack.encode(stored.times),
        [each.start.timestamp() for each in blocked],
        [each.end.timestamp() for each in blocked],
    ]


def _stored(row: Row) -> StoredCalendar:
    seen = LastSeen(Validators(row["etag"], row["last_modified"]), row["digest"])
    return StoredCalendar(CALENDARS.read(row), _times.decode(row["times"]), seen)
