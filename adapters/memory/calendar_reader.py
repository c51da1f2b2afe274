"""Accounts with calendars in memory: what each holds is set by the test."""

import asyncio
from collections.abc import Sequence

from application.ports.calendar_reader import (
    Answered,
    CaldavLogin,
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    FeedAddress,
    LastSeen,
    ReadingQuery,
    RemoteCalendar,
    SignedIn,
)
from application.ports.oauth import AccountReader
from application.ports.safe_fetcher import Validators
from domain.busy import BusyTime, beside
from domain.calendar import Reading
from domain.calendar_problem import CalendarGone, CalendarProblem, PasswordRefused, SignInEnded
from domain.ids import BookingId
from domain.slot import Slot


class MemoryCalendarReader:
    """Reads what the accounts hold.

    reader = MemoryCalendarReader()
    reader.hold("anna", RemoteCalendar("work", "Work"))
    reader.publish("anna", "work", BusyTime(slot))

    An account is known by its user name at a CalDAV server, and by its user id where a grant leads in.

    Args:
        sign_in: who checks grants; without one they are taken as they are.
    """

    def __init__(self, sign_in: AccountReader | None = None) -> None:
        self._sign_in = sign_in
        self._accounts: dict[str, dict[str, RemoteCalendar]] = {}
        self._times: dict[tuple[str, str], tuple[BusyTime, ...] | CalendarProblem] = {}
        self._editions: dict[tuple[str, str], int] = {}
        self._entries: dict[tuple[str, str], dict[str, BusyTime]] = {}
        self._copies: dict[tuple[str, str], dict[BookingId, BusyTime]] = {}
        self._silent: set[str | tuple[str, str]] = set()
        self.asked: list[tuple[str, str]] = []
        """The account and the calendar of each query, in order."""

    def hold(self, account: str, *calendars: RemoteCalendar) -> None:
        """Let an account hold these calendars, and no others."""
        self._accounts[account] = {each.id: each for each in calendars}

    def publish(self, account: str, remote_id: str, *times: BusyTime) -> None:
        self._set(account, remote_id, times)

    def holds(self, account: str, remote_id: str) -> tuple[BusyTime, ...]:
        """What was published last."""
        found = self._times.get((account, remote_id), ())
        return found if isinstance(found, tuple) else ()

    def fail(self, account: str, remote_id: str, problem: CalendarProblem) -> None:
        self._set(account, remote_id, problem)

    def hold_entry(self, account: str, remote_id: str, entry_id: str, slot: Slot | None) -> None:
        """Let a calendar hold an entry there, as whoever writes it says; None takes it away."""
        held = self._entries.setdefault((account, remote_id), {})
        if slot is None:
            held.pop(entry_id, None)
        else:
            held[entry_id] = BusyTime(slot)
        self._editions[account, remote_id] = self._editions.get((account, remote_id), 0) + 1

    def hold_copy(self, account: str, remote_id: str, booking_id: BookingId, slot: Slot) -> None:
        """Let a calendar hold a copy of the invitation to a booking, as a mail program puts it there."""
        self._copies.setdefault((account, remote_id), {})[booking_id] = BusyTime(slot)
        self._editions[account, remote_id] = self._editions.get((account, remote_id), 0) + 1

    async def place(self, access: CalendarAccess, remote_id: str) -> tuple[str, str]:
        """The account that the access leads into, and its calendar. Raises CalendarUnreadable."""
        account, calendars = await self._account(access)
        if remote_id not in calendars:
            raise CalendarUnreadable(CalendarGone())
        return account, remote_id

    def lock_out(self, account: str) -> None:
        """Let the account's password or grant be refused."""
        self._accounts.pop(account, None)

    def fall_silent(self, account: str, remote_id: str | None = None) -> None:
        """Let no call about this account ever be answered, or nobody who asks about one of its calendars."""
        self._silent.add(account if remote_id is None else (account, remote_id))

    async def calendars(self, access: CalendarAccess, /) -> tuple[RemoteCalendar, ...]:
        return tuple((await self._account(access))[1].values())

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        account, calendars = await self._account(access)
        times = self._busy(account, calendars, query)
        now_seen = LastSeen(Validators(etag=f"{self._editions.get((account, query.remote_id), 0)}"))
        if query.seen == now_seen:
            return CalendarUnchanged(now_seen)
        return CalendarRead(Reading(query.span, times), now_seen)

    async def ask(self, access: CalendarAccess, queries: Sequence[ReadingQuery], answered: Answered, /) -> None:
        account, calendars = await self._account(access)
        for number, query in enumerate(queries):
            if (account, query.remote_id) in self._silent:
                continue
            try:
                answered(number, self._busy(account, calendars, query))
            except CalendarUnreadable as unreadable:
                answered(number, unreadable)
        if any((account, each.remote_id) in self._silent for each in queries):
            await asyncio.get_running_loop().create_future()

    def _busy(self, account: str, calendars: dict[str, RemoteCalendar], query: ReadingQuery) -> tuple[BusyTime, ...]:
        self.asked.append((account, query.remote_id))
        if query.remote_id not in calendars:
            raise CalendarUnreadable(CalendarGone())
        found = self._times.get((account, query.remote_id), ())
        if not isinstance(found, tuple):
            raise CalendarUnreadable(found)
        entries = self._entries.get((account, query.remote_id), {})
        others = (left for id_, time in entries.items() for left in beside(time, query.ours.get(id_, ())))
        copies = self._copies.get((account, query.remote_id), {})
        guests = (time for booking_id, time in copies.items() if booking_id not in query.invited)
        return tuple(each for each in (*found, *others, *guests) if each.slot.overlaps(query.span))

    async def _account(self, access: CalendarAccess) -> tuple[str, dict[str, RemoteCalendar]]:
        match access:
            case CaldavLogin():
                name, refused = access.username, PasswordRefused()
            case SignedIn(grant):
                account = await self._sign_in.account(grant) if self._sign_in else grant.account
                name, refused = (account.user_id if account else grant.refresh_token), SignInEnded()
            case FeedAddress():
                raise TypeError("A feed has no accounts.")
        if name in self._silent:
            await asyncio.get_running_loop().create_future()
        if name not in self._accounts:
            raise CalendarUnreadable(refused)
        return name, self._accounts[name]

    def _set(self, account: str, remote_id: str, what: tuple[BusyTime, ...] | CalendarProblem) -> None:
        place = account, remote_id
        self._times[place] = what
        self._editions[place] = self._editions.get(place, 0) + 1
