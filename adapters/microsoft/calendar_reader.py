"""Reads calendars of Outlook: Microsoft 365's and personal ones.

Source: Microsoft Graph v1.0, "List calendars", "List calendarView", "Obtain immutable identifiers".
"""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final, TypeVar

import msgspec

from adapters.http_client.together import all_of
from adapters.microsoft.busy_events import reading_of
from adapters.microsoft.calendar_view import view
from adapters.microsoft.calendar_wire import (
    SELECTED,
    UID_EXPANDED,
    GraphCalendarsPage,
    ListedMailboxCalendar,
    ViewedEvent,
    ViewPage,
)
from adapters.microsoft.mailbox_calls import MailboxCalls
from application.ports.calendar_reader import (
    Answered,
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    LastSeen,
    ReadingQuery,
    RemoteCalendar,
)
from domain.calendar import Reading
from domain.calendar_problem import ServerTooSlow
from domain.invitation_uid import invitation_uids
from domain.text import one_line

LONGEST: Final = timedelta(seconds=25)

# Graph compares the instants of days with the window, and tells their dates: those of another zone may touch the span.
_A_DAY: Final = timedelta(days=1)

T = TypeVar("T")


class MicrosoftCalendarReader:
    """Microsoft behind the port CalendarReader.

    Args:
        longest: how long a reading takes, with all its pages.
        invited_from: the domain of our invitations.
    """

    def __init__(self, mailboxes: MailboxCalls, *, longest: timedelta = LONGEST, invited_from: str = "") -> None:
        self._mailboxes = mailboxes
        self._longest = longest.total_seconds()
        self._invited_from = invited_from

    async def calendars(self, access: CalendarAccess, /) -> tuple[RemoteCalendar, ...]:
        operation = "list"
        url = self._mailboxes.address("/me/calendars", {"$select": "id,name,isDefaultCalendar,canEdit", "$top": "100"})
        pages = await self._in_time(operation, self._mailboxes.pages(operation, access, url, GraphCalendarsPage))
        return tuple(_listed(each) for page in pages for each in page.value)

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        reading = await self._reading(access, query)
        seen = LastSeen(digest=sha256(msgspec.msgpack.encode((reading.times, reading.unreadable))).digest())
        return CalendarUnchanged(seen) if seen == query.seen else CalendarRead(reading, seen)

    async def ask(self, access: CalendarAccess, queries: Sequence[ReadingQuery], answered: Answered, /) -> None:
        async def one(number: int, query: ReadingQuery) -> None:
            try:
                answered(number, (await self._reading(access, query)).times)
            except CalendarUnreadable as unreadable:
                answered(number, unreadable)

        await all_of(one(number, query) for number, query in enumerate(queries))

    async def _reading(self, access: CalendarAccess, query: ReadingQuery) -> Reading:
        events = await self._in_time("read", self._events(access, query))
        copies = invitation_uids(query.invited, self._invited_from)
        return reading_of(events, query.span, query.timezone, query.ours, copies)

    async def _events(self, access: CalendarAccess, query: ReadingQuery) -> list[ViewedEvent]:
        span = query.span.padded(_A_DAY, _A_DAY)
        pages = await view(
            self._mailboxes, access, query.remote_id, span, ViewPage, select=SELECTED, expand=UID_EXPANDED
        )
        return [each for page in pages for each in page.value]

    async def _in_time(self, operation: str, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._longest):
                return await work
        except TimeoutError:
            raise self._mailboxes.calls.noted(operation, CalendarUnreadable(ServerTooSlow())) from None


def _listed(item: ListedMailboxCalendar) -> RemoteCalendar:
    return RemoteCalendar(
        item.id, one_line(item.name or ""), is_main=bool(item.is_default_calendar), writable=bool(item.can_edit)
    )
