"""Watches of calendars, found by digests of their secrets."""

from collections.abc import Collection, Mapping

from adapters.postgres.digests import digest_of
from adapters.postgres.tables import CALENDAR_WATCHES, CALENDARS
from adapters.postgres.transaction import Transaction
from application.ports.calendar_watches import WatchedCalendar
from domain.calendar_watch import CalendarWatch
from domain.ids import CalendarConnectionId, CalendarId, WatchId

_ADD = f"""
    insert into calendar_watches ({CALENDAR_WATCHES.columns}, secret_digest)
    values ({CALENDAR_WATCHES.placeholders(beside=1)})
"""

_SAVE = f"""
    update calendar_watches set ({CALENDAR_WATCHES.columns}) = ({CALENDAR_WATCHES.placeholders()}) where id = $1
"""


class PostgresCalendarWatches:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, watch: CalendarWatch, secret: str) -> None:
        self._transaction.write(_ADD, *CALENDAR_WATCHES.args(watch), digest_of(secret))

    def save(self, watch: CalendarWatch) -> None:
        self._transaction.write(_SAVE, *CALENDAR_WATCHES.args(watch))

    def remove(self, *watch_ids: WatchId) -> None:
        if watch_ids:
            self._transaction.write("delete from calendar_watches where id = any($1::text[])", list(watch_ids))

    async def of_calendar(self, calendar_id: CalendarId, /) -> list[CalendarWatch]:
        sql = f"""
            select {CALENDAR_WATCHES.select} from calendar_watches as w
            where w.calendar_id = $1 order by w.begun_at, w.id
        """
        return [CALENDAR_WATCHES.read(row) for row in await self._transaction.read_all(sql, calendar_id)]

    async def of_connection(self, connection_id: CalendarConnectionId, /) -> list[CalendarWatch]:
        sql = f"""
            select {CALENDAR_WATCHES.select} from calendar_watches as w join calendars as c on c.id = w.calendar_id
            where c.connection_id = $1 order by w.begun_at, w.id
        """
        return [CALENDAR_WATCHES.read(row) for row in await self._transaction.read_all(sql, connection_id)]

    async def by_secret(self, secrets: Collection[str], /) -> Mapping[str, WatchedCalendar]:
        by_digest = {digest_of(each): each for each in secrets}
        sql = f"""
            select w.secret_digest, {CALENDAR_WATCHES.select}, {CALENDARS.select}
            from calendar_watches as w join calendars as c on c.id = w.calendar_id
            where w.secret_digest = any($1::bytea[])
        """
        rows = await self._transaction.read_all(sql, list(by_digest))
        return {
            by_digest[row["secret_digest"]]: WatchedCalendar(CALENDAR_WATCHES.read(row), CALENDARS.read(row))
            for row in rows
        }
