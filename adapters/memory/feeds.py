"""Feeds in memory: what each address leads to is set by the test."""

from datetime import timedelta

from application.ports.calendar_reader import (
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    FeedAddress,
    LastSeen,
    ReadingQuery,
    RemoteCalendar,
)
from application.ports.safe_fetcher import Validators
from domain.busy import BusyTime
from domain.calendar import Reading
from domain.calendar_problem import CalendarProblem, ServerRefused


class MemoryFeeds:
    """Reads what was published.

    feeds = MemoryFeeds()
    feeds.publish("https://calendar.example/anna.ics", BusyTime(slot))
    """

    def __init__(self) -> None:
        self._published: dict[str, tuple[BusyTime, ...] | CalendarProblem] = {}
        self._editions: dict[str, int] = {}
        self.asked: list[str] = []
        self.refresh_every: timedelta | None = None
        """What every feed says of how often it changes."""

    def publish(self, url: str, *times: BusyTime) -> None:
        """Let an address lead to a calendar with these times."""
        self._set(url, times)

    def fail(self, url: str, problem: CalendarProblem) -> None:
        """Let reading an address fail."""
        self._set(url, problem)

    async def calendars(self, access: CalendarAccess, /) -> tuple[RemoteCalendar, ...]:
        assert isinstance(access, FeedAddress)
        return (RemoteCalendar("", access.url),)

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        assert isinstance(access, FeedAddress)
        self.asked.append(access.url)
        found = self._published.get(access.url, ServerRefused(404))
        if not isinstance(found, tuple):
            raise CalendarUnreadable(found)
        now_seen = LastSeen(Validators(etag=f"{self._editions[access.url]}"))
        if query.seen == now_seen:
            return CalendarUnchanged(now_seen)
        times = tuple(each for each in found if each.slot.overlaps(query.span))
        return CalendarRead(Reading(query.span, times, refresh_every=self.refresh_every), now_seen)

    def _set(self, url: str, what: tuple[BusyTime, ...] | CalendarProblem) -> None:
        self._published[url] = what
        self._editions[url] = self._editions.get(url, 0) + 1
