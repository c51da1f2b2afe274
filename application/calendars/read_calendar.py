"""Read a calendar: in the background again and again, and at once where somebody asks."""

import asyncio
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import msgspec

from application.actor import HostActor
from application.calendars.close_account import close_account, leave_alone, wish_of
from application.calendars.find_overlaps import FindOverlaps
from application.calendars.look_after_entries import (
    EntriesNoted,
    LookAfterEntries,
    Seen,
    entries_in,
    invited_by,
    is_being_written,
    is_one_moved_in,
    ours_in,
    slots_of,
)
from application.calendars.note_trouble import note_calendar_trouble
from application.calendars.timings import CalendarTimings
from application.calendars.use_account import UseCalendarAccount
from application.effects import calendars_outdated, carry_out, watch_lacking
from application.job_runner import Again, Done, Outcome, Outside, Record
from application.jobs import ReadCalendarJob
from application.ports.booking_search import BookedEntry
from application.ports.calendar_reader import (
    NOTHING_SEEN,
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    LastSeen,
    ReadingQuery,
)
from application.ports.calendars import HostCalendars, StoredCalendar
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.budgets import CALENDARS_READ_AT_ONCE, EARLY_CALENDAR_READINGS
from domain.calendar import Calendar, CalendarConnection, CalendarKind
from domain.calendar_problem import CalendarAccountProblem, ServerTooSlow
from domain.errors import NotFound
from domain.host import Host
from domain.ids import BookingId, CalendarConnectionId, CalendarId
from domain.retry import SPREAD, next_try_at
from domain.slot import Slot

BEFORE = timedelta(days=2)
"""What is read of the past: an event that goes on, in any time zone."""

BEYOND = timedelta(days=9)
"""What is read beyond the furthest page's horizon, so that a day's passing needs no new reading."""

STILL_BEYOND = timedelta(days=2)
"""What has to be left of that for a reading to go on counting: meetings and buffers reach beyond their start."""

LONGEST_POLL = timedelta(days=1)
"""A calendar that wants to be read less often than that is read as often all the same."""

LEAST_AHEAD = timedelta(days=62)

SELDOM = 5
"""A calendar that no page uses is read so many times as seldom: nobody looks at what it says."""

BESIDE_PUSH = 10
"""The same for a calendar whose changes are told: notices get lost now and then."""

BUDGET_ANEW = timedelta(seconds=20)
"""When a reading is tried again for which its connection's budget had no room."""

WHOLE_EVERY = timedelta(days=1)
"""How often a calendar is read as if nothing were known: not every server says rightly that nothing has changed."""

LONGEST = timedelta(seconds=30)
"""For one reading with all that is asked for it, before the worker gives up on it and nobody is told."""

SOON = timedelta(seconds=30)
"""When a reading that lost much is repeated."""


MOST_READ_AT_ONCE = 4
"""So many calendars of one account are read at a time: Microsoft serves no more to one mailbox."""


Answer = CalendarRead | CalendarUnchanged | CalendarUnreadable


class _Task(msgspec.Struct, frozen=True):
    """What a reading needs to know, as it was before; only one in so many polls takes place."""

    stored: StoredCalendar
    connection: CalendarConnection
    host: Host
    span: Slot
    one_in: int
    entries: tuple[BookedEntry, ...]
    invited: frozenset[BookingId]


class _Found(msgspec.Struct, frozen=True):
    """What the account said when it was asked; `seen` is None where it wasn't asked about entries."""

    answer: Answer
    asked_at: datetime
    seen: Seen | None = None


