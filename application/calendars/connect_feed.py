"""Connect a calendar that is one file behind a secret address."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from application.actor import HostActor
from application.calendars.admit_account import AdmitAccount
from application.calendars.keep_account import (
    ConnectedCalendars,
    FoundAccount,
    FoundCalendar,
    FoundCalendars,
    KeepAccount,
)
from application.calendars.look_after_entries import invited_by
from application.calendars.read_calendar import LEAST_AHEAD, span_of
from application.people import short_text
from application.ports.calendar_reader import (
    CalendarRead,
    CalendarReader,
    CalendarUnreadable,
    FeedAddress,
    ReadingQuery,
    RemoteCalendar,
)
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from domain.calendar import LONGEST_CALENDAR_ADDRESS, LONGEST_CALENDAR_NAME
from domain.errors import Checks, InvalidInput
from domain.faults import CalendarFault, Malformed, TooLong
from domain.host import Host


@dataclass(frozen=True)
class ConnectFeed:
    """Read a feed at once; only one that can be read is connected."""

    begin: Begin
    admit: AdmitAccount
    reader: CalendarReader
    keep: KeepAccount
    clock: Clock

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
        host = await self.admit(host_id, "ical_feed")
        access = FeedAddress(address)
        asked_at = self.clock()
        found = FoundCalendar(RemoteCalendar("", name), asked_at, await self._read(access, host, asked_at))
        return await self.keep(
            actor, FoundAccount("ical_feed", urlsplit(address).hostname or "", "", access, FoundCalendars((found,)))
        )

    async def _read(self, access: FeedAddress, host: Host, now: datetime) -> CalendarRead:
        span, owners = span_of(now, LEAST_AHEAD), frozenset({host.email.lower()})
        async with self.begin() as uow:
            invited = await invited_by(uow, host.id, now)
        try:
            query = ReadingQuery("", span, host.timezone, owners, host_id=host.id, invited=invited)
            read = await self.reader.read(access, query)
        except CalendarUnreadable as unreadable:
            raise InvalidInput.at("url", CalendarFault(unreadable.problem)) from None
        # There is nothing that it could be unchanged since.
        assert isinstance(read, CalendarRead)
        return read


def feed_address(typed: str) -> str:
    """Check the form of an address; where it leads is found out by going there.

    Raises:
        InvalidInput: none of http, https and webcal, no host, or too long.
    """
    address = typed.strip()
    if len(address) > LONGEST_CALENDAR_ADDRESS:
        raise InvalidInput.at("url", TooLong(LONGEST_CALENDAR_ADDRESS, len(address)))
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme.lower() in {"https", "http", "webcal", "webcals"} and bool(parts.hostname)
    except ValueError:
        is_whole = False
    if not is_whole:
        raise InvalidInput.at("url", Malformed("feed-address"))
    return address
