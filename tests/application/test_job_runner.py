"""How a job is run: what came of a call is stored, whatever else goes on in the store."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from adapters.memory.store import MemoryStore
from application.job_runner import (
    RECORDING_TRIES,
    STARTING_TRIES,
    Done,
    JobRunner,
    Outside,
    Record,
    Step,
    recorded,
)
from application.jobs import Due, MailAccountJob
from application.ports.conflicts import Busy
from application.ports.unit_of_work import UnitOfWork
from tests.support.store import keep

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class BusyStore:
    """Its units fail so many times, after so many that don't."""

    def __init__(self, times: int, after: int = 1) -> None:
        self.store = MemoryStore()
        self.calls = 0
        self._units = 0
        self._times = times
        self._after = after

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[UnitOfWork]:
        self._units += 1
        async with self.store.begin() as uow:
            yield uow
            if self._after < self._units <= self._after + self._times:
                raise Busy

    async def runs(self) -> None:
        await keep(self.store, Due(MailAccountJob("mail-1"), LONG_AGO))
        [lease] = await self.store.backlog.lease(1, timedelta(hours=1))
        await JobRunner(self.begin, {MailAccountJob: self._handler})(lease)

    async def _handler(self, _uow: UnitOfWork, _job: MailAccountJob, _attempts: int, /) -> Outside:
        return Outside(self._call)

    async def _call(self) -> Record:
        self.calls += 1
        return recorded(Done())


async def test_what_came_of_a_call_is_stored_once_the_store_has_time_for_it() -> None:
    busy = BusyStore(RECORDING_TRIES - 1)

    await busy.runs()

    assert 1 == busy.calls
    assert await busy.store.backlog.next_due_at() is None


async def test_a_job_that_loses_a_deadlock_at_its_start_is_started_again() -> None:
    busy = BusyStore(STARTING_TRIES - 1, after=0)

    await busy.runs()

    assert 1 == busy.calls
    assert await busy.store.backlog.next_due_at() is None


async def test_a_job_that_never_gets_to_start_makes_no_call() -> None:
    busy = BusyStore(STARTING_TRIES, after=0)

    with pytest.raises(Busy):
        await busy.runs()

    assert 0 == busy.calls
    assert await busy.store.backlog.next_due_at() is not None


async def test_a_store_that_stays_busy_ends_the_job_until_its_lease_is_over() -> None:
    busy = BusyStore(RECORDING_TRIES)

    with pytest.raises(Busy):
        await busy.runs()

    assert await busy.store.backlog.next_due_at() is not None


async def test_a_job_that_calls_several_times_is_complete_with_the_last() -> None:
    store, owed = MemoryStore(), list[bool]()
    await keep(store, Due(MailAccountJob("mail-1"), LONG_AGO))
    [lease] = await store.backlog.lease(1, timedelta(hours=1))

    async def call() -> Record:
        return onward

    async def onward(_uow: UnitOfWork) -> Step:
        owed.append(await store.backlog.next_due_at() is not None)
        return Done() if len(owed) == 3 else Outside(call)

    async def handler(uow: UnitOfWork, _job: MailAccountJob, _attempts: int, /) -> Step:
        return await onward(uow)

    await JobRunner(store.begin, {MailAccountJob: handler})(lease)

    assert [True, True, True] == owed
    assert await store.backlog.next_due_at() is None
