"""Read models, in one round trip each."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from adapters.postgres.cursor import Cursor
from adapters.postgres.metrics_snapshot import take_metrics_snapshot
from adapters.postgres.pool import Pool, Row
from adapters.postgres.reads import every, first
from adapters.postgres.tables import (
    BOOKINGS,
    CONNECTIONS,
    HOSTS,
    ITS_EVENT_TYPES,
    PAGE,
    PAGES,
    event_from,
)
from application.jobs import KeepConnectionJob, tag_of
from application.ports.booking_views import BookingFilter, BookingView, Page, TimelineEntry
from application.ports.mailed_revisions import Mailed
from application.ports.metrics_snapshot import MetricsSnapshot
from application.ports.offers import Offer
from application.ports.public_pages import PublicPage
from domain.booking import Booking
from domain.booking_page import BookingPage, EventType
from domain.connection import ProviderConnection, ProviderStatus
from domain.events import Party
from domain.ids import BookingId, EventTypeId, GuestToken, HostId, PageId
from domain.provider import Provider
from domain.slot import Slot

_STATUSES = """
    lateral (
        select array_agg(provider) as providers, array_agg(state ->> 'state') as statuses
        from provider_connections where host_id = h.id
    ) as statuses
"""

# Confirmed bookings of a host don't overlap, so the last one that begins at or before an instant is the only one
# of those that can reach beyond it. Without this bound the index would be read from the host's first booking on.
_FIRST_IN_REACH = """
    select coalesce(max(occupied_from), '-infinity') from bookings
    where host_id = {host} and status = 'confirmed' and occupied_from <= {instant}
"""

# `$3` and `$4` are the span, `$5` is a booking to be left aside.
_OFFER = f"""
    select {HOSTS.select}, {PAGE}, statuses.*, busy.*
    from hosts as h
    join booking_pages as p on p.host_id = h.id
    cross join {ITS_EVENT_TYPES}
    cross join {_STATUSES}
    cross join lateral (
        select
            array_agg(date_part('epoch', occupied_from)) as busy_from,
            array_agg(date_part('epoch', occupied_until)) as busy_until,
            array_agg(date_part('epoch', start_at)) filter (where counts) as page_starts
        from (
            select
                occupied_from, occupied_until, start_at,
                p.daily_cap is not null and page_id = p.id and start_at >= $3 and start_at < $4 as counts
            from bookings
            where host_id = h.id and status = 'confirmed'
                and occupied_from >= ({_FIRST_IN_REACH.format(host="h.id", instant="$3")})
                and occupied_from < $4 and occupied_until > $3 and id is distinct from $5
            order by occupied_from
        ) as in_order
    ) as busy
"""

_OCCUPYING = f"""
    select {BOOKINGS.select} from bookings as b
    where b.host_id = $1 and b.status = 'confirmed'
        and b.occupied_from >= ({_FIRST_IN_REACH.format(host="$1", instant="$2")})
        and b.occupied_from < $3 and b.occupied_until > $2
    order by b.occupied_from
"""

_PUBLIC_PAGES = f"""
    select {HOSTS.select}, {PAGE}, statuses.*
    from hosts as h
    join booking_pages as p on p.host_id = h.id
    cross join {ITS_EVENT_TYPES}
    cross join {_STATUSES}
    where h.handle = $1
"""

_PAGES = f"select {PAGE} from booking_pages as p cross join {ITS_EVENT_TYPES}"

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

_COMING = f"""
    b.status = 'confirmed' and b.end_at > $2
    and b.occupied_from >= ({_FIRST_IN_REACH.format(host="$1", instant="$2")})
"""

_NEEDS_THE_HOST = """
    (
        b.conference ->> 'status' = 'failed'
        or b.conference ->> 'status' = 'pending' and (b.announced or b.conference ->> 'failure' is not null)
        or b.unreached <> '{}'
    )
"""


class _List(msgspec.Struct, frozen=True):
    """Which bookings of the host `$1` are in a list at the instant `$2`, and in which order."""

    where: str
    position: str
    direction: Literal["asc", "desc"]

    def sql(self, *, continued: bool, searched: bool) -> str:
        """`$3` is the limit; what follows are the cursor's `$4` and `$5` and then the search, where there are any."""
        beyond = ">" if self.direction == "asc" else "<"
        pattern = "$6" if continued else "$4"
        return f"""
            select {_BOOKING_VIEW}
            where b.host_id = $1 and {self.where}
                {f"and (b.{self.position}, b.id) {beyond} ($4, $5)" if continued else ""}
                {f"and (b.guest_name ilike {pattern} or b.guest_email ilike {pattern})" if searched else ""}
            order by b.{self.position} {self.direction}, b.id {self.direction}
            limit $3
        """


