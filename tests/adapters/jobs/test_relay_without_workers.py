"""With no worker anywhere, however long, the broker holds no more messages than there are due jobs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.jobs.broker import make_broker
from adapters.jobs.job_broker import JobBroker, apart
from adapters.jobs.relay import Relay
from application.jobs import CreateMeetingJob, Due
from application.ports.outbox import Backlog, Lease
from domain.ids import BookingId
from entrypoints.supervise import kept_running
from tests.support.postgres import StoreInPostgres
from tests.support.processes import PATIENCE, redis_running

A_SHORT_LEASE = timedelta(milliseconds=1)
JOBS = 30
LEASES = 10


class CountedBacklog:
    """Lets a test wait until it has been looked through so often."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog
        self.looks = 0
        self.looked = asyncio.Event()

    async def lease(self, limit: int, duration: timedelta, waiting: int = 0) -> list[Lease]:
        leases = await self._backlog.lease(limit, duration, waiting)
        self.looks += 1
        self.looked.set()
        return leases

    async def next_due_at(self) -> datetime | None:
        return await self._backlog.next_due_at()

    async def not_taken_since(self) -> datetime | None:
        return await self._backlog.not_taken_since()

    async def look(self, relay: Relay, times: int) -> None:
        last = self.looks + times
        while self.looks < last:
            self.looked.clear()
            relay.look()
            await self.looked.wait()


@pytest.fixture
async def broker_url(tmp_path: Path) -> AsyncGenerator[str]:
    async with redis_running(tmp_path) as url:
        yield url


@pytest.mark.redis
async def test_messages_stay_below_the_jobs_over_ten_leases(postgres_store: StoreInPostgres, broker_url: str) -> None:
    async with relaying(broker_url, postgres_store) as (broker, relay, backlog):
        await backlog.look(relay, LEASES)

        assert JOBS == await apart(broker.waiting)


@pytest.mark.redis
async def test_what_a_flushed_broker_has_lost_is_sent_again(postgres_store: StoreInPostgres, broker_url: str) -> None:
    async with relaying(broker_url, postgres_store) as (broker, relay, backlog):
        await backlog.look(relay, 2)
        await apart(broker.flush_all)

        async with asyncio.timeout(PATIENCE):
            while await apart(broker.waiting) != JOBS:
                await backlog.look(relay, 1)


@asynccontextmanager
async def relaying(url: str, store: StoreInPostgres) -> AsyncGenerator[tuple[JobBroker, Relay, CountedBacklog]]:
    """A relay whose leases end at once, and jobs that are due."""
    async with store.begin() as uow:
        uow.outbox.enqueue(*(Due(CreateMeetingJob(BookingId(f"b{n}")), datetime.now(UTC)) for n in range(JOBS)))
    broker = make_broker(url)
    relay, backlog = Relay(broker, A_SHORT_LEASE), CountedBacklog(store.backlog)
    async with kept_running("relay", lambda: relay.run(backlog)):
        yield broker, relay, backlog
    broker.close()
