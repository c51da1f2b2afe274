"""Reads the calendars of a CalDAV account."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

import httpx
import msgspec
import structlog

from adapters.caldav.collection import Collection, CollectionState
from adapters.caldav.discovery import discovered
from adapters.caldav.session import DavSession
from adapters.http_client.outside import NO_ANSWER, outside_client, without_answer
from adapters.http_client.pinned import PinnedTransport
from adapters.http_client.together import all_of
from adapters.recurrence.working_out import NoTurn, TooMuchWork, WorkOut
from application.ports.calendar_reader import (
    Answered,
    CaldavLogin,
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    ReadingQuery,
    RemoteCalendar,
)
from application.ports.clock import Clock
from domain.calendar import Reading
from domain.calendar_problem import CalendarAccountProblem, CalendarTooComplex, ServerTooSlow, ServerUnreachable

LONGEST: Final = timedelta(seconds=12)
"""For all requests of one call; working out the events comes on top."""

MOST_AT_ONCE: Final = 4

T = TypeVar("T")

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class CaldavReader:
    """Gets along with as little of CalDAV as there can be: what servers share ends soon.

    Args:
        work_out: for readings.
        work_out_at_submit: for guests who wait, so that they never wait for a reading.
        longest: for all requests of one call.
    """

    def __init__(
        self,
        transport: PinnedTransport,
        clock: Clock,
        work_out: WorkOut,
        work_out_at_submit: WorkOut,
        *,
        longest: timedelta = LONGEST,
    ) -> None:
        self._clock = clock
        self._work_out = work_out
        self._work_out_at_submit = work_out_at_submit
        self._longest = longest.total_seconds()
        self._client = outside_client(transport, longest, Accept="application/xml, text/xml")

    async def aclose(self) -> None:
        await self._client.aclose()

    async def calendars(self, access: CalendarAccess, /) -> tuple[RemoteCalendar, ...]:
        login = _login(access)
        return await self._in_time(discovered(self._session(login), login.url))

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        login = _login(access)
        collection = Collection(self._session(login), query.remote_id)
        found = await self._in_time(_changed(collection, query))
        if isinstance(found, CalendarUnchanged):
            return found
        state, files = found
        reading = await _worked_out(self._work_out, files, query, state.zone or query.timezone)
        return CalendarRead(msgspec.structs.replace(reading, timezone=state.zone), state.seen)

    async def ask(self, access: CalendarAccess, queries: Sequence[ReadingQuery], answered: Answered, /) -> None:
        login = _login(access)
        session, places = self._session(login), asyncio.Semaphore(MOST_AT_ONCE)

        async def one(number: int, query: ReadingQuery) -> None:
            try:
                async with places:
                    files = await self._in_time(Collection(session, query.remote_id).files(query.span))
                answered(number, (await _worked_out(self._work_out_at_submit, files, query, query.timezone)).times)
            except CalendarUnreadable as unreadable:
                # Of the account, whichever calendar is asked about.
                if isinstance(unreadable.problem, CalendarAccountProblem):
                    raise
                answered(number, unreadable)

        numbered = list(enumerate(queries))
        # The first alone: a password that isn't taken any more is shown once, not once for each calendar.
        for first in numbered[:1]:
            await one(*first)
        await all_of(one(*each) for each in numbered[1:])

    def _session(self, login: CaldavLogin) -> DavSession:
        try:
            return DavSession(self._client, login, self._clock)
        except httpx.InvalidURL:
            raise CalendarUnreadable(ServerUnreachable()) from None

    async def _in_time(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            async with asyncio.timeout(self._longest):
                return await work
        except CalendarUnreadable as unreadable:
            failed = unreadable
        except NO_ANSWER as error:
            failed = CalendarUnreadable(without_answer(error))
        # Without a word of the address. Raised out here, so that no error of httpx, which holds it, hangs on this one.
        _log.warning("caldav_not_read", problem=type(failed.problem).__name__)
        raise CalendarUnreadable(failed.problem, failed.not_before)


async def _changed(
    collection: Collection, query: ReadingQuery
) -> CalendarUnchanged | tuple[CollectionState, tuple[bytes, ...]]:
    # Its state before its events, so that what changes in between is seen the next time.
    state = await collection.state()
    if state.has_change_tag and state.seen == query.seen:
        return CalendarUnchanged(state.seen)
    return state, await collection.files(query.span)


async def _worked_out(work_out: WorkOut, files: tuple[bytes, ...], query: ReadingQuery, zone: str) -> Reading:
    if not files:
        return Reading(query.span, ())
    try:
        return await work_out(files, query.span, zone, query.owners, query.host_id, query.invited, query.ours)
    except TooMuchWork:
        problem = CalendarTooComplex()
    except NoTurn:
        problem = ServerTooSlow()
    _log.warning("caldav_not_read", problem=type(problem).__name__)
    raise CalendarUnreadable(problem)


def _login(access: CalendarAccess) -> CaldavLogin:
    if not isinstance(access, CaldavLogin):
        message = "A CalDAV server wants a user name and a password."
        raise TypeError(message)
    return access