# Where nothing overlaps, the order of the occupied times, which there is an index for, is the order of the starts.
_LISTS: dict[BookingFilter, _List] = {
    "upcoming": _List(_COMING, "occupied_from", "asc"),
    "needs_attention": _List(f"{_COMING} and {_NEEDS_THE_HOST}", "occupied_from", "asc"),
    "past": _List("b.status = 'confirmed' and b.end_at <= $2 and b.occupied_from < $2", "occupied_from", "desc"),
    # The instant doesn't matter here, but all lists take the same parameters.
    "cancelled": _List("b.status = 'cancelled' and $2::timestamptz is not null", "start_at", "desc"),
}


class PostgresViews:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def offer(self, handle: str, page: str, event_type: str | None, within: Slot, /) -> Offer | None:
        sql = f"{_OFFER} where h.handle = $1 and p.slug = $2"
        row = await first(self._pool, sql, handle, page, within.start, within.end, None)
        return None if row is None else _offer(row, lambda found: found.event_type_at(event_type))

    async def offer_of(
        self, host_id: HostId, page_id: PageId, event_type_id: EventTypeId, within: Slot, but: BookingId | None, /
    ) -> Offer | None:
        sql = f"{_OFFER} where h.id = $1 and p.id = $2"
        row = await first(self._pool, sql, host_id, page_id, within.start, within.end, but)
        return None if row is None else _offer(row, lambda found: found.event_type_of(event_type_id))

    async def occupying(self, host_id: HostId, within: Slot, /) -> list[Booking]:
        rows = await self._pool.fetch(_OCCUPYING, host_id, within.start, within.end)
        return [BOOKINGS.read(row) for row in rows]

    async def public_page(self, handle: str, page: str, /) -> PublicPage | None:
        row = await first(self._pool, f"{_PUBLIC_PAGES} and p.slug = $2", handle, page)
        return None if row is None else _public(row)

    async def public_pages(self, handle: str, /) -> list[PublicPage]:
        return [_public(row) for row in await every(self._pool, _PUBLIC_PAGES, handle)]

    async def present_handle(self, former: str, now: datetime, /) -> str | None:
        sql = """
            select h.handle from former_handles as f join hosts as h on h.id = f.host_id
            where f.handle = $1 and f.ends_at > $2
        """
        row = await first(self._pool, sql, former, now)
        return None if row is None else row["handle"]

    async def booking_for(self, token: GuestToken, /) -> BookingView | None:
        row = await first(self._pool, f"select {_BOOKING_VIEW} where b.token = $1", token)
        return None if row is None else _view(row)

    async def booking_by_key(self, scope: str, key: str, /) -> tuple[BookingView, str] | None:
        sql = f"""
            select k.fingerprint, {_BOOKING_VIEW}
            join idempotency_keys as k on k.booking_id = b.id
            where k.scope = $1 and k.key = $2
        """
        row = await first(self._pool, sql, scope, key)
        return None if row is None else (_view(row), row["fingerprint"])

    async def booking(self, host_id: HostId, booking_id: BookingId, /) -> BookingView | None:
        sql = f"""
            select e.*, {_BOOKING_VIEW}
            cross join {_TIMELINE}
            where b.host_id = $1 and b.id = $2
        """
        row = await first(self._pool, sql, host_id, booking_id)
        return None if row is None else _view(row, _timeline(row))

    async def bookings(
        self, host_id: HostId, show: BookingFilter, *, now: datetime, cursor: str | None, limit: int, search: str = ""
    ) -> Page:
        args: tuple[object, ...] = (host_id, now, limit + 1)
        if cursor is not None:
            last = Cursor.parse(cursor, show)
            args = (*args, last.at, last.id)
        if search:
            args = (*args, _anywhere(search))
        listed = _LISTS[show]
        # No index helps here: a search looks through the bookings of one host, which an index leads to.
        rows = await every(self._pool, listed.sql(continued=cursor is not None, searched=bool(search)), *args)
        shown = rows[:limit]
        more = len(rows) > limit
        return Page(
            items=[_view(row) for row in shown],
            next=str(Cursor(show, shown[-1][f"b_{listed.position}"], shown[-1]["b_id"])) if more else None,
        )

    async def mailed(self, booking_id: BookingId, party: Party, /) -> tuple[Mailed, ...]:
        sql = """
            select revision, start_at, state from booking_mails where booking_id = $1 and party = $2 order by revision
        """
        rows = await self._pool.fetch(sql, booking_id, party)
        return tuple(Mailed(row["revision"], row["start_at"], row["state"]) for row in rows)

    async def pages(self, host_id: HostId, /) -> list[BookingPage]:
        rows = await self._pool.fetch(f"{_PAGES} where p.host_id = $1 order by p.id", host_id)
        return [PAGES.read(row) for row in rows]

    async def page(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None:
        row = await first(self._pool, f"{_PAGES} where p.host_id = $1 and p.id = $2", host_id, page_id)
        return None if row is None else PAGES.read(row)

    async def connections(self, host_id: HostId, /) -> list[ProviderConnection]:
        sql = f"select {CONNECTIONS.select} from provider_connections as c where c.host_id = $1 order by c.provider"
        return [CONNECTIONS.read(row) for row in await self._pool.fetch(sql, host_id)]

    async def superseded(self, host_id: HostId, /) -> frozenset[Provider]:
        sql = """
            select c.provider from provider_connections as c
            where c.host_id = $1 and exists (
                select from provider_connections as o
                where o.provider = c.provider and o.account_user_id = c.account_user_id
                    and o.host_id <> c.host_id and o.connected_at > c.connected_at
            )
        """
        return frozenset(row["provider"] for row in await self._pool.fetch(sql, host_id))

    async def idle_connections(
        self, providers: frozenset[Provider], since: datetime, limit: int, /
    ) -> list[tuple[HostId, Provider]]:
        sql = """
            select host_id, provider from provider_connections
            where coalesce(refreshed_at, connected_at) <= $1 and state ->> 'state' = 'connected'
                and provider = any($3::text[])
                and not exists (
                    select from outbox where job = $4 and payload ->> 'host_id' = host_id
                        and payload ->> 'provider' = provider
                )
            order by coalesce(refreshed_at, connected_at), host_id, provider
            limit $2
        """
        rows = await self._pool.fetch(sql, since, limit, list(providers), tag_of(KeepConnectionJob))
        return [(row["host_id"], row["provider"]) for row in rows]

    async def metrics_snapshot(self, now: datetime, /) -> MetricsSnapshot:
        return await take_metrics_snapshot(self._pool, now)


def _anywhere(search: str) -> str:
    """A pattern for `ilike` that takes every character for itself."""
    escaped = search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _instants(epochs: list[float] | None) -> list[datetime]:
    """Read seconds since 1970; exact to the microsecond until 2223.

    As asyncpg's own timestamps, 200 bookings took about twice the client's time for a whole offer.
    """
    return msgspec.convert(epochs or [], list[datetime], strict=False)


def _offer(row: Row, wanted: Callable[[BookingPage], EventType | None]) -> Offer | None:
    page = PAGES.read(row)
    event_type = wanted(page)
    if event_type is None:
        return None
    return Offer(
        host=HOSTS.read(row),
        page=page,
        event_type=event_type,
        connections=_statuses(row),
        busy=list(map(Slot, _instants(row["busy_from"]), _instants(row["busy_until"]))),
        page_starts=_instants(row["page_starts"]),
    )


def _public(row: Row) -> PublicPage:
    return PublicPage(HOSTS.read(row), PAGES.read(row), _statuses(row))


def _statuses(row: Row) -> dict[Provider, ProviderStatus]:
    return dict(zip(row["providers"] or (), row["statuses"] or (), strict=True))


def _view(row: Row, timeline: tuple[TimelineEntry, ...] = ()) -> BookingView:
    return BookingView(BOOKINGS.read(row), HOSTS.read(row), row["page_slug"], row["event_type_slug"], timeline)


def _timeline(row: Row) -> tuple[TimelineEntry, ...]:
    # An aggregate over no rows is null.
    columns = zip(row["ats"] or (), row["whats"] or (), row["versions"] or (), row["events"] or (), strict=True)
    return tuple(TimelineEntry(at, event_from(what, version, event)) for at, what, version, event in columns)
