"""Look which calendars an account holds, and read them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from application.calendars.keep_account import FoundCalendar
from application.calendars.read_calendar import LEAST_AHEAD, span_of
from application.ports.calendar_reader import (
    CalendarAccess,
    CalendarRead,
    CalendarReader,
    CalendarUnreadable,
    ReadingQuery,
    RemoteCalendar,
)
from application.ports.clock import Clock
from domain.calendar import CalendarKind
from domain.calendar_problem import (
    CalendarAccountProblem,
    CalendarsNotSetUp,
    NoCalendars,
    ServerTooSlow,
)
from domain.host import Host
from domain.page_calendars import MOST_CALENDARS

LONGEST = timedelta(seconds=20)
"""How long a host waits for the calendars of a new account; those that aren't read by then are read afterwards."""

MOST_AT_ONCE = 4


@dataclass(frozen=True)
class LookIntoAccount:
    """Read an account's calendars while its host waits."""

    readers: Mapping[CalendarKind, CalendarReader]
    clock: Clock

    async def __call__(
        self,
        kind: CalendarKind,
        access: CalendarAccess,
        account: str,
        host: Host,
        is_wanted: Callable[[RemoteCalendar], bool] = lambda _: True,
    ) -> tuple[FoundCalendar, ...]:
        """List all of them, and read those that are wanted now; some may fail.

        Args:
            account: what the host knows it by, which may be an address that invitations name.
            is_wanted: what isn't is read afterwards.

        Raises:
            CalendarUnreadable: the account lets us in no more, holds no calendar, or none can be read.
            AccessTokenExpired: of a grant.
        """
        reader = self.readers.get(kind)
        if reader is None:
            raise CalendarUnreadable(CalendarsNotSetUp())
        listed = sorted(await reader.calendars(access), key=lambda each: not each.is_main)[:MOST_CALENDARS]
        if not listed:
            raise CalendarUnreadable(NoCalendars())
        owners, span = frozenset({host.email.lower(), account.lower()}), span_of(self.clock(), LEAST_AHEAD)
        until = asyncio.get_running_loop().time() + LONGEST.total_seconds()
        places = asyncio.Semaphore(MOST_AT_ONCE)

        async def read(remote: RemoteCalendar) -> FoundCalendar:
            asked_at = self.clock()
            if not is_wanted(remote):
                return FoundCalendar(remote, asked_at, None)
            query = ReadingQuery(
                remote.id, span, host.timezone, owners, rules_apply=remote.rules_apply, host_id=host.id
            )
            try:
                async with asyncio.timeout_at(until), places:
                    asked_at = self.clock()
                    answer = await reader.read(access, query)
            except CalendarUnreadable as unreadable:
                return FoundCalendar(remote, asked_at, unreadable)
            except TimeoutError:
                return FoundCalendar(remote, asked_at, CalendarUnreadable(ServerTooSlow()))
            # There is nothing that it could be unchanged since.
            assert isinstance(answer, CalendarRead)
            return FoundCalendar(remote, asked_at, answer)

        found = tuple(await asyncio.gather(*map(read, listed)))
        failed = [each.answer for each in found if isinstance(each.answer, CalendarUnreadable)]
        is_any_read = any(isinstance(each.answer, CalendarRead) for each in found)
        for each in failed:
            if isinstance(each.problem, CalendarAccountProblem) or not is_any_read:
                raise each
        return found
