"""What guests are shown of pages and times, in one round trip each."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from adapters.postgres.blocked_times import BlockedTimes
from adapters.postgres.guest_tokens import StoredBookings
from adapters.postgres.pool import Pool, Row
from adapters.postgres.reads import every, first
from adapters.postgres.table import to_json
from adapters.postgres.tables import BOOKINGS, HOSTS, PAGE, PAGE_PARTS, PAGES
from application.lru_cache import LruCache
from application.ports.offers import CalendarTimes, Offer, OfferMark
from application.ports.public_pages import PublicPage
from application.ports.vault import Vault
from domain.booking import Booking
from domain.booking_page import BookingPage, EventType
from domain.connection import ProviderStatus, day_of
from domain.ids import BookingId, CalendarId, EventTypeId, HostId, PageId
from domain.provider import Provider
from domain.slot import Slot

_STATUSES = """
    lateral (
        select array_agg(provider) as providers, array_agg(state ->> 'state') as statuses,
            array_agg(meetings_on) as meetings_on, array_agg(meetings_made) as meetings_made
        from provider_connections where host_id = h.id
    ) as statuses
"""

# The page's blocking calendars that there are.
_CALENDARS = """
    lateral (
        select
            array_agg(c.id) as calendars, array_agg(c.revision) as calendar_revisions,
            array_agg(c.readable_until) as calendars_readable_until, array_agg(c.kind) as calendar_kinds,
            array_agg(case when c.host_timezone = h.timezone then c.read_at end) as calendars_read_at
        from calendars as c where c.host_id = h.id and p.calendars -> 'blocking' ? c.id
    ) as calendars
"""

_CONFIRMED = "h.email_confirmed_at is not null as confirmed"

# `h.xmin` is another one after each change of the host.
_MARK = "h.xmin as host_row"

# Bookings of a host that aren't cancelled don't overlap, so the last one that begins at or before an instant is the
# only one of those that can reach beyond it. Without this bound the index would be read from the host's first booking
# on.
#
# `$3` and `$4` are the span, `$5` is a booking to be left aside, `$6` is the present.
_OFFER = f"""
    select {HOSTS.select}, {_CONFIRMED}, {_MARK}, h.records_events, {PAGE}, statuses.*, calendars.*, busy.*
    from hosts as h
    join booking_pages as p on p.host_id = h.id
    {PAGE_PARTS}
    cross join {_STATUSES}
    cross join {_CALENDARS}
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
            where host_id = h.id and status <> 'cancelled' and (held_until is null or held_until > $6)
                and occupied_from >= (
                    select coalesce(max(occupied_from), '-infinity') from bookings
                    where host_id = h.id and status <> 'cancelled' and occupied_from <= $3
                )
                and occupied_from < $4 and occupied_until > $3 and id is distinct from $5
            order by occupied_from
        ) as in_order
    ) as busy
"""

_OCCUPYING = f"""
    select {BOOKINGS.select} from bookings as b
    where b.host_id = $1 and b.status <> 'cancelled' and (b.held_until is null or b.held_until > $4)
        and b.occupied_from >= (
            select coalesce(max(occupied_from), '-infinity') from bookings
            where host_id = $1 and status <> 'cancelled' and occupied_from <= $2
        )
        and b.occupied_from < $3 and b.occupied_until > $2
    order by b.occupied_from
"""

_PUBLIC_PAGES = f"""
    select {HOSTS.select}, {_CONFIRMED}, {PAGE}, statuses.*
    from hosts as h
    join booking_pages as p on p.host_id = h.id
    {PAGE_PARTS}
    cross join {_STATUSES}
    where h.handle = $1
"""


# What is there comes before what was.
_PRESENT_SLUGS = """
    select
        p.slug as page,
        coalesce(
            (select e.slug from event_types as e where e.page_id = p.id and e.slug = $3),
            (
                select e.slug from former_event_type_slugs as f join event_types as e on e.id = f.event_type_id
                where f.page_id = p.id and f.slug = $3 and f.ends_at > $4 and e.page_id = p.id
            ),
            $3
        ) as event_type
    from hosts as h join booking_pages as p on p.id = coalesce(
        (select id from booking_pages where host_id = h.id and slug = $2),
        (select page_id from former_page_slugs where host_id = h.id and slug = $2 and ends_at > $4)
    )
    where h.handle = $1
