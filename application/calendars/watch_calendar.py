"""Have the provider tell of changes in a calendar."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import msgspec

from application.calendars.end_watches import EndWatches
from application.calendars.use_account import UseCalendarAccount
from application.effects import calendars_outdated, carry_out
from application.job_runner import Again, Backoff, Done, Outcome, Outside, Record, Step, apart, recorded
from application.jobs import WatchCalendarJob
from application.ports.calendar_reader import CalendarUnreadable
from application.ports.calendar_watcher import CalendarWatcher, NewWatch, Watch, WatchGone, WatchRefused, WatchRenewer
from application.ports.clock import Clock, Ids
from application.ports.unit_of_work import UnitOfWork
from domain.calendar import Calendar, CalendarConnection, CalendarKind
from domain.calendar_problem import CalendarAccountProblem
from domain.calendar_watch import CalendarWatch
from domain.ids import WatchId

REFUSED_FOR = timedelta(days=1)
"""How long a refused watch isn't asked for again: an address becomes the operator's own by a deed of theirs."""


class NoticeAddress(msgspec.Struct, frozen=True):
    """Where a provider sends its notices, and what it has to say about the watch itself."""

    changes: str
    lifecycle: str


class _Task(msgspec.Struct, frozen=True):
    """A calendar to be watched; `watch` is to be asked for or renewed, and takes the place of `old`."""

    calendar: Calendar
    connection: CalendarConnection
    watch: CalendarWatch
    old: tuple[CalendarWatch, ...] = ()


@dataclass(frozen=True)
class WatchCalendar:
    """Keep a watch of a calendar that blocks a page: renewed at half of its life, each time followed by a reading.

    Where the provider prolongs nothing, the next watch begins before the one before it ends. What can't be watched is
    polled.
    """

    use_account: UseCalendarAccount
    watchers: Mapping[CalendarKind, CalendarWatcher]
    renewers: Mapping[CalendarKind, WatchRenewer]
    addresses: Mapping[CalendarKind, NoticeAddress]
    end_watches: EndWatches
    clock: Clock
    ids: Ids
    backoff: Backoff

    def can_watch(self, kind: CalendarKind) -> bool:
        return kind in self.watchers and kind in self.addresses

    async def __call__(self, _uow: UnitOfWork, job: WatchCalendarJob, attempts: int, /) -> Outside:
        return apart(partial(self._look, job=job, attempts=attempts))

    async def _look(self, uow: UnitOfWork, job: WatchCalendarJob, attempts: int) -> Step:
        stored = await uow.calendars.lock(job.calendar_id)
        if stored is None or not self.can_watch(stored.calendar.kind):
            return Done()
        calendar, now = stored.calendar, self.clock()
        connection = await uow.calendar_connections.get(calendar.host_id, calendar.connection_id)
        watches = await uow.calendar_watches.of_calendar(calendar.id)
        is_wanted = connection is not None and await uow.calendars.horizon(calendar.id) > 0
        if connection is None or connection.problem is not None or not is_wanted:
            uow.calendar_watches.remove(*(each.id for each in watches))
            return Done() if connection is None else Outside(partial(self._end, connection, watches))
        living = [each for each in watches if each.lives(now)]
        if living and now < living[-1].renewal_at:
            return Again(living[-1].renewal_at)
        uow.calendar_watches.remove(*(each.id for each in watches if each not in living))
        if living and calendar.kind in self.renewers:
            task = _Task(calendar, connection, living[-1])
            return Outside(partial(self._ask, task, partial(self._renew, task), attempts))
        watch, secret = CalendarWatch(WatchId(self.ids.new_id()), calendar.id, now), self.ids.new_token()
        uow.calendar_watches.add(watch, secret)
        task = _Task(calendar, connection, watch, tuple(living))
        return Outside(partial(self._ask, task, partial(self._begin, task, secret), attempts))

    async def _begin(self, task: _Task, secret: str) -> Watch:
        kind, address = task.calendar.kind, self.addresses[task.calendar.kind]
        new = NewWatch(task.watch.id, secret, address.changes, address.lifecycle)
        return await self.use_account.within(
            task.connection, lambda access: self.watchers[kind].watch(access, task.calendar.remote_id, new)
        )

    async def _renew(self, task: _Task) -> Watch:
        kind, known = task.calendar.kind, task.watch
        assert known.expires_at is not None
        watch = Watch(known.id, known.remote, known.expires_at)
        return await self.use_account.within(task.connection, lambda access: self.renewers[kind].renew(access, watch))

    async def _ask(self, task: _Task, call: Callable[[], Awaitable[Watch]], attempts: int) -> Record:
        try:
            granted = await call()
        except WatchRefused as refused:
            return partial(self._refused, task=task, reason=refused.reason)
        except WatchGone:
            return partial(self._gone, task=task)
        except CalendarUnreadable as unreadable:
            return partial(self._failed, task=task, unreadable=unreadable, attempts=attempts)
        await self._end(task.connection, task.old)
        return partial(self._granted, task=task, granted=granted)

    async def _granted(self, uow: UnitOfWork, task: _Task, granted: Watch) -> Outcome:
        now = self.clock()
        watch = task.watch.was_granted(granted.remote, granted.expires_at, now)
        uow.calendar_watches.save(watch)
        uow.calendar_watches.remove(*(each.id for each in task.old))
        # What has changed until now was told to nobody.
        carry_out(uow, calendars_outdated((task.calendar.id,), now))
        return Again(watch.renewal_at)

    async def _refused(self, uow: UnitOfWork, task: _Task, reason: str) -> Outcome:
        uow.calendar_watches.save(task.watch.was_refused(reason))
        return Again(self.clock() + REFUSED_FOR)

    async def _gone(self, uow: UnitOfWork, task: _Task) -> Outcome:
        uow.calendar_watches.remove(task.watch.id)
        return Again(self.clock())

    async def _failed(self, uow: UnitOfWork, task: _Task, unreadable: CalendarUnreadable, attempts: int) -> Outcome:
        if isinstance(unreadable.problem, CalendarAccountProblem):
            # The next reading says so to the host; connecting again begins anew.
            uow.calendar_watches.remove(task.watch.id)
            return Done()
        # By plan: the calendar's readings go on, and tell how it fares.
        return Again(self.backoff(attempts, wish=unreadable.not_before).at)

    async def _end(self, connection: CalendarConnection, watches: Sequence[CalendarWatch]) -> Record:
        if watches:
            with suppress(CalendarUnreadable):
                await self.use_account.within(
                    connection, lambda access: self.end_watches(connection.kind, access, watches)
                )
        return recorded(Done())
