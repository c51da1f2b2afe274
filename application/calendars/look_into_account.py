"""Look which calendars an account holds, and read them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from application.calendars.calendar_id import calendar_id_of, second_calendar_id_of
from application.calendars.keep_account import FoundCalendar, FoundCalendars
from application.calendars.look_after_entries import entries_of, invited_by, ours_in, slots_of
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
from application.ports.unit_of_work import Begin
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
        login: str,
        host: Host,
        is_wanted: Callable[[RemoteCalendar], bool] = lambda _: True,
    ) -> FoundCalendars:
        """List them, and read those that are wanted now; some may fail.

        Args:
            account, login: as of `CalendarConnection`; the former may be an address that invitations name.
            is_wanted: what isn't is read afterwards.

        Raises:
            CalendarUnreadable: the account lets us in no more, holds no calendar, or none can be read.
            AccessTokenExpired: of a grant.
        """
        reader = self.readers.get(kind)
        if reader is None:
            raise CalendarUnreadable(CalendarsNotSetUp())
        by_id = {calendar_id_of(host.id, kind, login, each.id): each for each in await reader.calendars(access)}
        if not by_id:
            raise CalendarUnreadable(NoCalendars())
        listed = sorted(by_id.values(), key=lambda each: not each.is_main)
        asked = listed[:MOST_CALENDARS_OF_ACCOUNT]
        known = await self._known(kind, login, asked, host)
        owners, span = frozenset({host.email.lower(), account.lower()}), span_of(self.clock(), LEAST_AHEAD)
        until = asyncio.get_running_loop().time() + LONGEST.total_seconds()
        turns = asyncio.Semaphore(MOST_AT_ONCE)

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
                entry_slots=known.entry_slots.get(remote.id, ()),
                host_id=host.id,
                invited=known.invited,
            )
            try:
                async with asyncio.timeout_at(until), turns:
                    asked_at, is_asked = self.clock(), True
                    answer = await reader.read(access, query)
            except CalendarUnreadable as unreadable:
                return FoundCalendar(remote, asked_at, unreadable)
            except TimeoutError:
                return FoundCalendar(remote, asked_at, CalendarUnreadable(ServerTooSlow()) if is_asked else None)
            # There is nothing that it could be unchanged since.
            assert isinstance(answer, CalendarRead)
            return FoundCalendar(remote, asked_at, answer)

        found = tuple(await asyncio.gather(*map(read, asked)))
        failed = [each.answer for each in found if isinstance(each.answer, CalendarUnreadable)]
        is_any_read = any(isinstance(each.answer, CalendarRead) for each in found)
        for each in failed:
            if isinstance(each.problem, CalendarAccountProblem) or not is_any_read:
                raise each
        return FoundCalendars(found, len(listed) - len(asked))

    async def _known(self, kind: CalendarKind, login: str, asked: Sequence[RemoteCalendar], host: Host) -> "_Known":
        """Gather it, that of an account which was disconnected meanwhile too."""
        now, held = self.clock(), await self.calendars.calendars(host.id)
        remote_ids = {each.id: each.remote_id for each in held if each.kind == kind}
        for each in asked:
            for id_of in (calendar_id_of, second_calendar_id_of):
                remote_ids[id_of(host.id, kind, login, each.id)] = each.id
        ours: dict[str, tuple[Slot, ...]] = {}
        entry_slots: dict[str, tuple[Slot, ...]] = {}
        async with self.begin() as uow:
            entries = await entries_of(uow, remote_ids, now)
            invited = await invited_by(uow, host.id, now)
        for calendar_id, remote_id in remote_ids.items():
            ours.update(ours_in(entries[calendar_id]))
            # An account can hold what another one shares with it.
            entry_slots[remote_id] = (*entry_slots.get(remote_id, ()), *slots_of(entries[calendar_id]))
        return _Known(ours, entry_slots, invited)


class _Known(msgspec.Struct, frozen=True):
    """What the host's bookings have brought into calendars; `entry_slots` by the remote ids of these."""

    ours: dict[str, tuple[Slot, ...]]
    entry_slots: dict[str, tuple[Slot, ...]]
    invited: frozenset[BookingId]