@dataclass(frozen=True)
class ReadCalendar:
    """Read one calendar and keep what was found; a reading that fails never replaces a good one.

    A provider that wants to be left alone is asked about none of the account's calendars until then.
    """

    use_account: UseCalendarAccount
    entries: LookAfterEntries
    find_overlaps: FindOverlaps
    clock: Clock
    jitter: Callable[[], float]
    timings: CalendarTimings
    spend: SpendBudget
    pushing: Container[CalendarKind]
    """The kinds whose changes are told where they are watched."""

    async def __call__(self, uow: UnitOfWork, job: ReadCalendarJob, _attempts: int, /) -> Outcome | Outside:
        task = await self._task(uow, job.calendar_id)
        if task is None:
            return Done()
        later = await self._not_yet(uow, task)
        return Outside(partial(self._call, task)) if later is None else Again(later)

    async def _not_yet(self, uow: UnitOfWork, task: _Task) -> datetime | None:
        """When the reading is to be tried, where that isn't now."""
        now, calendar = self.clock(), task.stored.calendar
        if task.connection.left_alone_until is not None and task.connection.is_left_alone(now):
            return task.connection.left_alone_until + SPREAD * self.jitter()
        is_early = calendar.read_at is not None and now < calendar.read_at + self.timings.poll(calendar.kind) / 2
        if is_early and not await self.spend.fits_within(uow, EARLY_CALENDAR_READINGS.of(task.connection.id)):
            return now + BUDGET_ANEW * (1 + self.jitter())
        return None

    async def at_once(self, begin: Begin, calendar_id: CalendarId) -> None:
        """Read the calendar while somebody waits, unless its provider wants to be left alone."""
        async with begin() as uow:
            task = await self._task(uow, calendar_id)
        if task is not None and not task.connection.is_left_alone(self.clock()):
            found = await self._ask(task)
            async with begin() as uow:
                await self._keep(uow, task, found)

    async def _task(self, uow: UnitOfWork, calendar_id: CalendarId) -> _Task | None:
        """What is to be read; None where it is gone, or the account lets nobody in until it is connected again."""
        stored = await uow.calendars.get(calendar_id)
        host = await uow.hosts.get(stored.calendar.host_id) if stored else None
        if stored is None or host is None:
            return None
        connection = await uow.calendar_connections.get(host.id, stored.calendar.connection_id)
        if connection is None or connection.problem is not None:
            return None
        horizon = await uow.calendars.horizon(calendar_id)
        entries = await entries_in(uow, calendar_id, self.clock())
        invited = await invited_by(uow, host.id, self.clock())
        is_used = horizon > 0 or bool(entries)
        is_watched = await self._is_watched(uow, stored.calendar, is_used=is_used)
        ahead = max(timedelta(days=horizon), LEAST_AHEAD)
        one_in = BESIDE_PUSH if is_watched else 1 if is_used else SELDOM
        return _Task(stored, connection, host, span_of(self.clock(), ahead), one_in, entries, invited)

    async def _is_watched(self, uow: UnitOfWork, calendar: Calendar, *, is_used: bool) -> bool:
        """Whether changes are told; where that can be and nobody has asked for it yet, it is asked for."""
        if calendar.kind not in self.pushing:
            return False
        watches, now = await uow.calendar_watches.of_calendar(calendar.id), self.clock()
        if is_used and not watches:
            carry_out(uow, watch_lacking(calendar.id, now))
        return any(each.lives(now) for each in watches)

    async def _call(self, task: _Task) -> Record:
        return partial(self._recorded, task=task, found=await self._ask(task))

    async def _ask(self, task: _Task) -> _Found:
        asked_at = self.clock()
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                return await self._asked(task, asked_at)
        except TimeoutError:
            return _Found(CalendarUnreadable(ServerTooSlow()), asked_at)

    async def _asked(self, task: _Task, asked_at: datetime) -> _Found:
        calendar = task.stored.calendar
        is_covered = calendar.read_until is not None and calendar.read_until >= task.span.end - BEYOND + STILL_BEYOND
        is_recent = calendar.read_whole_at is not None and asked_at < calendar.read_whole_at + WHOLE_EVERY
        is_same = is_covered and not calendar.is_doubted and calendar.host_timezone == task.host.timezone
        seen = task.stored.seen if is_recent and is_same else NOTHING_SEEN
        query = query_of(calendar, task.host, task.connection, task.span, seen, task.entries, task.invited)
        try:
            answer = await self.use_account(task.connection, lambda reader, access: reader.read(access, query))
        except CalendarUnreadable as unreadable:
            return _Found(unreadable, asked_at)
        is_missed = any(each.entry.missing_since for each in task.entries)
        # A digest is of busy times, to which entries don't belong.
        if isinstance(answer, CalendarUnchanged) and not is_missed and not answer.seen.digest:
            return _Found(answer, asked_at)
        return _Found(answer, asked_at, await self.entries.look(task.connection, calendar, task.entries))

    async def _recorded(self, uow: UnitOfWork, task: _Task, found: _Found) -> Outcome:
        kept = await self._keep(uow, task, found)
        if kept is None:
            return Done()
        calendar, noted = kept
        at = self._next(calendar, task.one_in)
        if noted.look_again_at is not None:
            at = min(at, noted.look_again_at)
        wish = wish_of(found.answer, now=self.clock())
        return Again(max(at, wish) if wish else at)

    async def _keep(self, uow: UnitOfWork, task: _Task, found: _Found) -> tuple[Calendar, EntriesNoted] | None:
        """Store what came of a reading; None where the calendar is gone meanwhile, or was connected anew."""
        answer = found.answer
        if isinstance(answer, CalendarUnreadable) and isinstance(answer.problem, CalendarAccountProblem):
            await close_account(uow, task.connection, answer.problem, self.clock())
            return None
        if (wish := wish_of(answer, now=self.clock())) is not None:
            await leave_alone(uow, task.connection, wish)
        stored = await uow.calendars.lock(task.stored.calendar.id)
        if stored is None or stored.calendar.connection_id != task.connection.id:
            return None
        grace = self.timings.grace_of(stored.calendar.kind)
        is_read = isinstance(answer, CalendarRead)
        is_overtaken = is_read and await self._is_overtaken(uow, task, found)
        noted = EntriesNoted(is_one_moved_in(task.entries))
        if found.seen is not None:
            noted = await self.entries.note(uow, task.stored.calendar, task.entries, found.seen)
        if is_read and await self._was_booked(uow, task):
            is_overtaken, noted = True, noted.to_be_seen_again(self.clock() + SOON)
        after = stored
        if not isinstance(answer, CalendarUnchanged) or stored.seen == task.stored.seen:
            # Otherwise it is as it was before what has been kept meanwhile.
            after = after_answer(stored, task.host, answer, found.asked_at, grace)
        if not isinstance(answer, CalendarUnreadable):
            self.entries.try_stuck(uow, task.connection, stored.calendar, task.entries)
        if noted.is_one_moved or is_overtaken:
            # The host is busy where an entry was moved until that is decided, which may change nothing in the calendar;
            # nor may it change again after an edit that went unnoticed.
            after = msgspec.structs.replace(after, seen=NOTHING_SEEN)
        uow.calendars.save(after)
        if not after.calendar.is_doubted:
            await self.find_overlaps.after_reading(uow, stored, after)
        await note_calendar_trouble(uow, task.connection, stored.calendar, after.calendar, self.clock())
        return after.calendar, noted

    async def _was_booked(self, uow: UnitOfWork, task: _Task) -> bool:
        """Whether the host was booked meanwhile: a copy of the invitation may have been taken for somebody else's."""
        return not await invited_by(uow, task.host.id, self.clock()) <= task.invited

    async def _is_overtaken(self, uow: UnitOfWork, task: _Task, found: _Found) -> bool:
        """Whether a host's edit may have gone unnoticed: entries were written meanwhile, or couldn't be looked at."""
        if found.seen is None or is_being_written(task.entries):
            return True
        return await entries_in(uow, task.stored.calendar.id, self.clock()) != task.entries

    def _next(self, calendar: Calendar, one_in: int) -> datetime:
        now, poll = self.clock(), self.timings.poll(calendar.kind)
        wished = min(calendar.refresh_every or poll, LONGEST_POLL)
        # The last reading has to count until the next one.
        poll = max(poll, min(max(one_in * poll, wished), self.timings.grace_of(calendar.kind) / 2))
        if calendar.is_doubted:
            return now + SOON
        if calendar.failures:
            return min(next_try_at(calendar.failures, now, jitter=self.jitter()), now + poll)
        # Spread, so that calendars that were connected together don't stay together.
        return now + poll * (0.9 + 0.2 * self.jitter())


