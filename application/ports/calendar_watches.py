"""Watches of calendars: storing them, and finding them by what a notice shows."""

from collections.abc import Collection, Mapping
from typing import Protocol

import msgspec

from domain.calendar import Calendar
from domain.calendar_watch import CalendarWatch
from domain.ids import CalendarConnectionId, CalendarId, WatchId


class WatchedCalendar(msgspec.Struct, frozen=True):
    watch: CalendarWatch
    calendar: Calendar


class CalendarWatches(Protocol):
    """Watches inside a unit of work; they go with their calendar."""

    def add(self, watch: CalendarWatch, secret: str) -> None:
        """Store a watch of a calendar that this unit has locked; of the secret only a digest."""
        ...

    def save(self, watch: CalendarWatch) -> None:
        """Store its next state; one that is gone stays so."""
        ...

    def remove(self, *watch_ids: WatchId) -> None: ...

    async def of_calendar(self, calendar_id: CalendarId, /) -> list[CalendarWatch]:
        """Oldest first."""
        ...

    async def of_connection(self, connection_id: CalendarConnectionId, /) -> list[CalendarWatch]: ...

    async def by_secret(self, secrets: Collection[str], /) -> Mapping[str, WatchedCalendar]:
        """Find what notices are about, in one round trip; a secret of nobody's is left out.

        MUST find them by a digest, so that the time that it takes tells nothing about a secret.
        """
        ...
