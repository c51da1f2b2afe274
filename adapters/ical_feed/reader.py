"""Reads a feed: fetches it, and works out its busy times where it has changed."""

import asyncio
import re
from hashlib import sha256
from typing import Final

import structlog

from adapters.recurrence.working_out import NotACalendarFile, TooMuchWork, WorkOut
from application.ports.calendars import CalendarRead, CalendarUnchanged, CalendarUnreadable, FeedAddress, LastSeen
from application.ports.safe_fetcher import FetchFailed, NotModified, SafeFetcher
from domain.calendar_problem import CalendarProblem, CalendarTooComplex, NotACalendar
from domain.slot import Slot

_STAMP: Final = re.compile(rb"^DTSTAMP[^\n]*\n", re.MULTILINE)

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class IcalFeedReader:
    def __init__(self, fetcher: SafeFetcher, work_out: WorkOut) -> None:
        self._fetcher = fetcher
        self._work_out = work_out

    async def read(
        self, access: FeedAddress, span: Slot, timezone: str, seen: LastSeen, owners: frozenset[str], /
    ) -> CalendarRead | CalendarUnchanged:
        problem: CalendarProblem
        not_before = None
        try:
            fetched = await self._fetcher.fetch(access.url, seen.validators)
            if isinstance(fetched, NotModified):
                return CalendarUnchanged(seen)
            now_seen = LastSeen(fetched.validators, await asyncio.to_thread(_digest, fetched.body))
            if seen.digest == now_seen.digest:
                return CalendarUnchanged(now_seen)
            return CalendarRead(await self._work_out(fetched.body, span, timezone, owners), now_seen)
        except FetchFailed as failed:
            problem, not_before = failed.problem, failed.not_before
        except NotACalendarFile:
            problem = NotACalendar()
        except TooMuchWork:
            problem = CalendarTooComplex()
        # Without a word of the address.
        _log.warning("feed_not_read", problem=type(problem).__name__)
        raise CalendarUnreadable(problem, not_before)


def _digest(body: bytes) -> bytes:
    """Of all but the stamps, which many programs write anew at each fetch."""
    return sha256(_STAMP.sub(b"", body)).digest()
