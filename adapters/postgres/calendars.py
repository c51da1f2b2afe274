"""Hosts' calendars and their busy times."""

from datetime import datetime

import msgspec

from adapters.postgres.pool import Row
from adapters.postgres.tables import CALENDARS
from adapters.postgres.transaction import Transaction
from application.ports.calendar_reader import LastSeen
from application.ports.calendars import StoredCalendar
from application.ports.safe_fetcher import Validators
from domain.busy import BusyTime
from domain.ids import BookingId, CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot

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


class PostgresCalendars:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._locked: dict[CalendarId, int] = {}
        """Revisions, which nobody else changes before this unit ends."""

    async def ids_of(self, host_id: HostId, /) -> frozenset[CalendarId]:
        rows = await self._transaction.read_all("select id from calendars where host_id = $1", host_id)
        return frozenset(row["id"] for row in rows)

    def add(self, *calendars: StoredCalendar) -> None:
        for each in calendars:
            self._transaction.write(_ADD, *_state(each), *_times_of(each))

    async def lock_all(self, connection_id: CalendarConnectionId, /) -> list[StoredCalendar]:
        sql = f"""
            select {CALENDARS.select}, c.times, c.etag, c.last_modified, c.digest from calendars as c
            where c.connection_id = $1 order by c.id for no key update
        """
        return [self._noted(row) for row in await self._transaction.lock_all(sql, connection_id)]

    def remove(self, calendar_id: CalendarId) -> None:
        self._transaction.write("delete from calendars where id = $1", calendar_id)

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
