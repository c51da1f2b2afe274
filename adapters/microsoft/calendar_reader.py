"""Reads calendars of Outlook: Microsoft 365's and personal ones.

Source: Microsoft Graph v1.0, "List calendars", "List calendarView", "Obtain immutable identifiers".
"""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final, TypeVar
from urllib.parse import quote

import msgspec

from adapters.http_client.fitting import utc_instant
from adapters.microsoft.busy_events import reading_of
from adapters.microsoft.calendar_wire import (
    SELECTED,
    GraphCalendarsPage,
    GraphPage,
    ListedMailboxCalendar,
    ViewedEvent,
    ViewPage,
)
from adapters.microsoft.mailbox_calls import IMMUTABLE_IDS, MailboxCalls
from application.ports.calendar_reader import (
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    LastSeen,
    ReadingQuery,
    RemoteCalendar,
)
from domain.busy import BusyTime
from domain.calendar import Reading
from domain.calendar_problem import CalendarTooComplex, NotACalendar, ServerTooSlow
from domain.text import one_line

_PREFER: Final = {"Prefer": f'outlook.timezone="UTC", {IMMUTABLE_IDS}'}
_LARGEST_PAGE: Final = 1000
_SMALLEST_PAGE: Final = 50
_MOST_PAGES: Final = 50
_LONGEST_READING: Final = timedelta(seconds=25)

# Graph compares the instants of days with the window, and tells their dates: those of another zone may touch the span.
_A_DAY: Final = timedelta(days=1)

P = TypeVar("P", bound=GraphPage)
T = TypeVar("T")


class MicrosoftCalendarReader:
    """Microsoft behind the port CalendarReader.

    Args:
        longest: how long a reading takes, with all its pages.
        invited_from: the domain of our invitations, copies of which are left out.
    """

    is_asked_at_submit = True

    def __init__(
        self, mailboxes: MailboxCalls, *, longest: timedelta = _LONGEST_READING, invited_from: str = ""
    ) -> None:
        self._mailboxes = mailboxes
        self._longest = longest.total_seconds()
        self._invited_from = invited_from

    async def calendars(self, access: CalendarAccess, /) -> tuple[RemoteCalendar, ...]:
        url = self._mailboxes.address("/me/calendars", {"$select": "id,name,isDefaultCalendar,canEdit", "$top": "100"})
        pages = await self._in_time(self._pages("list", access, url, GraphCalendarsPage))
        return tuple(_listed(each) for page in pages for each in page.value)

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        reading = await self._reading(access, query)
        seen = LastSeen(digest=sha256(msgspec.msgpack.encode((reading.times, reading.unreadable))).digest())
        return CalendarUnchanged(seen) if seen == query.seen else CalendarRead(reading, seen)

    async def busy(
        self, access: CalendarAccess, queries: Sequence[ReadingQuery], /
    ) -> tuple[tuple[BusyTime, ...] | CalendarUnreadable, ...]:
        readings = (self._reading(access, query) for query in queries)
        found = await asyncio.gather(*readings, return_exceptions=True)
        return tuple(_times_or_problem(each) for each in found)

    async def _reading(self, access: CalendarAccess, query: ReadingQuery) -> Reading:
        events = await self._in_time(self._events(access, query))
        return reading_of(events, query.span, query.timezone, query.ours, self._invited_from)

    async def _events(self, access: CalendarAccess, query: ReadingQuery) -> list[ViewedEvent]:
        """Read the whole view, in smaller pages where the server takes too long for large ones."""
        size = _LARGEST_PAGE
        while True:
            try:
                pages = await self._pages("read", access, self._view(query, size), ViewPage)
            except CalendarUnreadable as unreadable:
                if unreadable.problem != ServerTooSlow() or size // 2 < _SMALLEST_PAGE:
                    raise
                size //= 2
            else:
                return [each for page in pages for each in page.value]

    def _view(self, query: ReadingQuery, size: int) -> str:
        fields = {
            "startDateTime": utc_instant(query.span.start - _A_DAY),
            "endDateTime": utc_instant(query.span.end + _A_DAY),
            "$select": ",".join(SELECTED),
            "$top": str(size),
        }
        return self._mailboxes.address(f"/me/calendars/{quote(query.remote_id, safe='')}/calendarView", fields)

    async def _pages(self, operation: str, access: CalendarAccess, url: str, type_: type[P]) -> list[P]:
        pages: list[P] = []
        for _ in range(_MOST_PAGES):
            page = await self._mailboxes.get(operation, access, url, type_, _PREFER)
            pages.append(page)
            if page.next_link is None:
                return pages
            # It goes out with the token, so that it may lead to nobody else.
            if not self._mailboxes.has(page.next_link):
                raise self._mailboxes.calls.noted(operation, CalendarUnreadable(NotACalendar()))
            url = page.next_link
        raise self._mailboxes.calls.noted(operation, CalendarUnreadable(CalendarTooComplex()))

    async def _in_time(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._longest):
                return await work
        except TimeoutError:
            raise CalendarUnreadable(ServerTooSlow()) from None


def _listed(item: ListedMailboxCalendar) -> RemoteCalendar:
    return RemoteCalendar(
        item.id, one_line(item.name or ""), is_main=bool(item.is_default_calendar), writable=bool(item.can_edit)
    )


def _times_or_problem(found: Reading | BaseException) -> tuple[BusyTime, ...] | CalendarUnreadable:
    match found:
        case Reading():
            return found.times
        case CalendarUnreadable():
            return found
        case _:
            raise found
