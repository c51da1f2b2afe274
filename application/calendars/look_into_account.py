"""Look which calendars an account holds, and read them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from application.calendars.keep_account import FoundCalendar, FoundCalendars
from application.calendars.look_after_entries import entries_in, invited_by, ours_in, standing_in
from application.calendars.read_calendar import LEAST_AHEAD, span_of
from application.ports.calendar_reader import (
    CalendarAccess,
    CalendarRead,
    CalendarReader,
    CalendarUnreadable,
    ReadingQuery,
    RemoteCalendar,
)
from application.ports.calendars import HostCalendars
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.calendar import MOST_CALENDARS_OF_ACCOUNT, CalendarKind
from domain.calendar_problem import (
    CalendarAccountProblem,
    CalendarsNotSetUp,
    NoCalendars,
    ServerTooSlow,
)
from domain.host import Host
from domain.ids import BookingId
from domain.slot import Slot

LONGEST = timedelta(seconds=20)
"""How long a host waits for the calendars of a new account; those that aren't read by then are read afterwards."""

MOST_AT_ONCE = 4


@dataclass(frozen=True)
class LookIntoAccount:
    """Read an account's calendars while its host waits, whether it was connected before or not.

    What lies in them because of the host's bookings counts by itself: entries, and copies of invitations.
    """

    readers: Mapping[CalendarKind, CalendarReader]
    calendars: HostCalendars
    begin: Begin
    clock: Clock

    async def __call__(
        self,
        kind: CalendarKind,
        access: CalendarAccess,
        account: str,
        host: Host,
        is_wanted: Callable[[RemoteCalendar], bool] = lambda _: True,
    ) -> FoundCalendars:
        """List them, and read those that are wanted now; some may fail.

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
        listed = sorted(await reader.calendars(access), key=lambda each: not each.is_main)
        if not listed:
            raise CalendarUnreadable(NoCalendars())
        known = await self._known(kind, host)
        owners, span = frozenset({host.email.lower(), account.lower()}), span_of(self.clock(), LEAST_AHEAD)
        until = asyncio.get_running_loop().time() + LONGEST.total_seconds()
        places = asyncio.Semaphore(MOST_AT_ONCE)

        async def read(remote: RemoteCalendar) -> FoundCalendar:
            asked_at, is_asked = self.clock(), False
            if not is_wanted(remote):
                return FoundCalendar(remote, asked_at, None)
            query = ReadingQuery(
                remote.id,
                span,
                host.timezone,
                owners,
                rules_apply=remote.rules_apply,
                ours=known.ours,
                standing=known.standing.get(remote.id, ()),
                host_id=host.id,
                invited=known.invited,
            )
            try:
                async with asyncio.timeout_at(until), places:
                    asked_at, is_asked = self.clock(), True
                    answer = await reader.read(access, query)
            except CalendarUnreadable as unreadable:
                return FoundCalendar(remote, asked_at, unreadable)
            except TimeoutError:
                return FoundCalendar(remote, asked_at, CalendarUnreadable(ServerTooSlow()) if is_asked else None)
            # There is nothing that it could be unchanged since.
            assert isinstance(answer, CalendarRead)
            return FoundCalendar(remote, asked_at, answer)

        found = tuple(await asyncio.gather(*map(read, listed[:MOST_CALENDARS_OF_ACCOUNT])))
        failed = [each.answer for each in found if isinstance(each.answer, CalendarUnreadable)]
        is_any_read = any(isinstance(each.answer, CalendarRead) for each in found)
        for each in failed:
            if isinstance(each.problem, CalendarAccountProblem) or not is_any_read:
                raise each
        return FoundCalendars(found, max(len(listed) - MOST_CALENDARS_OF_ACCOUNT, 0))

    async def _known(self, kind: CalendarKind, host: Host) -> "_Known":
        now, held = self.clock(), await self.calendars.calendars(host.id)
        async with self.begin() as uow:
            entries = {each.remote_id: await entries_in(uow, each.id, now) for each in held if each.kind == kind}
            invited = await invited_by(uow, host.id, now)
        return _Known(
            ours={name: slots for each in entries.values() for name, slots in ours_in(each).items()},
            standing={remote_id: standing_in(each) for remote_id, each in entries.items()},
            invited=invited,
        )


class _Known(msgspec.Struct, frozen=True):
    """What the host's bookings have brought into calendars; `standing` by the remote ids of these."""

    ours: dict[str, tuple[Slot, ...]]
    standing: dict[str, tuple[Slot, ...]]
    invited: frozenset[BookingId]