"""


_MOST_IN_PAGES: Final = 6_000_000
"""Of characters as JSON: some 2,000 ordinary pages, or the two largest ones that a host can make."""

_OF_PAGE: Final = 2_000
"""What the smallest page takes beside its texts."""

_ReadPage = tuple[BookingPage, int]
"""A page and its size."""


class PostgresOffers:
    def __init__(self, pool: Pool, vault: Vault, most_in_pages: int = _MOST_IN_PAGES) -> None:
        self._pool = pool
        self._stored = StoredBookings(vault)
        self._blocked = BlockedTimes(pool)
        # What hosts write in them is up to megabytes for each page, so that counting them would bound nothing.
        self._pages = LruCache[tuple[PageId, int, int | None], _ReadPage](most_in_pages)
        self._last: LruCache[tuple[str, str], Offer] = LruCache(most_in_pages)

    async def offer(
        self, handle: str, page: str, event_type: str | None, within: Slot, now: datetime, /
    ) -> Offer | None:
        sql = f"{_OFFER} where h.handle = $1 and p.slug = $2"
        row = await first(self._pool, sql, handle, page, within.start, within.end, None, now)
        if row is None:
            return None
        offer = await self._offer(row, within, now, lambda found: found.event_type_at(event_type))
        if offer is not None:
            bare = msgspec.structs.replace(offer, busy=[], page_starts=[], calendars=(), blocked=())
            self._last.put((handle, page), bare, self._page(row)[1])
        return offer

    def last_offer(self, handle: str, page: str, event_type: str | None, /) -> Offer | None:
        offer = self._last.get((handle, page))
        if offer is None or offer.page.rules.daily_cap is not None or offer.page.calendars.blocking:
            return None
        wanted = offer.page.event_type_at(event_type)
        return None if wanted is None else msgspec.structs.replace(offer, event_type=wanted)

    async def offer_of(
        self,
        host_id: HostId,
        page_id: PageId,
        event_type_id: EventTypeId,
        within: Slot,
        but: BookingId | None,
        now: datetime,
        /,
    ) -> Offer | None:
        sql = f"{_OFFER} where h.id = $1 and p.id = $2"
        row = await first(self._pool, sql, host_id, page_id, within.start, within.end, but, now)
        if row is None:
            return None
        return await self._offer(row, within, now, lambda found: found.event_type_of(event_type_id))

    async def _offer(
        self, row: Row, within: Slot, now: datetime, wanted: Callable[[BookingPage], EventType | None]
    ) -> Offer | None:
        page, _ = self._page(row)
        event_type = wanted(page)
        if event_type is None:
            return None
        blocking = page.calendars.blocking
        calendars, together = await self._calendars(row, blocking, within) if blocking else ((), ())
        return Offer(
            host=HOSTS.read(row),
            page=page,
            event_type=event_type,
            connections=_statuses(row),
            confirmed=row["confirmed"],
            records_events=row["records_events"],
            meetings_today=_meetings_today(row, now),
            busy=list(map(Slot, _instants(row["busy_from"]), _instants(row["busy_until"]))),
            page_starts=_instants(row["page_starts"]),
            calendars=calendars,
            blocked=together,
            mark=_mark(row),
        )

    async def _calendars(
        self, row: Row, blocking: Sequence[CalendarId], within: Slot
    ) -> tuple[tuple[CalendarTimes, ...], tuple[Slot, ...]]:
        """The calendars that block a page, of which some may be gone, and what they block together."""
        ids, revisions = row["calendars"] or (), row["calendar_revisions"] or ()
        blocked, together = await self._blocked.of(tuple(zip(ids, revisions, strict=True)), within)
        columns = row["calendars_readable_until"], blocked, row["calendar_kinds"], row["calendars_read_at"], revisions
        found = dict(zip(ids, map(CalendarTimes, ids, *columns), strict=True)) if ids else {}
        calendars = tuple([found.get(each) or CalendarTimes(each, None) for each in blocking])
        return calendars, together

    async def occupying(self, host_id: HostId, within: Slot, now: datetime, /) -> list[Booking]:
        rows = await self._pool.fetch(_OCCUPYING, host_id, within.start, within.end, now)
        return [booking for _, booking in self._stored.readable(rows)]

    async def public_page(self, handle: str, page: str, /) -> PublicPage | None:
        row = await first(self._pool, f"{_PUBLIC_PAGES} and p.slug = $2", handle, page)
        return None if row is None else self._public(row)

    async def public_pages(self, handle: str, /) -> list[PublicPage]:
        return [self._public(row) for row in await every(self._pool, _PUBLIC_PAGES, handle)]

    async def present_handle(self, former: str, now: datetime, /) -> str | None:
        sql = """
            select h.handle from former_handles as f join hosts as h on h.id = f.host_id
            where f.handle = $1 and f.ends_at > $2
        """
        row = await first(self._pool, sql, former, now)
        return None if row is None else row["handle"]

    async def present_slugs(
        self, handle: str, page: str, event_type: str | None, now: datetime, /
    ) -> tuple[str, ...] | None:
        row = await first(self._pool, _PRESENT_SLUGS, handle, page, event_type, now)
        if row is None:
            return None
        return (row["page"],) if event_type is None else (row["page"], row["event_type"])

    def _public(self, row: Row) -> PublicPage:
        return PublicPage(HOSTS.read(row), self._page(row)[0], _statuses(row), row["confirmed"])

    def _page(self, row: Row) -> _ReadPage:
        """A page is read once for each of its versions, and its schedule’s: that took some 25 µs of each offer."""
        key = row["p_id"], row["p_version"], row["s_version"]
        found = self._pages.get(key)
        if found is None:
            page = PAGES.read(row)
            found = page, _OF_PAGE + len(to_json(page))
            self._pages.put(key, found, found[1])
        return found


def _instants(epochs: list[float] | None) -> list[datetime]:
    """Read seconds since 1970; exact to the microsecond until 2223.

    As asyncpg's own timestamps, 200 bookings took about twice the client's time for a whole offer.
    """
    return msgspec.convert(epochs or [], list[datetime], strict=False)


def _mark(row: Row) -> OfferMark:
    """The parameters of `admit_booking` after the host's; the statuses as PostgreSQL writes an array."""
    statuses = ",".join(sorted(map('"{} {}"'.format, row["providers"] or (), row["statuses"] or ())))
    return OfferMark((row["host_row"], row["p_version"], row["s_version"], f"{{{statuses}}}"))


def _statuses(row: Row) -> dict[Provider, ProviderStatus]:
    return dict(zip(row["providers"] or (), row["statuses"] or (), strict=True))


def _meetings_today(row: Row, now: datetime) -> dict[Provider, int]:
    counts = zip(row["providers"] or (), row["meetings_on"] or (), row["meetings_made"] or (), strict=True)
    return {provider: made for provider, day, made in counts if day == day_of(now)}
