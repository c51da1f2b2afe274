"""Bookings as their guests and hosts see them, in one round trip each."""

from datetime import UTC, datetime
from typing import Literal

import msgspec

from adapters.postgres.cursor import Cursor
from adapters.postgres.digests import digest_of
from adapters.postgres.guest_tokens import StoredBookings
from adapters.postgres.pool import Pool, Row
from adapters.postgres.reads import every, first
from adapters.postgres.tables import BOOKINGS, HOSTS, event_from
from application.ports.booking_views import BookingFilter, BookingView, Page, TimelineEntry, UnknownEvent
from application.ports.mailed_revisions import Mailed
from application.ports.vault import Vault
from domain.booking import Booking
from domain.events import Recipient
from domain.ids import BookingId, GuestToken, HostId
from domain.last_meetings import makes_known

_BOOKING_VIEW = f"""
    {BOOKINGS.select}, {HOSTS.select}, p.slug as page_slug, t.slug as event_type_slug
    from bookings as b
    join hosts as h on h.id = b.host_id
    left join booking_pages as p on p.id = b.page_id
    left join event_types as t on t.id = b.event_type_id
"""

_TIMELINE = """
    lateral (
        select
            array_agg(at) as ats, array_agg(what) as whats, array_agg(version) as versions,
            array_agg(event::text) as events
        from (
            select at, what, version, event from booking_events where booking_id = b.id order by sequence
        ) as in_order
    ) as e
"""

# Most bookings bring nobody along, and nothing is looked into for them.
_IS_FOUND = """(
            coalesce(b.guest_name, '') ilike $5 or coalesce(b.guest_email, '') ilike $5
            or b.additional_guests is not null and exists (
                select from jsonb_array_elements(b.additional_guests) as guest where guest ->> 'email' ilike $5
            )
        )"""

# In all lists `$2` is the limit, `$3` and `$4` are what was shown last, `$5` is the search, and `$6` the present. No
# index helps a search: it looks through the bookings of one host, which an index leads to.
#
# Where nothing overlaps, the order of the occupied times, which there is an index for, is the order of the starts; and
# the last one that begins at or before an instant is the only one of those that can reach beyond it.
_UPCOMING = f"""
    select {_BOOKING_VIEW}
    where b.host_id = $1 and b.status = 'confirmed' and b.end_at > $6
        and b.occupied_from >= (
            select coalesce(max(occupied_from), '-infinity') from bookings
            where host_id = $1 and status <> 'cancelled' and occupied_from <= $6
        )
        and (b.occupied_from, b.id) > ($3, $4)
        and {_IS_FOUND}
    order by b.occupied_from, b.id
    limit $2
"""

_NEEDS_ATTENTION = f"""
    select {_BOOKING_VIEW}
    where b.host_id = $1 and b.status = 'confirmed' and b.end_at > $6
        and b.occupied_from >= (
            select coalesce(max(occupied_from), '-infinity') from bookings
            where host_id = $1 and status <> 'cancelled' and occupied_from <= $6
        )
        and (
            b.conference ->> 'status' = 'failed'
            or b.conference ->> 'status' = 'pending' and (b.announced or b.conference ->> 'failure' is not null)
            or b.unreached <> '{{}}'
            or b.overlapping <> '[]' and exists (
                select from jsonb_to_recordset(b.overlapping) as o (slot jsonb, is_over boolean)
                where not o.is_over and (o.slot ->> 'start')::timestamptz < b.end_at
                    and (o.slot ->> 'end')::timestamptz > b.start_at
            )
            or b.entry ->> 'state' = 'stuck'
            or b.entry ->> 'state' in ('deleted_in_calendar', 'moved_in_calendar')
                and b.entry ->> 'changed_at' is not null
        )
        and (b.occupied_from, b.id) > ($3, $4)
        and {_IS_FOUND}
    order by b.occupied_from, b.id
    limit $2
"""

_PAST = f"""
    select {_BOOKING_VIEW}
    where b.host_id = $1 and b.status = 'confirmed' and b.end_at <= $6 and b.occupied_from < $6
        and (b.occupied_from, b.id) < ($3, $4)
        and {_IS_FOUND}
    order by b.occupied_from desc, b.id desc
    limit $2
"""

_CANCELLED = f"""
    select {_BOOKING_VIEW}
    where b.host_id = $1 and b.status = 'cancelled'
        and (b.start_at, b.id) < ($3, $4)
        and {_IS_FOUND}
    order by b.start_at desc, b.id desc
    limit $2
"""


class _List(msgspec.Struct, frozen=True):
    """One of a host's lists; `begins` comes before all that it can hold."""

    sql: str
    position: Literal["occupied_from", "start_at"]
    begins: datetime
    timed: bool = True


