"""Reads a feed: fetches it, and works out its busy times where it has changed."""

import asyncio
import re
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

import structlog

from adapters.recurrence.working_out import NotACalendarFile, NoTurn, TooMuchWork, WorkOut
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
from application.ports.safe_fetcher import FetchFailed, NotModified, SafeFetcher
from domain.calendar_problem import CalendarProblem, CalendarTooComplex, NotACalendar, ServerTooSlow

_STAMP: Final = re.compile(rb"^DTSTAMP[^\n]*\n", re.MULTILINE)

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class IcalFeedReader:
    def __init__(self, fetcher: SafeFetcher, work_out: WorkOut) -> None:
        self._fetcher = fetcher
        self._work_out = work_out

    async def calendars(self, access: CalendarAccess, /) -> tuple[RemoteCalendar, ...]:
        """A feed is one calendar, which says only when it is read what it is called."""
        return (RemoteCalendar("", urlsplit(_address(access).url).hostname or ""),)

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        seen = query.seen
        problem: CalendarProblem
        not_before = None
        try:
            fetched = await self._fetcher.fetch(_address(access).url, seen.validators)
            if isinstance(fetched, NotModified):
                return CalendarUnchanged(seen)
            now_seen = LastSeen(fetched.validators, await asyncio.to_thread(_digest, fetched.body))
            if seen.digest == now_seen.digest:
                return CalendarUnchanged(now_seen)
            reading = await self._work_out(
                fetched.body, query.span, query.timezone, query.owners, query.host_id, query.invited
            )
            return CalendarRead(reading, now_seen)
        except FetchFailed as failed:
            problem, not_before = failed.problem, failed.not_before
        except NotACalendarFile:
            problem = NotACalendar()
        except TooMuchWork:
            problem = CalendarTooComplex()
        except NoTurn:
            problem = ServerTooSlow()
        # Without a word of the address.
        _log.warning("feed_not_read", problem=type(problem).__name__)
        raise CalendarUnreadable(problem, not_before)


def _address(access: CalendarAccess) -> FeedAddress:
    if not isinstance(access, FeedAddress):
        raise TypeError("A feed is read by its address.")
    return access


def _digest(body: bytes) -> bytes:
    """Of all but the stamps, which many programs write anew at each fetch."""
    return sha256(_STAMP.sub(b"", body)).digest()
