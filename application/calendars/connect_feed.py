"""Connect a calendar that is one file behind a secret address."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from application.actor import HostActor
from application.calendars.block_pages import block_on_all_pages
from application.calendars.read_calendar import LEAST_AHEAD, CalendarTimings, span_of
from application.jobs import Due, ReadCalendarJob
from application.people import short_text
from application.ports.calendar_reader import (
    CalendarRead,
    CalendarReader,
    CalendarUnreadable,
    FeedAddress,
    ReadingQuery,
)
from application.ports.calendars import HostCalendars, StoredCalendar
from application.ports.clock import Clock, Ids
from application.ports.host_views import HostPages
from application.ports.storage import Begin
from application.spend_budget import SpendBudget
from domain.budgets import CALENDARS_READ_AT_ONCE
from domain.calendar import LONGEST_CALENDAR_NAME, Calendar, CalendarConnection
from domain.errors import Checks, InvalidInput, NotFound
from domain.faults import CalendarFault, Malformed, TooLong, TooMany
from domain.host import Host
from domain.ids import CalendarConnectionId, CalendarId
from domain.security_events import CalendarsConnected

LONGEST_FEED_ADDRESS = 2000
MOST_CONNECTIONS = 20


class ConnectedCalendars(msgspec.Struct, frozen=True):
    connection: CalendarConnection
    calendars: tuple[Calendar, ...]


@dataclass(frozen=True)
class ConnectFeed:
    """Read a feed at once; only one that can be read is connected, and blocks on all pages from then on."""

    begin: Begin
    calendars: HostCalendars
    pages: HostPages
    reader: CalendarReader
    clock: Clock
    ids: Ids
    timings: CalendarTimings
    spend: SpendBudget

    async def __call__(self, actor: HostActor, url: str, name: str = "") -> ConnectedCalendars:
        """Connect it.

        Args:
            name: what the host calls it; by default what it calls itself.

        Raises:
            Forbidden, NotFound, TooManyRequests
            InvalidInput: the address isn't one, leads nowhere or inside, or to no calendar.
        """
        host_id = actor.require("account:write")
        checks = Checks()
        address = checks.run("", feed_address, url)
        name = checks.run("", short_text, name, "name", LONGEST_CALENDAR_NAME)
        checks.done()
        if len(await self.calendars.calendar_connections(host_id)) >= MOST_CONNECTIONS:
            raise InvalidInput.at("url", TooMany(MOST_CONNECTIONS))
        async with self.begin() as uow:
            host = await uow.hosts.get(host_id)
        if host is None:
            raise NotFound("account")
        await self.spend(CALENDARS_READ_AT_ONCE.of(host_id))
        access = FeedAddress(address)
        connected, stored = self._made(host, address, name, await self._read(access, host))
        async with self.begin() as uow:
            uow.calendars.add(connected.connection, access, stored)
            made = CalendarsConnected(
                host_id=host_id,
                at=connected.connection.connected_at,
                origin=actor.origin,
                kind=connected.connection.kind,
                account=connected.connection.account,
            )
            uow.security_log.record(made)
            for calendar in connected.calendars:
                uow.outbox.enqueue(Due(ReadCalendarJob(calendar.id), self.clock() + self.timings.poll(calendar.kind)))
        await block_on_all_pages(self.begin, self.pages, host_id, [each.id for each in connected.calendars])
        return connected

    async def _read(self, access: FeedAddress, host: Host) -> CalendarRead:
        span = span_of(self.clock(), LEAST_AHEAD)
        try:
            read = await self.reader.read(
                access, ReadingQuery("", span, host.timezone, frozenset({host.email.lower()}))
            )
        except CalendarUnreadable as unreadable:
            raise InvalidInput.at("url", CalendarFault(unreadable.problem)) from None
        # There is nothing that it could be unchanged since.
        assert isinstance(read, CalendarRead)
        return read

    def _made(
        self, host: Host, address: str, name: str, read: CalendarRead
    ) -> tuple[ConnectedCalendars, StoredCalendar]:
        now = self.clock()
        connection = CalendarConnection(
            CalendarConnectionId(self.ids.new_id()), host.id, "ical_feed", urlsplit(address).hostname or "", now
        )
        calendar = Calendar(
            id=CalendarId(self.ids.new_id()),
            connection_id=connection.id,
            host_id=host.id,
            kind=connection.kind,
            name=name or (read.reading.name or connection.account)[:LONGEST_CALENDAR_NAME],
            timezone=host.timezone,
            host_timezone=host.timezone,
        )
        fresh = calendar.was_read(read.reading, (), host.timezone, now, self.timings.grace_of(connection.kind))
        stored = StoredCalendar(fresh, read.reading.times, read.seen)
        return ConnectedCalendars(connection, (fresh,)), stored


def feed_address(typed: str) -> str:
    """Check the form of an address; where it leads is found out by going there.

    Raises:
        InvalidInput: none of http, https and webcal, no host, or too long.
    """
    address = typed.strip()
    if len(address) > LONGEST_FEED_ADDRESS:
        raise InvalidInput.at("url", TooLong(LONGEST_FEED_ADDRESS, len(address)))
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme.lower() in {"https", "http", "webcal", "webcals"} and bool(parts.hostname)
    except ValueError:
        is_whole = False
    if not is_whole:
        raise InvalidInput.at("url", Malformed("feed-address"))
    return address
