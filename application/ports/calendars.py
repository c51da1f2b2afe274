"""Calendars that are kept elsewhere: storing them, and showing them."""

from datetime import datetime
from typing import Protocol

import msgspec

from application.ports.calendar_reader import NOTHING_SEEN, CalendarAccess, LastSeen
from domain.busy import BusyTime
from domain.calendar import Calendar, CalendarConnection, CalendarKind
from domain.ids import BookingId, CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot


class StoredCalendar(msgspec.Struct, frozen=True):
    """A calendar, its busy times, and what tells whether it has changed since."""

    calendar: Calendar
    times: tuple[BusyTime, ...] = ()
    seen: LastSeen = NOTHING_SEEN


class Calendars(Protocol):
    """Calendars inside a unit of work."""

    async def ids_of(self, host_id: HostId, /) -> frozenset[CalendarId]:
        """The ids of all calendars of a host."""
        ...

    def add(self, *calendars: StoredCalendar) -> None:
        """Store calendars of a connection."""
        ...

    async def lock_all(self, connection_id: CalendarConnectionId, /) -> list[StoredCalendar]:
        """Lock all calendars of a connection, in the order of their ids so that no two units wait for each other."""
        ...

    def remove(self, calendar_id: CalendarId) -> None:
        """Delete a calendar that its account holds no longer."""
        ...

    async def get(self, calendar_id: CalendarId, /) -> StoredCalendar | None: ...

    async def lock(self, calendar_id: CalendarId, /) -> StoredCalendar | None:
        """Read a calendar and keep everybody else from locking it until the unit ends."""
        ...

    def save(self, stored: StoredCalendar) -> None:
        """Store the next state of a calendar."""
        ...

    async def horizon(self, calendar_id: CalendarId, /) -> int:
        """The days that the furthest page looks ahead that the calendar blocks, or is written to by; 0 without one."""
        ...

    async def bookings_under(self, calendar_id: CalendarId, within: Slot, now: datetime, /) -> tuple[BookingId, ...]:
        """Confirmed bookings on pages that the calendar blocks, whose meetings aren't over and touch a span, by id."""
        ...


class CalendarConnections(Protocol):
    """Connections to calendar accounts, inside a unit of work."""

    def add(self, connection: CalendarConnection, access: CalendarAccess) -> None:
        """Store a new connection, and what it takes to get in, sealed."""
        ...

    async def get(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None: ...

    async def of_login(self, host_id: HostId, kind: CalendarKind, login: str, /) -> CalendarConnection | None:
        """Find the one connection to an account; a unit that adds another raises Taken("calendar-login")."""
        ...

    async def count(self, host_id: HostId, /) -> int:
        """Count a host's. Whoever adds one for the count MUST have locked the host."""
        ...

    async def hosts_on(self, kind: CalendarKind, login: str, /) -> list[HostId]:
        """The hosts that have connected calendars of an account."""
        ...

    async def lock(self, host_id: HostId, connection_id: CalendarConnectionId, /) -> CalendarConnection | None:
        """Read a connection and keep everybody else from locking it until the unit ends.

        Raises:
            Busy: somebody else has held it for too long.
        """
        ...

    def save(self, connection: CalendarConnection) -> None: ...

    def put_access(self, connection_id: CalendarConnectionId, access: CalendarAccess) -> None:
        """Replace what it takes to get in."""
        ...

    async def access(self, connection_id: CalendarConnectionId, /) -> CalendarAccess | None:
        """Open what it takes to get in.

        Raises:
            Unopenable: the key that sealed it is gone.
        """
        ...

    def remove(self, host_id: HostId, connection_id: CalendarConnectionId) -> None:
        """Delete a connection, its calendars and what it took to get in."""
        ...


class HostCalendars(Protocol):
    """Shows a host's calendars, without opening what it takes to get in."""

    async def calendar_connections(self, host_id: HostId, /) -> list[CalendarConnection]:
        """Oldest first."""
        ...

    async def calendars(self, host_id: HostId, /) -> list[Calendar]:
        """Those of the oldest connection first."""
        ...