class ReadNow(msgspec.Struct, frozen=True):
    """A calendar after a reading at once; before `left_alone_until` its provider wants to be asked nothing."""

    calendar: Calendar
    left_alone_until: datetime | None


@dataclass(frozen=True)
class ReadCalendarNow:
    """Read a calendar at once, for a host who waits."""

    begin: Begin
    views: HostCalendars
    read: ReadCalendar
    spend: SpendBudget

    async def __call__(self, actor: HostActor, calendar_id: CalendarId) -> ReadNow:
        """Return the calendar as it is afterwards. Raises Forbidden, NotFound or TooManyRequests."""
        host_id = actor.require("account:write")
        async with self.begin() as uow:
            before = await uow.calendars.get(calendar_id)
        if before is None or before.calendar.host_id != host_id:
            raise NotFound("calendar")
        await self.spend(CALENDARS_READ_AT_ONCE.of(host_id))
        await self.read.at_once(self.begin, calendar_id)
        async with self.begin() as uow:
            after = await uow.calendars.get(calendar_id)
            connection = await uow.calendar_connections.get(host_id, before.calendar.connection_id)
        if after is None or connection is None:
            raise NotFound("calendar")
        is_left_alone = connection.is_left_alone(self.read.clock())
        return ReadNow(after.calendar, connection.left_alone_until if is_left_alone else None)

    async def all_of(self, actor: HostActor, connection_id: CalendarConnectionId) -> None:
        """Read all calendars of a connection; what takes too long is owed.

        Raises Forbidden, NotFound or TooManyRequests.
        """
        host_id = actor.require("account:write")
        calendars = [each for each in await self.views.calendars(host_id) if each.connection_id == connection_id]
        if not calendars:
            raise NotFound("calendar-connection")
        await self.spend(CALENDARS_READ_AT_ONCE.of(host_id))
        left, places = {each.id for each in calendars}, asyncio.Semaphore(MOST_READ_AT_ONCE)

        async def read(calendar_id: CalendarId) -> None:
            async with places:
                await self.read.at_once(self.begin, calendar_id)
            left.discard(calendar_id)

        try:
            async with asyncio.timeout(self.read.timings.host_waits.total_seconds()):
                await asyncio.gather(*(read(each.id) for each in calendars))
        except TimeoutError:
            async with self.begin() as uow:
                for each in sorted(left):
                    if (stored := await uow.calendars.lock(each)) is not None:
                        uow.calendars.save(msgspec.structs.replace(stored, calendar=stored.calendar.is_read_later()))
                        carry_out(uow, calendars_outdated((each,), self.read.clock()))


