"""A missing worker is noticed, although relays go on leasing what nobody takes."""

from datetime import UTC, datetime, timedelta

import dramatiq
from structlog.testing import capture_logs

from adapters.jobs.broker import make_broker
from application.jobs import CreateMeetingJob, Due
from domain.ids import BookingId
from entrypoints.health import readiness
from entrypoints.stopping import Leaving
from entrypoints.work_watch import WorkWatch
from tests.support.postgres import StoreInPostgres

A_MINUTE = timedelta(minutes=1)


async def leased_to_nobody(store: StoreInPostgres) -> None:
    """Work that was due two minutes ago, and was given to a broker from which nobody takes it."""
    async with store.begin() as uow:
        uow.outbox.enqueue(Due(CreateMeetingJob(BookingId("b1")), datetime.now(UTC) - 2 * A_MINUTE))
    await store.backlog.lease(10, A_MINUTE)


async def test_it_is_warned_of_once_until_somebody_takes_work_again(postgres_store: StoreInPostgres) -> None:
    watch = WorkWatch(postgres_store.backlog)
    await leased_to_nobody(postgres_store)

    with capture_logs() as logs:
        await watch.look()
        await watch.look()
        async with postgres_store.begin() as uow:
            uow.outbox.cancel(CreateMeetingJob(BookingId("b1")))
        await watch.look()
        await leased_to_nobody(postgres_store)
        await watch.look()

    assert ["work_not_taken", "work_taken_again", "work_not_taken"] == [each["event"] for each in logs]


async def test_readiness_names_it(postgres_store: StoreInPostgres) -> None:
    broker: dramatiq.Broker = make_broker(None)
    is_ready = readiness(postgres_store.pool, broker, Leaving())
    assert "ok" == (await is_ready())["worker"]

    await leased_to_nobody(postgres_store)

    assert (await is_ready())["worker"].startswith("work has been waiting since ")
