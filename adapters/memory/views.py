"""Views of memory that change nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

import msgspec

from adapters.memory import cursor as cursors
from adapters.memory.bookings import booking_of_guest
from adapters.memory.connections import is_superseded
from adapters.memory.cursor import MemoryCursor
from adapters.memory.metrics_snapshot import metrics_snapshot_of
from adapters.memory.offer_marks import mark_of
from adapters.memory.outbox import name_of
from adapters.memory.state import State, Tables
from application.jobs import KeepConnectionJob
from application.ports.account_summaries import AccountSummary
from application.ports.booking_views import BookingFilter, BookingView, Page, UnknownEvent
from application.ports.mailed_revisions import Mailed
from application.ports.metrics_snapshot import MetricsSnapshot
from application.ports.offers import CalendarTimes, Offer
from application.ports.public_pages import PublicPage
from domain.booking import Booking, ErasedGuest
from domain.booking_page import BookingPage, EventType
from domain.busy import merged
from domain.calendar import Calendar, CalendarConnection
from domain.conference import Failed, NoConference, Pending, Ready
from domain.connection import ProviderConnection, ProviderStatus
from domain.events import Recipient
from domain.host import Host
from domain.ids import BookingId, CalendarId, EventTypeId, GuestToken, HostId, PageId
from domain.last_meetings import makes_known
from domain.provider import Provider
from domain.schedule import Schedule
from domain.slot import Slot

SluggedT = TypeVar("SluggedT", BookingPage, EventType)


class MemoryViews:
    def __init__(self, state: State) -> None:
        self._state = state
        self._last: dict[tuple[str, str], Offer] = {}

    async def offer(
        self, handle: str, page: str, event_type: str | None, within: Slot, now: datetime, /
    ) -> Offer | None:
        tables = await self._state.read()
        found = _page_at(handle, page, tables)
        offer = None if found is None else _offer(*found, found[1].event_type_at(event_type), within, tables, now)
        if offer is not None:
            bare = msgspec.structs.replace(offer, busy=[], page_starts=[], calendars=(), blocked=())
            self._last[handle, page] = bare
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
        tables = await self._state.read()
        page = tables.pages.get(page_id)
        if page is None or page.host_id != host_id:
            return None
        return _offer(tables.hosts[host_id].host, page, page.event_type_of(event_type_id), within, tables, now, but)

    async def occupying(self, host_id: HostId, within: Slot, now: datetime, /) -> list[Booking]:
        return _occupying(host_id, within, now, await self._state.read())

    async def public_page(self, handle: str, page: str, /) -> PublicPage | None:
        tables = await self._state.read()
        found = _page_at(handle, page, tables)
        if found is None:
            return None
        host, its_page = found
        return PublicPage(host, its_page, _statuses(host.id, tables), _is_confirmed(host.id, tables))

    async def public_pages(self, handle: str, /) -> list[PublicPage]:
        tables = await self._state.read()
        return [
            PublicPage(stored.host, page, _statuses(stored.host.id, tables), stored.email_confirmed_at is not None)
            for stored in tables.hosts.values()
            for page in tables.pages.values()
            if stored.host.handle == handle and page.host_id == stored.host.id
        ]

    async def present_handle(self, former: str, now: datetime, /) -> str | None:
        tables = await self._state.read()
        left = tables.former_handles.get(former)
        if left is None or left.host_id is None or left.ends_at <= now:
            return None
        return tables.hosts[left.host_id].host.handle

    async def present_slugs(
        self, handle: str, page: str, event_type: str | None, now: datetime, /
    ) -> tuple[str, ...] | None:
        tables = await self._state.read()
        host_id = next((each.host.id for each in tables.hosts.values() if each.host.handle == handle), None)
        pages = {each.slug: each for each in tables.pages.values() if each.host_id == host_id}
        if host_id is None or (found := pages.get(page) or _had(host_id, page, pages.values(), tables, now)) is None:
            return None
        if event_type is None:
            return (found.slug,)
        event = found.event_type_at(event_type) or _had(found.id, event_type, found.event_types, tables, now)
        return (found.slug, event.slug if event else event_type)

    async def booking_for(self, token: GuestToken, /) -> BookingView | None:
        tables = await self._state.read()
        booking = booking_of_guest(token, tables)
        return _view(booking, tables) if booking else None

    async def booking_by_key(self, scope: str, key: str, /) -> tuple[BookingView, str] | None:
        tables = await self._state.read()
        stored = tables.keys.get((scope, key))
        if stored is None:
            return None
        booking_id, fingerprint = stored
        return _view(tables.bookings[booking_id], tables), fingerprint

    async def is_known(self, host_id: HostId, mailbox: str, /) -> bool:
        tables = await self._state.read()
        return any(
            each.host_id == host_id
            and each.page_id in tables.pages
            and each.guest.mailbox == mailbox
            and each.status == "confirmed"
            and any(
                not isinstance(entry.event, UnknownEvent) and makes_known(entry.event)
                for entry in tables.timeline.get(each.id, ())
            )
            for each in tables.bookings.values()
        )

    async def booking(self, host_id: HostId, booking_id: BookingId, /) -> BookingView | None:
        tables = await self._state.read()
        booking = tables.bookings.get(booking_id)
        if booking is None or booking.host_id != host_id or booking.status == "held":
            return None
        return _view(booking, tables, with_timeline=True)

    async def bookings(
        self, host_id: HostId, show: BookingFilter, *, now: datetime, cursor: str | None, limit: int, search: str = ""
    ) -> Page:
        after = cursors.read(cursor, show) if cursor is not None else None
        tables = await self._state.read()
        belongs = _FILTERS[show]
        descending = show in {"past", "cancelled"}
        found = (
            each
            for each in tables.bookings.values()
            if each.host_id == host_id and belongs(each, now) and _is_found(each, search)
        )
        listed = sorted(found, key=_place, reverse=descending)
        if after is not None:
            last = (after.start, after.id)
            listed = [each for each in listed if (_place(each) < last if descending else _place(each) > last)]
        shown = listed[:limit]
        more = len(listed) > limit
        return Page(
            [_view(each, tables) for each in shown],
            cursors.written(MemoryCursor(show, shown[-1].slot.start, shown[-1].id)) if more else None,
        )

    async def changed_since(self, host_id: HostId, since: datetime, most: int, /) -> list[BookingView]:
        tables = await self._state.read()
        last = {one: max(entry.at for entry in timeline) for one, timeline in tables.timeline.items() if timeline}
        changed = [
            each
            for each in tables.bookings.values()
            if each.host_id == host_id and each.status != "held" and last.get(each.id, since) > since
        ]
        latest = sorted(changed, key=lambda each: last[each.id])[-most:]
        return [_view(each, tables, with_timeline=True) for each in latest]

    async def mailed(self, booking_id: BookingId, recipient: Recipient, /) -> tuple[Mailed, ...]:
        by_revision = (await self._state.read()).mailed.get((booking_id, recipient), {})
        return tuple(mailed for _, mailed in sorted(by_revision.items()))

    async def pages(self, host_id: HostId, /) -> list[BookingPage]:
        tables = await self._state.read()
        return [page for _, page in sorted(tables.pages.items()) if page.host_id == host_id]

    async def page(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None:
        page = (await self._state.read()).pages.get(page_id)
        return page if page is not None and page.host_id == host_id else None

    async def schedules(self, host_id: HostId, /) -> list[Schedule]:
        schedules = (await self._state.read()).schedules.values()
        return sorted((each for each in schedules if each.host_id == host_id), key=lambda each: each.name)

    async def connections(self, host_id: HostId, /) -> list[ProviderConnection]:
        return _connections(host_id, await self._state.read())

    async def calendar_connections(self, host_id: HostId, /) -> list[CalendarConnection]:
        return _calendar_connections(host_id, await self._state.read())

    async def calendars(self, host_id: HostId, /) -> list[Calendar]:
        tables = await self._state.read()
        order = [each.id for each in _calendar_connections(host_id, tables)]
        found = (each.calendar for each in tables.calendars.values() if each.calendar.host_id == host_id)
        return sorted(found, key=lambda each: (order.index(each.connection_id), each.name, each.id))

    async def account_summaries(self, now: datetime, named: str | None = None, /) -> list[AccountSummary]:
        tables = await self._state.read()
        found = (
            AccountSummary(
                account.host,
                account.email_confirmed_at,
                account.closed_at,
                pages=sum(each.host_id == account.host.id for each in tables.pages.values()),
                upcoming=sum(
                    each.host_id == account.host.id and _upcoming(each, now) for each in tables.bookings.values()
                ),
            )
            for account in tables.hosts.values()
            if named is None or named == account.host.handle or named.lower() == account.host.email.lower()
        )
        return sorted(found, key=lambda each: each.host.handle)

    async def superseded(self, host_id: HostId, /) -> frozenset[Provider]:
        tables = await self._state.read()
        return frozenset(each.provider for each in _connections(host_id, tables) if is_superseded(each, tables))

    async def idle_connections(
        self, providers: frozenset[Provider], since: datetime, limit: int, /
    ) -> list[tuple[HostId, Provider]]:
        tables = await self._state.read()
        idle = [
            each
            for each, _ in tables.connections.values()
            if each.provider in providers
            and each.status == "connected"
            and _renewed_at(each) <= since
            and name_of(KeepConnectionJob(each.host_id, each.provider)) not in tables.outbox
        ]
        idle.sort(key=lambda each: (_renewed_at(each), each.host_id, each.provider))
        return [(each.host_id, each.provider) for each in idle[:limit]]

    async def metrics_snapshot(self, now: datetime, /) -> MetricsSnapshot:
        return metrics_snapshot_of(await self._state.read(), now)


def _upcoming(booking: Booking, now: datetime) -> bool:
    return booking.status == "confirmed" and booking.slot.end > now


def _past(booking: Booking, now: datetime) -> bool:
    return booking.status == "confirmed" and booking.slot.end <= now


def _cancelled(booking: Booking, _: datetime) -> bool:
    return booking.status == "cancelled"


def _needs_attention(booking: Booking, now: datetime) -> bool:
    if not _upcoming(booking, now):
        return False
    if booking.unreached or booking.overlapped or (booking.entry is not None and booking.entry.needs_host):
        return True
    match booking.conference:
        case Failed():
            return True
        case Pending(failure=failure):
            # One that is just being made is nobody's business yet.
            return booking.announced or failure is not None
        case NoConference() | Ready():
            return False


_FILTERS: dict[BookingFilter, Callable[[Booking, datetime], bool]] = {
    "upcoming": _upcoming,
    "past": _past,
    "cancelled": _cancelled,
    "needs_attention": _needs_attention,
}


def _is_found(booking: Booking, search: str) -> bool:
    wanted = search.lower()
    guest = booking.guest
    if isinstance(guest, ErasedGuest):
        return not search
    people = (guest.name, guest.email, *(each.email for each in booking.additional_guests))
    return any(wanted in each.lower() for each in people)


def _place(booking: Booking) -> tuple[datetime, BookingId]:
    return booking.slot.start, booking.id


def _occupying(host_id: HostId, within: Slot, now: datetime, tables: Tables) -> list[Booking]:
    touching = (
        each
        for each in tables.bookings.values()
        if each.host_id == host_id and each.occupies(now) and each.occupied.overlaps(within)
    )
    return sorted(touching, key=lambda each: each.occupied)


def _offer(
    host: Host,
    page: BookingPage,
    event_type: EventType | None,
    within: Slot,
    tables: Tables,
    now: datetime,
    but: BookingId | None = None,
) -> Offer | None:
    if event_type is None:
        return None
    bookings = [each for each in _occupying(host.id, within, now, tables) if each.id != but]
    calendars = tuple(_calendar_times(each, host, within, tables) for each in page.calendars.blocking)
    counted = (each for each in bookings if page.rules.daily_cap is not None and each.page_id == page.id)
    return Offer(
        records_events=tables.records_events.get(page.host_id, False),
        host=host,
        page=page,
        event_type=event_type,
        connections=_statuses(host.id, tables),
        confirmed=_is_confirmed(host.id, tables),
        meetings_today={
            each.provider: made for each in _connections(host.id, tables) if (made := each.meetings_today(now))
        },
        busy=[each.occupied for each in bookings],
        page_starts=[each.slot.start for each in counted if within.start <= each.slot.start < within.end],
        calendars=calendars,
        blocked=tuple(merged(slot for each in calendars for slot in each.blocked)),
        mark=mark_of(page.id, tables),
    )


def _is_confirmed(host_id: HostId, tables: Tables) -> bool:
    return tables.hosts[host_id].email_confirmed_at is not None


def _page_at(handle: str, slug: str, tables: Tables) -> tuple[Host, BookingPage] | None:
    for stored in tables.hosts.values():
        for page in tables.pages.values():
            if stored.host.handle == handle and page.host_id == stored.host.id and page.slug == slug:
                return stored.host, page
    return None


def _connections(host_id: HostId, tables: Tables) -> list[ProviderConnection]:
    return [connection for (owner, _), (connection, _) in sorted(tables.connections.items()) if owner == host_id]


def _calendar_connections(host_id: HostId, tables: Tables) -> list[CalendarConnection]:
    found = (each for each, _ in tables.calendar_connections.values() if each.host_id == host_id)
    return sorted(found, key=lambda each: (each.connected_at, each.id))


def _calendar_times(calendar_id: CalendarId, host: Host, within: Slot, tables: Tables) -> CalendarTimes:
    stored = tables.calendars.get(calendar_id)
    if stored is None or stored.calendar.host_id != host.id:
        return CalendarTimes(calendar_id, None)
    blocked = stored.calendar.blocked(stored.times)
    return CalendarTimes(
        calendar_id,
        stored.calendar.readable_until,
        tuple(each for each in blocked if each.overlaps(within)),
        stored.calendar.kind,
        stored.calendar.read_at if stored.calendar.host_timezone == host.timezone else None,
        stored.calendar.revision,
    )


def _renewed_at(connection: ProviderConnection) -> datetime:
    return connection.refreshed_at or connection.connected_at


def _statuses(host_id: HostId, tables: Tables) -> dict[Provider, ProviderStatus]:
    return {connection.provider: connection.status for connection in _connections(host_id, tables)}


def _view(booking: Booking, tables: Tables, *, with_timeline: bool = False) -> BookingView:
    page = tables.pages.get(booking.page_id)
    event_types = page.event_types if page else ()
    return BookingView(
        booking=booking,
        host=tables.hosts[booking.host_id].host,
        page_slug=page.slug if page else None,
        event_type_slug=next((each.slug for each in event_types if each.id == booking.event_type_id), None),
        timeline=tables.timeline.get(booking.id, ()) if with_timeline else (),
    )


def _had(
    within: HostId | PageId, slug: str, things: Iterable[SluggedT], tables: Tables, now: datetime
) -> SluggedT | None:
    """The page or event type that had this slug."""
    former = tables.former_slugs.get((within, slug))
    if former is None or former.ends_at <= now:
        return None
    return next((each for each in things if each.id == former.of), None)