_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

_LISTS: dict[BookingFilter, _List] = {
    "upcoming": _List(_UPCOMING, "occupied_from", _FIRST),
    "needs_attention": _List(_NEEDS_ATTENTION, "occupied_from", _FIRST),
    "past": _List(_PAST, "occupied_from", _LAST),
    "cancelled": _List(_CANCELLED, "start_at", _LAST, timed=False),
}


class PostgresBookingViews:
    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._stored = StoredBookings(vault)

    async def booking_for(self, token: GuestToken, /) -> BookingView | None:
        row = await first(self._pool, f"select {_BOOKING_VIEW} where b.token_digest = $1", digest_of(token))
        return None if row is None else _view(row, self._stored.read(row, token))

    async def booking_by_key(self, scope: str, key: str, /) -> tuple[BookingView, str] | None:
        sql = f"""
            select k.fingerprint, {_BOOKING_VIEW}
            join idempotency_keys as k on k.booking_id = b.id
            where k.scope = $1 and k.key = $2
        """
        row = await first(self._pool, sql, scope, key)
        return None if row is None else (_view(row, self._stored.read(row)), row["fingerprint"])

    async def is_known(self, host_id: HostId, mailbox: str, /) -> bool:
        # By page, as the index is.
        sql = """
            select e.what, e.version, e.event::text as event
            from bookings as b join booking_events as e on e.booking_id = b.id
            where b.page_id in (select id from booking_pages where host_id = $1) and b.guest_mailbox = $2
                and b.status = 'confirmed'
        """
        rows = await every(self._pool, sql, host_id, mailbox)
        events = (event_from(row["what"], row["version"], row["event"]) for row in rows)
        return any(not isinstance(each, UnknownEvent) and makes_known(each) for each in events)

    async def booking(self, host_id: HostId, booking_id: BookingId, /) -> BookingView | None:
        sql = f"""
            select e.*, {_BOOKING_VIEW}
            cross join {_TIMELINE}
            where b.host_id = $1 and b.id = $2 and b.status <> 'held'
        """
        row = await first(self._pool, sql, host_id, booking_id)
        return None if row is None else _view(row, self._stored.read(row), _timeline(row))

    async def bookings(
        self, host_id: HostId, show: BookingFilter, *, now: datetime, cursor: str | None, limit: int, search: str = ""
    ) -> Page:
        listed = _LISTS[show]
        last = Cursor(show, listed.begins, BookingId("")) if cursor is None else Cursor.parse(cursor, show)
        args = (host_id, limit + 1, last.at, last.id, _anywhere(search))
        rows = await every(self._pool, listed.sql, *args, *([now] if listed.timed else []))
        shown = rows[:limit]
        more = len(rows) > limit
        return Page(
            items=[_view(row, booking) for row, booking in self._stored.readable(shown)],
            next=str(Cursor(show, shown[-1][f"b_{listed.position}"], shown[-1]["b_id"])) if more else None,
        )

    async def changed_since(self, host_id: HostId, since: datetime, most: int, /) -> list[BookingView]:
        sql = f"""
            with changed as (
                select b.id from bookings as b, lateral (
                    select max(at) as at from booking_events where booking_id = b.id
                ) as last
                where b.host_id = $1 and b.status <> 'held' and last.at > $2
                order by last.at desc limit $3
            )
            select e.*, {_BOOKING_VIEW}
            cross join {_TIMELINE}
            where b.id in (select id from changed)
        """
        rows = await every(self._pool, sql, host_id, since, most)
        return [_view(row, booking, _timeline(row)) for row, booking in self._stored.readable(rows)]

    async def mailed(self, booking_id: BookingId, recipient: Recipient, /) -> tuple[Mailed, ...]:
        sql = """
            select revision, start_at, sent_at, state from booking_mails
            where booking_id = $1 and party = $2 order by revision
        """
        rows = await self._pool.fetch(sql, booking_id, str(recipient))
        return tuple(Mailed(row["revision"], row["start_at"], row["sent_at"], row["state"]) for row in rows)


def _anywhere(search: str) -> str:
    """A pattern for `ilike` that takes every character for itself."""
    escaped = search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _view(row: Row, booking: Booking, timeline: tuple[TimelineEntry, ...] = ()) -> BookingView:
    return BookingView(booking, HOSTS.read(row), row["page_slug"], row["event_type_slug"], timeline)


def _timeline(row: Row) -> tuple[TimelineEntry, ...]:
    # An aggregate over no rows is null.
    columns = zip(row["ats"] or (), row["whats"] or (), row["versions"] or (), row["events"] or (), strict=True)
    return tuple(TimelineEntry(at, event_from(what, version, event)) for at, what, version, event in columns)
