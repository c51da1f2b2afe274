"""Calendars that are kept elsewhere: storing them, showing them, and reading them anew."""

from datetime import datetime
from typing import Protocol

import msgspec

from application.ports.safe_fetcher import NOTHING_KNOWN, Validators
from domain.busy import BusyTime
from domain.calendar import Calendar, CalendarConnection, Reading
from domain.calendar_problem import CalendarProblem
from domain.ids import CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot


class FeedAddress(msgspec.Struct, frozen=True):
    """What it takes to get in where a calendar is one file: whoever knows the address can read it."""

    url: str


class LastSeen(msgspec.Struct, frozen=True):
    """What tells whether a file is the one that was read last."""

    validators: Validators = NOTHING_KNOWN
    digest: bytes = b""


NOTHING_SEEN = LastSeen()


class StoredCalendar(msgspec.Struct, frozen=True):
    """A calendar, its busy times, and what tells whether it has changed since."""

    calendar: Calendar
    times: tuple[BusyTime, ...] = ()
    seen: LastSeen = NOTHING_SEEN


class Calendars(Protocol):
    """Calendars inside a unit of work."""

    def add(self, connection: CalendarConnection, access: FeedAddress, *calendars: StoredCalendar) -> None:
        """Store a new connection with its calendars, and what it takes to get in, sealed."""
        ...

    async def connection(
        self, host_id: HostId, connection_id: CalendarConnectionId, /
    ) -> CalendarConnection | None: ...

    async def access(self, connection_id: CalendarConnectionId, /) -> FeedAddress | None:
        """Open what it takes to get in.

        Raises:
            Unopenable: the key that sealed it is gone.
        """
        ...

    async def get(self, calendar_id: CalendarId, /) -> StoredCalendar | None: ...

    async def lock(self, calendar_id: CalendarId, /) -> StoredCalendar | None:
        """Read a calendar and keep everybody else from locking it until the unit ends."""
        ...

    def save(self, stored: StoredCalendar) -> None:
        """Store the next state of a calendar."""
        ...

    def remove(self, host_id: HostId, connection_id: CalendarConnectionId) -> None:
        """Delete a connection, its calendars and what it took to get in."""
        ...

    async def horizon(self, calendar_id: CalendarId, /) -> int:
        """The days that the furthest page that the calendar blocks looks ahead; 0 where it blocks none."""
        ...


class HostCalendars(Protocol):
    """Shows a host's calendars, without opening what it takes to get in."""

    async def calendar_connections(self, host_id: HostId, /) -> list[CalendarConnection]:
        """Oldest first."""
        ...

    async def calendars(self, host_id: HostId, /) -> list[Calendar]:
        """Those of the oldest connection first."""
        ...


class CalendarUnchanged(msgspec.Struct, frozen=True):
    """The calendar is as it was read last."""

    seen: LastSeen


class CalendarRead(msgspec.Struct, frozen=True):
    reading: Reading
    seen: LastSeen


class CalendarUnreadable(Exception):
    """There is no reading; what was read before stays as it is.

    Attributes:
        not_before: when the server wants to be asked again, where it says so.
    """

    def __init__(self, problem: CalendarProblem, not_before: datetime | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.not_before = not_before


class FeedReader(Protocol):
    """Reads the one calendar that a feed is.

    A reading MUST be complete, or CalendarUnreadable; an error, an empty body or half a file MUST NOT be an empty
    calendar.
    """

    async def read(
        self, access: FeedAddress, span: Slot, timezone: str, seen: LastSeen, owners: frozenset[str], /
    ) -> CalendarRead | CalendarUnchanged:
        """Read the busy times in a span.

        Args:
            timezone: IANA name of the zone of all-day events and of times without one, unless the feed names its own.
            seen: of a reading that covers the span; NOTHING_SEEN asks for a new one in any case.
            owners: addresses of the calendar's owner, in lower case.

        Raises:
            CalendarUnreadable
        """
        ...