def after_answer(
    stored: StoredCalendar, host: Host, answer: Answer, asked_at: datetime, grace: timedelta
) -> StoredCalendar:
    """What becomes of a calendar by what came of reading it; a failed reading leaves the last one in place.

    Args:
        asked_at: when the calendar was asked: what was changed afterwards may be missing from the answer, however late
            that came. One that was asked for before the last reading tells nothing new.
    """
    calendar = stored.calendar
    if calendar.read_at is not None and asked_at < calendar.read_at:
        return stored
    match answer:
        case CalendarUnreadable():
            return msgspec.structs.replace(stored, calendar=calendar.could_not_be_read(answer.problem, asked_at))
        case CalendarUnchanged(seen):
            return StoredCalendar(calendar.is_unchanged(asked_at, grace), stored.times, seen)
        case CalendarRead(reading, seen):
            after = calendar.was_read(reading, stored.times, host.timezone, asked_at, grace)
            if after.is_doubted:
                return msgspec.structs.replace(stored, calendar=after)
            return StoredCalendar(after, reading.times, seen)


def query_of(
    calendar: Calendar,
    host: Host,
    connection: CalendarConnection,
    span: Slot,
    seen: LastSeen = NOTHING_SEEN,
    entries: tuple[BookedEntry, ...] = (),
    invited: frozenset[BookingId] = frozenset(),
) -> ReadingQuery:
    """What is asked about a calendar; its owner is known by the host's address and by the account's."""
    owners = frozenset({host.email.lower(), connection.account.lower()})
    return ReadingQuery(
        calendar.remote_id,
        span,
        host.timezone,
        owners,
        seen,
        calendar.rules_apply,
        ours=ours_in(entries),
        entry_slots=slots_of(entries),
        host_id=host.id,
        invited=invited,
    )


def span_of(now: datetime, ahead: timedelta) -> Slot:
    """What is read of a calendar whose furthest page looks so far ahead."""
    return Slot(now - BEFORE, now + ahead + BEYOND)
